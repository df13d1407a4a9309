// SPDX-License-Identifier: MIT
package import MachaInventory
package import MachaModel
import SSH

/// The key a host shows, and what to do with it. Made by asking the host; trusting is a person's decision.
package struct HostTrust: Sendable {
    /// What the `known_hosts` files say of the key.
    package enum Standing: Sendable, Hashable {
        /// On file already, at `place`.
        case trusted(place: String)
        case unknown
        /// Another key is on file, or this one is marked as revoked: never overwritten by us, because someone in a hurry
        /// would accept an impostor with the same keystroke.
        case refused(ContactFailure)
    }

    /// As `known_hosts` spells the host.
    package let name: String
    /// `ssh-ed25519 SHA256:…`
    package let key: String
    /// `SHA256:…`
    package let fingerprint: String
    package let standing: Standing
    /// The user's file that a trusted key is added to; `nil` when all that is read is the whole system's.
    package let file: String?
    private let trustedAs: (address: String, port: UInt16)
    private let hostKey: HostKey
    private let isHashed: Bool

    /// Asks `host` for its key, without logging in.
    package static func ask(_ host: FleetHost, _ endpoint: SSHEndpoint, reach: HostConnector)
        async throws(ContactFailure)
        -> HostTrust
    {
        let route = try await reach.route(host.name, endpoint)
        let isHashed = try await reach.hashesNames(host.name, endpoint)
        do throws(SSHError) {
            return HostTrust(route, try await SSHSession.hostKey(of: route.target, through: route.jump), isHashed)
        } catch {
            throw ContactFailure(error)
        }
    }

    private init(_ route: SSHRoute, _ hostKey: HostKey, _ isHashed: Bool) {
        let target = route.target
        trustedAs = target.trustedAs
        self.hostKey = hostKey
        self.isHashed = isHashed
        name = KnownHosts.name(trustedAs.address, trustedAs.port)
        key = "\(hostKey.type) \(hostKey.fingerprint)"
        fingerprint = hostKey.fingerprint
        file = route.trustFile
        if case .trusted(let entry) = target.knownHosts.verdict(
            on: hostKey, address: trustedAs.address, port: trustedAs.port)
        {
            standing = .trusted(place: entry.place)
        } else if let refusal = target.knownHosts.refusal(of: hostKey, from: target), refusal.code != .hostKeyUnknown {
            standing = .refused(ContactFailure(refusal))
        } else {
            standing = .unknown
        }
    }

    /// The line for a person who puts it on file elsewhere.
    package var line: String {
        KnownHosts.line(hostKey, address: trustedAs.address, port: trustedAs.port, isHashed: false)
    }

    /// Adds the key to ``file``.
    package func accept() throws(ContactFailure) {
        guard let file else { return }
        do throws(SSHError) {
            try KnownHosts.append(
                hostKey, address: trustedAs.address, port: trustedAs.port, isHashed: isHashed, to: file)
        } catch {
            throw ContactFailure(error)
        }
    }
}
