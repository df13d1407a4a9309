// SPDX-License-Identifier: MIT
package import MachaCore
package import SSH
import Synchronization

/// Makes the transport of each host, and reads every key and `known_hosts` file once for all of them.
package final class Reach: Sendable {
    private let agentSocket: String?
    private let timeouts: SSHTimeouts
    private let keys = Mutex<[String: Result<PrivateKey, PrivateKey.Failure>]>([:])
    private let known = Mutex<[[String]: Result<KnownHosts, SSHError>]>([:])

    /// `agentSocket` is ssh-agent's (`SSH_AUTH_SOCK`); `nil` for none.
    package init(agentSocket: String?, timeouts: SSHTimeouts = SSHTimeouts()) {
        self.agentSocket = agentSocket
        self.timeouts = timeouts
    }

    /// The way to `host`. Connects to nothing yet; throws what is wrong on this side.
    package func transport(to host: FleetHost) throws(ContactFailure) -> any Transport {
        switch host.connection {
        case .local: LocalTransport(host: host.name)
        case .ssh(let endpoint): SSHTransport(try target(host.name, endpoint), timeouts: timeouts)
        }
    }

    /// Where and how `endpoint` is reached, with its keys and the keys we trust. Reads files.
    package func target(_ name: String, _ endpoint: SSHEndpoint) throws(ContactFailure) -> SSHTarget {
        if let jump = endpoint.jump {
            throw ContactFailure(
                .local, stage: "connect",
                message: "\(name): reaching a host through another (jump: \(jump)) is not supported yet",
                remedy: "give the host an address the controller reaches by itself")
        }
        return SSHTarget(
            name: name, address: endpoint.address, port: endpoint.port, user: endpoint.user,
            knownHosts: try knownHosts(endpoint.knownHosts), credentials: credentials(endpoint.identityFiles))
    }

    private func knownHosts(_ files: [String]) throws(ContactFailure) -> KnownHosts {
        let loaded = known.withLock { known in
            if let loaded = known[files] { return loaded }
            let loaded = Result { () throws(SSHError) in try KnownHosts.load(files: files) }
            known[files] = loaded
            return loaded
        }
        do throws(SSHError) {
            return try loaded.get()
        } catch {
            throw ContactFailure(error)
        }
    }

    private func credentials(_ files: [String]) -> SSHCredentials {
        var credentials = SSHCredentials(agentSocket: agentSocket)
        for file in files {
            let loaded = keys.withLock { keys in
                if let loaded = keys[file] { return loaded }
                let loaded = Result { () throws(PrivateKey.Failure) in try PrivateKey.load(path: file) }
                keys[file] = loaded
                return loaded
            }
            switch loaded {
            case .success(let key): credentials.keys.append(key)
            case .failure(let failure): credentials.unusable.append("\(failure.path) \(failure.reason)")
            }
        }
        return credentials
    }
}
