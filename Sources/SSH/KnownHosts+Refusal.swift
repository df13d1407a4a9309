// SPDX-License-Identifier: MIT

extension KnownHosts {
    /// Why a host that showed `key` must not be talked to; `nil` when it may.
    ///
    /// Shows both fingerprints with file and line, so that a person can compare before trusting.
    package func refusal(of key: HostKey, from target: SSHTarget) -> SSHError? {
        let shown = "\(key.type) \(key.fingerprint)"
        let (address, port) = target.trustedAs
        switch verdict(on: key, address: address, port: port) {
        case .trusted: return nil
        case .unknown:
            if let authority = authorities(for: address, port: port).first {
                return certificateRefusal(authority, shown, target)
            }
            return SSHError(
                .hostKeyUnknown, .hostKey, host: target.name,
                "\(target.name) shows the host key \(shown), which no known_hosts file lists\(searched)",
                remedy:
                    "on the host, print the fingerprint with the first command and compare it; if it is the same, trust "
                    + "the key here with the second",
                commands: [Self.showFingerprint, Self.trust(target)])
        case .changed(let entries):
            let expected = entries.map { "\($0.key.type) \($0.key.fingerprint) (\($0.place))" }.joined(separator: ", ")
            return SSHError(
                .hostKeyChanged, .hostKey, host: target.name,
                "the host key of \(target.name) has changed: it shows \(shown), expected \(expected)",
                remedy:
                    "someone may be between you and the host; only if you know that it was reinstalled, remove that line "
                    + "and trust the new key",
                commands: [Self.trust(target)])
        case .revoked(let entry):
            return SSHError(
                .hostKeyRevoked, .hostKey, host: target.name,
                "\(target.name) shows the host key \(shown), which \(entry.place) marks as revoked",
                remedy: "give the host a new key; never trust this one again")
        case .revokedByFile(let file):
            return SSHError(
                .hostKeyRevoked, .hostKey, host: target.name,
                "\(target.name) shows the host key \(shown), which \(file) lists as revoked (RevokedHostKeys of ssh's "
                    + "configuration)",
                remedy: "give the host a new key; never trust this one again")
        }
    }

    /// Why a host that showed `key` at `numeric` must not be talked to although its name is trusted (ssh_config(5),
    /// CheckHostIP): another key is on file for the address, so the name may lead somewhere else than before.
    func refusal(of key: HostKey, at numeric: String, from target: SSHTarget) -> SSHError? {
        guard target.checksAddress, target.trustedAs.address != numeric, !NumericAddress.isLoopback(numeric),
            case .changed(let entries) = verdict(on: key, address: numeric, port: target.port)
        else { return nil }
        let expected = entries.map { "\($0.key.type) \($0.key.fingerprint) (\($0.place))" }.joined(separator: ", ")
        return SSHError(
            .hostKeyChanged, .hostKey, host: target.name,
            "\(target.name) shows the host key \(key.type) \(key.fingerprint), but for its address \(numeric) another is on "
                + "file: \(expected) (CheckHostIP of ssh's configuration)",
            remedy:
                "if the address belongs to \(target.name) now, remove that line; otherwise its name leads to another machine"
        )
    }

    /// libssh2 lists host certificates among its key types but does not verify the exchange with them: asked for one, 1.11.1
    /// ends the handshake with error -8, and 1.10 does not know the Ed25519 one.
    private func certificateRefusal(_ authority: Entry, _ shown: String, _ target: SSHTarget) -> SSHError {
        SSHError(
            .hostKeyUnknown, .hostKey, host: target.name,
            "\(target.name) shows the host key \(shown), which no known_hosts file lists; \(authority.place) trusts its "
                + "certificate authority (@cert-authority), and libssh2 \(LibSSH2.version) cannot check host certificates",
            remedy:
                "on the host, print the fingerprint with the first command and compare it; if it is the same, trust the "
                + "key itself with the second",
            commands: [Self.showFingerprint, Self.trust(target)])
    }

    private static let showFingerprint = "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub"

    private static func trust(_ target: SSHTarget) -> String { "macha hosts trust \(target.name)" }

    private var searched: String { files.isEmpty ? "" : " (looked in \(files.joined(separator: ", ")))" }
}
