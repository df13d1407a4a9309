// SPDX-License-Identifier: MIT

extension KnownHosts {
    /// Why a host that showed `key` must not be talked to; `nil` when it may.
    ///
    /// Shows both fingerprints with file and line, so that a person can compare before trusting.
    package func refusal(of key: HostKey, from target: SSHTarget) -> SSHError? {
        let shown = "\(key.type) \(key.fingerprint)"
        switch verdict(on: key, address: target.address, port: target.port) {
        case .trusted: return nil
        case .unknown:
            return SSHError(
                .hostKeyUnknown, .hostKey, host: target.name,
                "\(target.name) shows the host key \(shown), which no known_hosts file lists\(searched)",
                remedy:
                    "compare it with the host's own (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub there), then run: "
                    + "macha hosts trust \(target.name)")
        case .changed(let entries):
            let expected = entries.map { "\($0.key.type) \($0.key.fingerprint) (\($0.place))" }.joined(separator: ", ")
            return SSHError(
                .hostKeyChanged, .hostKey, host: target.name,
                "the host key of \(target.name) has changed: it shows \(shown), expected \(expected)",
                remedy: "if the host was reinstalled, remove that line and run: macha hosts trust \(target.name); "
                    + "otherwise someone may be between you and the host")
        case .revoked(let entry):
            return SSHError(
                .hostKeyRevoked, .hostKey, host: target.name,
                "\(target.name) shows the host key \(shown), which \(entry.place) marks as revoked",
                remedy: "give the host a new key; never trust this one again")
        }
    }

    private var searched: String { files.isEmpty ? "" : " (looked in \(files.joined(separator: ", ")))" }
}
