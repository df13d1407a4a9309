// SPDX-License-Identifier: MIT
import MachaModel
import MachaProbes

/// A host that could not be asked.
enum ReachDetector {
    /// `nil` when the host was reached.
    static func finding(in snapshot: Snapshot) -> Finding? {
        guard case .failed(let failure) = snapshot.contact else { return nil }
        let (kind, severity, what) = meaning(failure.kind)
        return Finding(
            kind, host: snapshot.host, severity, "\(snapshot.host.printable(limit: 80)) \(what).",
            evidence: ["\(failure.stage): \(failure.message.raw)"],
            remedy: failure.remedy.isEmpty ? advice(failure.kind) : failure.advice,
            commands: failure.remedy.isEmpty ? commands(failure.kind, snapshot.host) : failure.commands)
    }

    private static func meaning(_ kind: ContactFailure.Kind) -> (FindingKind, Severity, String) {
        switch kind {
        case .unreachable: (.unreachable, .critical, "does not answer")
        case .untrusted: (.untrustedHostKey, .critical, "shows a host key that is not trusted; nothing was sent")
        case .authentication: (.loginRefused, .critical, "refuses Macha's login")
        case .incompatible: (.incompatibleSSH, .critical, "and this controller share no SSH algorithm")
        case .broken: (.connectionBroken, .critical, "was reached, but the connection closed before it answered")
        // The host may be well: what is broken is here, and every host that shares it says the same.
        case .local: (.controllerFault, .warning, "could not be checked because of a fault on the controller")
        }
    }

    private static func advice(_ kind: ContactFailure.Kind) -> String {
        switch kind {
        case .unreachable: "Check that the host and its network are up and that sshd is listening."
        case .untrusted: "Compare the fingerprint with the one on the host, then trust it."
        case .authentication: "Add the controller's public key to the account's authorized keys."
        case .incompatible: "Use libssh2 1.11 or later, or enable an algorithm that both sides support."
        case .broken: "Test the connection again."
        case .local: "Fix what the evidence names, then test the connection again."
        }
    }

    private static func commands(_ kind: ContactFailure.Kind, _ host: String) -> [String] {
        switch kind {
        case .untrusted: ["macha hosts trust \(host.asArgument("HOST"))"]
        case .broken, .local: ["macha hosts test \(host.asArgument("HOST"))"]
        case .unreachable, .authentication, .incompatible: []
        }
    }
}
