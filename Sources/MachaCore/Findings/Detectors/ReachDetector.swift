// SPDX-License-Identifier: MIT

/// A host that could not be asked.
enum ReachDetector {
    /// `nil` when the host was reached.
    static func finding(in snapshot: Snapshot) -> Finding? {
        guard case .failed(let failure) = snapshot.contact else { return nil }
        let (kind, severity, what) = meaning(failure.kind)
        return Finding(
            kind, host: snapshot.host, severity, "\(snapshot.host.printable(limit: 80)) \(what).",
            evidence: ["\(failure.stage): \(failure.message.raw)"],
            remedy: failure.remedy.isEmpty ? remedy(failure.kind) : failure.remedy)
    }

    private static func meaning(_ kind: ContactFailure.Kind) -> (String, Severity, String) {
        switch kind {
        case .unreachable: ("unreachable", .critical, "does not answer")
        case .untrusted: ("untrusted-host-key", .critical, "shows a host key that is not trusted; nothing was sent")
        case .authentication: ("login-refused", .critical, "refuses our login")
        case .incompatible: ("incompatible-ssh", .critical, "and this controller share no SSH algorithm")
        case .broken: ("connection-broken", .critical, "was reached, but the connection ended before it had answered")
        // The host may be well: what is broken is here, and every host that shares it says the same.
        case .local: ("controller-fault", .warning, "could not be asked because of a fault on the controller")
        }
    }

    private static func remedy(_ kind: ContactFailure.Kind) -> String {
        switch kind {
        case .unreachable: "look whether the machine and its network are up, and whether sshd listens"
        case .untrusted: "compare the fingerprint with the host's own, then: macha hosts trust HOST"
        case .authentication: "put the controller's public key into the account's authorized keys"
        case .incompatible: "use libssh2 1.11 or later, or offer an algorithm both sides know"
        case .broken: "try again: macha hosts test HOST"
        case .local: "mend what the evidence names, then try again"
        }
    }
}
