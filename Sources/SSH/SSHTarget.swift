// SPDX-License-Identifier: MIT

/// Where to connect, whom to trust and how to log in.
package struct SSHTarget: Sendable {
    /// What messages call the host.
    package var name: String
    /// Host name or numeric address; also what `known_hosts` is asked for.
    package var address: String
    package var port: UInt16
    package var user: String
    package var knownHosts: KnownHosts
    package var credentials: SSHCredentials
    /// The name under which `known_hosts` has the host, whatever its address and port (ssh_config(5), HostKeyAlias).
    package var hostKeyAlias: String?

    /// What the user's configuration of ssh restricts.
    package var restrictions = SSHRestrictions()
    /// Whether a key on file for the host's numeric address must be the same (ssh_config(5), CheckHostIP).
    package var checksAddress = false

    /// What `known_hosts` is asked for. An alias stands there without a port, an address in the form ssh gives it.
    package var trustedAs: (address: String, port: UInt16) {
        hostKeyAlias.map { ($0, 22) } ?? (NumericAddress.canonical(address, family: restrictions.family), port)
    }

    package init(
        name: String, address: String, port: UInt16 = 22, user: String, knownHosts: KnownHosts,
        credentials: SSHCredentials
    ) {
        self.name = name
        self.address = address
        self.port = port
        self.user = user
        self.knownHosts = knownHosts
        self.credentials = credentials
    }
}

extension SSHTarget {
    /// What makes two targets the same login: where, as whom, by which way.
    package struct Identity: Hashable, Sendable {
        private let address: String
        private let port: UInt16
        private let user: String
        private let name: String
        private let way: ObjectIdentifier?

        package init(_ target: SSHTarget, through jump: JumpHost?) {
            address = target.address
            port = target.port
            user = target.user
            name = target.name
            way = jump.map { ObjectIdentifier($0) }
        }
    }
}

/// How we prove who we are. There are no passwords.
package struct SSHCredentials: Sendable {
    /// Private keys, already read (``PrivateKey/load(path:)``), tried in order.
    package var keys: [PrivateKey]
    /// Path of ssh-agent's socket, asked after the keys; `nil` for none.
    package var agentSocket: String?
    /// Why keys that were configured could not be used: `path: reason`, for the message when nothing else works either.
    package var unusable: [String]
    /// Public keys, as on the wire, of the identities that were configured: the agent's keys among them go first.
    package var preferred: [[UInt8]] = []
    /// Key types that may be offered (ssh_config(5), PubkeyAcceptedAlgorithms); `nil` for all.
    package var acceptedTypes: Set<String>?
    /// Offers those keys of the agent only that are ``preferred`` (ssh_config(5), IdentitiesOnly).
    package var identitiesOnly = false

    package init(keys: [PrivateKey] = [], agentSocket: String? = nil, unusable: [String] = []) {
        self.keys = keys
        self.agentSocket = agentSocket
        self.unusable = unusable
    }
}

/// How long each stage of a connection may take.
package struct SSHTimeouts: Sendable {
    package var resolve: Duration = .seconds(5)
    /// For all addresses of a name together.
    package var connect: Duration = .seconds(10)
    package var handshake: Duration = .seconds(10)
    package var authentication: Duration = .seconds(15)
    /// The polite part of closing; after it the socket is simply closed.
    package var close: Duration = .seconds(1)

    package init() {}
}
