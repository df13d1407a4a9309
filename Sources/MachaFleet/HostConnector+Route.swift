// SPDX-License-Identifier: MIT
import Foundation
package import MachaInventory
package import MachaModel
package import SSH

/// Where a host is, whom to trust there, how to log in, and through whom to go.
package struct SSHRoute: Sendable {
    package var target: SSHTarget
    package var jump: JumpHost?
    /// The user's file that takes new keys; `nil` when there is none.
    var trustFile: String?
    /// What ssh's configuration says and Macha does not do.
    package var notes: [String]
    /// Whether the files that it was made of are still the same.
    var isCurrent: @Sendable () -> Bool
}

extension HostConnector {
    /// Hops on one way, ours and those of ssh's configuration together.
    private static let mostHops = 8

    /// The way to `endpoint`. Reads files and may ask `ssh -G`; connects to nothing.
    package func route(_ name: String, _ endpoint: SSHEndpoint) async throws(ContactFailure) -> SSHRoute {
        try await route(try await login(name, endpoint), endpoint.hops, endpoint.jump, [name])
    }

    /// What ssh's configuration adds to the inventory, by the inventory's keys.
    package func saidBySSH(_ name: String, _ endpoint: SSHEndpoint) async throws(ContactFailure) -> [SSHSetting: String]
    {
        try await login(name, endpoint).fromSSH
    }

    /// What ssh's configuration says that has no effect here, or that Macha does not know.
    package func notes(_ name: String, _ endpoint: SSHEndpoint) async throws(ContactFailure) -> [String] {
        try await login(name, endpoint).notes
    }

    /// Whether ssh would hide the host's name in `known_hosts` (ssh_config(5), HashKnownHosts).
    func hashesNames(_ name: String, _ endpoint: SSHEndpoint) async throws(ContactFailure) -> Bool {
        try await configuration?.hashesNames(query(endpoint), for: name) ?? false
    }

    private func query(_ endpoint: SSHEndpoint) -> SSHConfiguration.Query {
        SSHConfiguration.Query(
            name: endpoint.address, user: endpoint.unset.contains(.user) ? nil : endpoint.user,
            port: endpoint.unset.contains(.port) ? nil : endpoint.port)
    }

    /// What counts for a login, before any file is read.
    func login(_ name: String, _ endpoint: SSHEndpoint) async throws(ContactFailure) -> SSHLogin {
        try await login(name, endpoint, knownHosts: KnownHostsFiles(endpoint))
    }

    private func login(
        _ name: String, _ endpoint: SSHEndpoint, knownHosts: KnownHostsFiles
    ) async throws(ContactFailure) -> SSHLogin {
        var login = SSHLogin(name, endpoint, knownHosts: knownHosts, agentSocket: agentSocket)
        guard let configuration, let said = try await configuration.answer(to: query(endpoint), for: name) else {
            return login
        }
        try login.fill(endpoint.unset, from: said, home: configuration.home) {
            FileManager.default.fileExists(atPath: $0)
        }
        return login
    }

    /// `hops` are fleet hosts on the way; `jump` is what the inventory names, fleet host or not. `chain` are the hosts whose
    /// way is being looked for, from the target on.
    private func route(
        _ login: SSHLogin, _ hops: [SSHHop], _ jump: String?, _ chain: [String]
    ) async throws(ContactFailure) -> SSHRoute {
        let previous: SSHRoute?
        if let hop = hops.last {
            let rest = Array(hops.dropLast())
            let login = try await self.login(hop.name, hop.endpoint)
            previous = try await route(login, rest, hop.endpoint.jump, try extended(chain, hop.name))
        } else if let jump {
            guard let address = JumpAddress(jump) else {
                throw ContactFailure(
                    .local, stage: .connect, delivery: .notSent,
                    message: "\(login.name): \(jump.quotedWord) is not a valid jump host",
                    remedy: "use a host of the inventory, an ssh alias, or user@host:port")
            }
            previous = try await route(through: [address], of: login, chain)
        } else {
            previous = try await route(through: login.jumps, of: login, chain)
        }
        return try finish(login, previous)
    }

    /// Through hosts that ssh knows, as ProxyJump names them: the last is nearest to the target, and only the first may have
    /// a ProxyJump of its own (ssh_config(5)).
    private func route(
        through jumps: [JumpAddress], of login: SSHLogin, _ chain: [String]
    ) async throws(ContactFailure) -> SSHRoute? {
        guard let jump = jumps.last else { return nil }
        let rest = Array(jumps.dropLast())
        var endpoint = SSHEndpoint(
            address: jump.host, port: jump.port ?? 22, user: jump.user ?? userName,
            identityFiles: login.identityFiles, knownHosts: login.knownHosts.read)
        endpoint.unset = SSHSetting.allCases.filter {
            !($0 == .user && jump.user != nil) && !($0 == .port && jump.port != nil) && !($0 == .jump && !rest.isEmpty)
        }
        var hop = try await self.login(jump.host, endpoint, knownHosts: login.knownHosts)
        if !rest.isEmpty { hop.jumps = rest }
        return try await route(hop, [], nil, try extended(chain, jump.host))
    }

    private func extended(_ chain: [String], _ name: String) throws(ContactFailure) -> [String] {
        let longer = chain + [name]
        guard !chain.contains(name), longer.count <= Self.mostHops + 1 else {
            throw ContactFailure(
                .local, stage: .connect, delivery: .notSent,
                message: "\(chain[0]): jump hosts form a loop: \(longer.joined(separator: " → "))",
                remedy: "check jump in the inventory and ProxyJump in ssh's configuration")
        }
        return longer
    }

    private func finish(_ login: SSHLogin, _ previous: SSHRoute?) throws(ContactFailure) -> SSHRoute {
        var target = SSHTarget(
            name: login.name, address: login.address, port: login.port, user: login.user,
            knownHosts: try knownHosts(login.knownHosts.read), credentials: credentials(login))
        target.knownHosts.revoked = try revokedKeys(login.revokedHostKeys)
        target.hostKeyAlias = login.hostKeyAlias
        target.checksAddress = login.checksAddress
        target.restrictions = login.restrictions
        let files = login.identityFiles + login.knownHosts.read + login.revokedHostKeys
        let stamps = files.map(FileStamp.init)
        let configured = configuration?.stamps
        let before = previous?.isCurrent
        return SSHRoute(
            target: target, jump: previous.map { jumpHost($0) }, trustFile: login.knownHosts.target, notes: login.notes,
            isCurrent: { [configuration] in
                (before?() ?? true) && files.map(FileStamp.init) == stamps && configuration?.stamps == configured
            })
    }
}

extension String {
    fileprivate var quotedWord: String { "'\(self)'" }
}
