// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel
import MachaProbes

/// Names that do not resolve, targets that do not answer, links that networkd gave up on.
///
/// - `dns-broken`: no name resolves. Critical: updates, backups and mail stop, mostly in silence.
/// - `name-unresolved`: one of several does not. A warning: that name or its zone is at fault.
/// - `target-silent`: a target of the inventory does not answer. A warning; critical when none does.
/// - `link-failed`: networkd could not set a link up. A warning.
///
/// False alarms thought about: a host without a default route has that finding, and its names follow from it; a single
/// missing name says nothing of the resolver; a lost ping in three is none; links that nobody manages.
enum ReachabilityDetector: Detector {
    static func findings(in snapshot: Snapshot, _ thresholds: Thresholds) -> [Finding] {
        names(snapshot) + targets(snapshot) + links(snapshot)
    }

    private static func names(_ snapshot: Snapshot) -> [Finding] {
        guard case .known(.some(let state)) = snapshot[NamesProbe.self], !state.broken.isEmpty else { return [] }
        // Without a route names cannot resolve, and the route is what has to be fixed.
        if let network = snapshot[NetworkProbe.self].value, network.hasGlobalAddress,
            network.defaultRoutes.isEmpty || network.nameServers.isEmpty
        {
            return []
        }
        let evidence = state.answers.map { "\($0.name): \($0.outcome.rawValue)" }
        guard state.broken.count < state.answers.count else {
            return [
                Finding(
                    .dnsBroken, host: snapshot.host, .critical, "Names do not resolve on the host.",
                    evidence: evidence,
                    remedy: "Check the resolver's configuration, then query its name server directly.",
                    commands: ["cat /etc/resolv.conf", "resolvectl status"])
            ]
        }
        return state.broken.map { answer in
            Finding(
                .nameUnresolved, host: snapshot.host, subject: answer.name, .warning,
                "\(answer.name.printable(limit: 100)) does not resolve on the host; other names do.",
                evidence: evidence, remedy: "Resolve the name on the host.",
                commands: ["getent ahosts \(answer.name.asArgument("NAME"))"])
        }
    }

    private static func targets(_ snapshot: Snapshot) -> [Finding] {
        guard case .known(.some(let state)) = snapshot[TargetsProbe.self] else { return [] }
        let severity: Severity = state.broken.count == state.answers.count ? .critical : .warning
        return state.broken.map { answer in
            Finding(
                .targetSilent, host: snapshot.host, subject: answer.target, severity,
                "The host cannot reach \(answer.target.printable(limit: 100)).",
                evidence: state.answers.map { "\($0.target): \($0.outcome.rawValue)" },
                remedy: "Find out where the route ends.",
                commands: [
                    "ping -c 3 \(answer.target.asArgument("TARGET"))",
                    "ip route get \(answer.target.asArgument("TARGET"))",
                ])
        }
    }

    private static func links(_ snapshot: Snapshot) -> [Finding] {
        guard case .known(.some(let state)) = snapshot[NetworkdProbe.self] else { return [] }
        return state.links.filter { $0.setup == "failed" }.map { link in
            Finding(
                .linkFailed, host: snapshot.host, subject: link.name, .warning,
                "systemd-networkd could not set up \(link.name.printable(limit: 40)).",
                evidence: ["\(link.name) \(link.operational) \(link.setup)"],
                remedy: "See what networkd reports.",
                commands: ["networkctl status \(link.name.asArgument("LINK"))"])
        }
    }
}
