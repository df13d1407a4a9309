// SPDX-License-Identifier: MIT
import Foundation
import MachaFindings
import MachaModel

/// Maintenance that a person began and that still goes on a day later: perhaps it was left on.
extension AlertReader {
    /// Seconds after which people are reminded.
    private static let forgottenAfter = 86_400.0

    /// Seconds after which they are reminded again.
    private static let remindedEvery = 7 * 86_400.0

    /// One alert for all hosts that were put into maintenance together. `quiet` are the hosts of the problems that maintenance
    /// keeps quiet, each as often as it has one.
    static func leftOn(
        _ windows: [MaintenanceWindow], of hosts: Set<String>, quiet: [String], at now: Date
    ) -> [Alert] {
        let old = windows.filter {
            $0.span.contains(now) && hosts.contains($0.host) && now.timeIntervalSince($0.span.from) >= forgottenAfter
        }
        return Dictionary(grouping: old) { "maintenance-\(Int($0.span.from.timeIntervalSince1970))-\($0.by)" }
            .sorted { $0.key < $1.key }
            .compactMap { id, windows in windows.first.map { leftOn(id, $0, windows.map(\.host), quiet, now) } }
    }

    private static func leftOn(
        _ id: String, _ window: MaintenanceWindow, _ hosts: [String], _ quiet: [String], _ now: Date
    ) -> Alert {
        let age = now.timeIntervalSince(window.span.from)
        let names = hosts.map { $0.printable(limit: 80) }
        let who = names.count == 1 ? "\(names[0]) has" : "\(names.count) hosts have"
        let reason = window.reason.raw.isEmpty ? "" : " (\(OutgoingText.clean(window.reason.raw)))"
        let end = window.span.until.map { " It ends at \($0.formatted(.iso8601))." } ?? ""
        let count = quiet.count { hosts.contains($0) }
        let problems = "\(DurationText.count(count, "open problem")) kept quiet"
        return Alert(
            id: id, source: .maintenance, kind: "maintenance-left-on", host: hosts.count == 1 ? hosts[0] : nil,
            subject: nil, severity: .warning, revision: Int((age - forgottenAfter) / remindedEvery),
            since: window.span.from,
            summary:
                "\(who) been in maintenance for \(DurationText.words(age)), by \(window.by.printable(limit: 80))\(reason).\(end)",
            evidence: [
                names.count == 1 ? problems : "\(problems); \(OutgoingText.clean(names.joined(separator: ", ")))"
            ],
            advice: "macha maintenance end \(hosts.joined(separator: ","))", muted: nil, settling: nil, besides: [],
            hosts: [])
    }
}
