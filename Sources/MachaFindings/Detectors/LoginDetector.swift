// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel
import MachaProbes

/// Guessing at logins, and guessing that succeeded.
///
/// - `login-after-failures`, critical: an address got in after at least twenty refusals within the hour.
/// - `login-burst`, a warning: more than a hundred refusals an hour from one address, or five hundred from all.
///
/// False alarms thought about: single slips, scripts with an old key (a few an hour), the steady noise that every public
/// address meets (below the thresholds; raise them for a host that meets more), a person who mistypes and then gets in.
enum LoginDetector: Detector {
    static func findings(in snapshot: Snapshot, _ thresholds: Thresholds) -> [Finding] {
        guard let state = snapshot[LoginsProbe.self].value else { return [] }
        let evidence = state.sources.prefix(5).map {
            "\($0.address): \($0.refused) failed, \($0.acceptedAfterwards) accepted afterwards"
        }
        var found = state.sources.filter { $0.acceptedAfterwards > 0 }.map { source in
            Finding(
                .loginAfterFailures, host: snapshot.host, subject: source.address, .critical,
                "\(source.address.printable(limit: 60)) logged in after \(source.refused) failed logins within an hour.",
                evidence: evidence,
                remedy: "Find out who that was.",
                commands: ["journalctl -t sshd -t sshd-session --since=-2h", "last", "who"])
        }
        let loudest = state.sources.map(\.refused).max() ?? 0
        guard loudest > thresholds.loginsFromOne || state.failed > thresholds.loginsFromAll else { return found }
        let times = state.isBounded ? "More than \(state.failed)" : "\(state.failed)"
        found.append(
            Finding(
                .loginBurst, host: snapshot.host, .warning,
                "\(times) logins failed in the last hour, from \(state.addresses == 1 ? "one address" : "\(state.addresses) addresses").",
                evidence: evidence,
                remedy:
                    "Turn off password logins (services.openssh.settings.PasswordAuthentication = false), or block the addresses."
            ))
        return found
    }
}
