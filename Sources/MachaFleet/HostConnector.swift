// SPDX-License-Identifier: MIT
package import MachaInventory
package import MachaModel
package import SSH
import Synchronization

import func Foundation.NSUserName

/// The way to every host: its transport, the jump hosts on the way, the keys on both sides.
///
/// Lives as long as the process and is shared by all that talk to hosts. A host has one connection, used by whoever asks;
/// jump hosts have one for all hosts behind them. Key files and `known_hosts` are read when they are first needed and again
/// when they change; a connection that rests on a file that has changed is not used for another command.
package final class HostConnector: Sendable {
    /// How long an idle connection is kept.
    package enum Keeping: Sendable {
        /// It is closed as soon as the last user gives it back: for a command that ends soon.
        case untilGivenBack
        /// It stays open for the next user. Its owner sends a keepalive when it was silent for `keepalive` and
        /// closes it when it was unused for `idle`: see ``HostConnector/tend()``.
        case open(keepalive: Duration = .seconds(30), idle: Duration = .seconds(900))
    }

    let agentSocket: String?
    let configuration: SSHConfiguration?
    let userName = NSUserName()
    private let timeouts: SSHTimeouts
    private let keeping: Keeping
    private let limits = LoginLimits()
    private let keys = FileCache<Result<PrivateKey, PrivateKey.Failure>>()
    private let publicKeys = FileCache<[UInt8]?>()
    private let known = FileCache<Result<KnownHosts, SSHError>>()
    private let revoked = FileCache<Result<RevokedKeys, SSHError>>()
    private let pool = Mutex<[FleetHost.ID: Kept]>([:])
    private let jumps = Mutex<[SSHTarget.Identity: Jump]>([:])

    private struct Kept {
        var endpoint: SSHEndpoint
        var transport: SSHTransport
        var users = 0
    }

    private struct Jump {
        var host: JumpHost
        var isCurrent: @Sendable () -> Bool
    }

    /// - Parameters:
    ///   - agentSocket: ssh-agent's (`SSH_AUTH_SOCK`); `nil` for none
    ///   - timeouts: limits of the stages of a connection, on each hop
    ///   - configuration: asked for what the inventory leaves open; `nil` asks nobody
    ///   - keeping: how long idle connections are kept
    package init(
        agentSocket: String?, timeouts: SSHTimeouts = SSHTimeouts(), configuration: SSHConfiguration? = nil,
        keeping: Keeping = .untilGivenBack
    ) {
        self.agentSocket = agentSocket
        self.timeouts = timeouts
        self.configuration = configuration
        self.keeping = keeping
    }

    /// The way to `host`, shared with all who ask for the same. Connects to nothing yet. Closing it gives the connection
    /// back; what then becomes of it, ``Keeping`` says. Throws when the way leads through the host itself.
    package func transport(to host: FleetHost) throws(ContactFailure) -> any Transport {
        guard case .ssh(let endpoint) = host.connection else { return LocalTransport(host: host.name) }
        guard !endpoint.hops.contains(where: { $0.name == host.name }) else {
            throw ContactFailure(
                .local, stage: .connect, delivery: .notSent, message: "\(host.name): jump hosts form a loop back to it",
                remedy: "check jump in the inventory")
        }
        return SharedTransport(self, host.name, endpoint)
    }

    /// Closes every connection, also those in use.
    package func close() async {
        let transports = pool.withLock { pool in
            defer { pool = [:] }
            return pool.values.map(\.transport)
        }
        for transport in transports { await transport.close() }
        let hosts = jumps.withLock { jumps in
            defer { jumps = [:] }
            return jumps.values.map(\.host)
        }
        for host in hosts { await host.close() }
    }

    /// Keeps what is open alive, notices links that broke in silence, and closes what nobody uses. Runs until the task is
    /// cancelled; a daemon runs it beside its work. Does nothing unless connections are kept open.
    package func tend() async {
        guard case .open(let keepalive, let idle) = keeping else { return }
        while !Task.isCancelled {
            await tendOnce(keepalive: keepalive, idle: idle)
            try? await Task.sleep(for: min(keepalive, idle) / 2)
        }
    }

    func tendOnce(keepalive: Duration, idle: Duration) async {
        let transports = pool.withLock { $0.values.map(\.transport) }
        await withTaskGroup(of: Void.self) { group in
            for transport in transports {
                group.addTask { await transport.tend(keepalive: keepalive, idle: idle) }
            }
        }
        for (key, jump) in jumps.withLock({ $0 }) {
            guard await jump.host.closeIdle(after: idle), !jump.isCurrent() else { continue }
            jumps.withLock { jumps in if jumps[key]?.host === jump.host { jumps[key] = nil } }
        }
    }

    // MARK: Connections

    /// The shared connection of a host, counted as used until ``giveBack(_:)``.
    func take(_ name: String, _ endpoint: SSHEndpoint) -> SSHTransport {
        pool.withLock { pool in
            // A host that has moved in the inventory gets a new connection; who uses the old one goes on with it.
            if let kept = pool[name], kept.endpoint == endpoint {
                pool[name]?.users += 1
                return kept.transport
            }
            let transport = makeTransport(name, endpoint)
            pool[name] = Kept(endpoint: endpoint, transport: transport, users: 1)
            return transport
        }
    }

    func giveBack(_ name: String, _ transport: SSHTransport) async {
        let isUnused = pool.withLock { pool in
            guard let kept = pool[name], kept.transport === transport else { return true }
            pool[name]?.users -= 1
            guard kept.users == 1, case .untilGivenBack = keeping else { return false }
            pool[name] = nil
            return true
        }
        if isUnused { await transport.close() }
    }

    private func makeTransport(_ name: String, _ endpoint: SSHEndpoint) -> SSHTransport {
        SSHTransport(name: name) { [weak self] () async throws(ContactFailure) in
            guard let self else {
                throw ContactFailure(
                    .local, stage: .connect, delivery: .notSent, message: "\(name): the controller is shutting down")
            }
            let route = try await self.route(name, endpoint)
            do throws(SSHError) {
                let session = try await self.limits.connect(
                    to: route.target, timeouts: self.timeouts, through: route.jump)
                return await SSHTransport.Link(session: session, isCurrent: route.isCurrent)
            } catch {
                throw ContactFailure(error)
            }
        }
    }

    /// The jump host at the end of `route`, shared by all who go through it.
    func jumpHost(_ route: SSHRoute) -> JumpHost {
        let key = SSHTarget.Identity(route.target, through: route.jump)
        return jumps.withLock { jumps in
            if let jump = jumps[key], jump.isCurrent() { return jump.host }
            let host = JumpHost(route.target) { [limits, timeouts] (target) async throws(SSHError) in
                try await limits.connect(to: target, timeouts: timeouts, through: route.jump)
            }
            jumps[key] = Jump(host: host, isCurrent: route.isCurrent)
            return host
        }
    }

    // MARK: Files

    func knownHosts(_ files: [String]) throws(ContactFailure) -> KnownHosts {
        let loaded = known.value(of: files) {
            Result { () throws(SSHError) in try KnownHosts.load(files: files) }
        }
        do throws(SSHError) {
            return try loaded.get()
        } catch {
            throw ContactFailure(error)
        }
    }

    func revokedKeys(_ files: [String]) throws(ContactFailure) -> RevokedKeys {
        let loaded = revoked.value(of: files) {
            Result { () throws(SSHError) in try RevokedKeys.load(files: files) }
        }
        do throws(SSHError) {
            return try loaded.get()
        } catch {
            throw ContactFailure(error)
        }
    }

    func credentials(_ login: SSHLogin) -> SSHCredentials {
        var credentials = SSHCredentials(agentSocket: login.agentSocket)
        credentials.identitiesOnly = login.identitiesOnly
        credentials.acceptedTypes = login.acceptedTypes
        for file in login.identityFiles {
            let publicKey = publicKeys.value(of: [file, file + ".pub"]) { PrivateKey.publicKey(path: file) }
            if let publicKey { credentials.preferred.append(publicKey) }
            if let reason = publicKey.flatMap({ HostKey($0) }).flatMap({ login.objection(to: $0) }) {
                credentials.unusable.append("\(file) \(reason)")
                continue
            }
            let loaded = keys.value(of: [file]) {
                Result { () throws(PrivateKey.Failure) in try PrivateKey.load(path: file) }
            }
            switch loaded {
            case .success(let key): credentials.keys.append(key)
            case .failure(let failure): credentials.unusable.append("\(failure.path) \(failure.reason)")
            }
        }
        return credentials
    }
}
