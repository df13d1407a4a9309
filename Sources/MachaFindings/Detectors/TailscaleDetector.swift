// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel
import MachaProbes

/// A tailnet that the host has left, or is about to leave.
///
/// - `tailscale-login`, critical: it needs a login. A host that is reached through the tailnet only is lost at the next
///   restart, and only a person can log in.
/// - `tailscale-key`, a warning from fourteen days before the key's end, critical from two days before it.
/// - `tailscale-down`, information: somebody stopped it.
///
/// False alarms thought about: keys without expiry, a daemon that is just starting, hosts where it is installed and was
/// never logged in (`NeedsLogin` without a key that ever was is information).
enum TailscaleDetector: Detector {
    static func findings(in snapshot: Snapshot, _ thresholds: Thresholds) -> [Finding] {
        guard case .known(.some(let state)) = snapshot[TailscaleProbe.self] else { return [] }
        let evidence =
            ["BackendState=\(state.backend)" + (state.keyExpiry.map { " KeyExpiry=\(FindingText.moment($0))" } ?? "")]
            + state.health
        switch state.backend {
        case "NeedsLogin", "NeedsMachineAuth", "NoState":
            let wasIn = state.keyExpiry != nil
            return [
                Finding(
                    .tailscaleLogin, host: snapshot.host, wasIn ? .critical : .info,
                    wasIn
                        ? "The host is no longer logged in to its tailnet." : "Tailscale is running but not logged in.",
                    evidence: evidence,
                    remedy: "Log in to the host without the tailnet, then connect it.",
                    commands: ["tailscale up"])
            ]
        case "Stopped":
            return [
                Finding(
                    .tailscaleDown, host: snapshot.host, .info, "Tailscale is turned off on the host.",
                    evidence: evidence, remedy: "Turn it on again, if it should run.", commands: ["tailscale up"])
            ]
        default: return [key(state, snapshot.host, evidence, thresholds)].compactMap { $0 }
        }
    }

    private static func key(
        _ state: TailscaleState, _ host: String, _ evidence: [String], _ thresholds: Thresholds
    ) -> Finding? {
        guard let expiry = state.keyExpiry else { return nil }
        let left = Double(expiry - state.observedAt)
        guard left < thresholds.keyWarning else { return nil }
        return Finding(
            .tailscaleKey, host: host, left < thresholds.keyCritical ? .critical : .warning,
            left > 0
                ? "The host's tailnet key expires in \(FindingText.span(left))."
                : "The host's tailnet key expired \(FindingText.span(-left)) ago.",
            evidence: evidence, remedy: "Log in again, or turn off key expiry for this machine in the admin console.")
    }
}
