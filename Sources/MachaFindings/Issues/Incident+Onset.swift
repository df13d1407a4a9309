// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel
import Foundation

/// Issues that came up on several hosts at once, where nothing says what their cause is: an upgrade that broke six hosts.
extension Incident {
    /// Fewer hosts than that may have it by chance.
    private static let least = 3

    /// Seconds within which each of them was first seen. Hosts are checked at intervals, and upgrade with a delay of their own.
    private static let span = 1_800.0

    private struct Trouble: Hashable {
        var kind: RecordedKind
        var subject: UntrustedText?
    }

    /// The same trouble on at least three of `hosts` that was first seen within half an hour, in the order in which it came.
    ///
    /// `watchedSince` says when each host was first observed: what was there already then came at a time that nobody knows.
    static func onsets(
        in open: [Issue], of hosts: [FleetHost], watchedSince: [String: Date]
    ) -> [Incident] {
        let places = Dictionary(hosts.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        let dated = open.filter { issue in
            guard issue.origin == .observed, places[issue.finding.host] != nil,
                let start = watchedSince[issue.finding.host]
            else { return false }
            // The start is known in whole seconds.
            return issue.firstSeen.timeIntervalSince(start) >= 1
        }
        let troubles = Dictionary(grouping: dated) {
            Trouble(kind: $0.finding.recordedKind, subject: $0.finding.subject)
        }
        return troubles.values.flatMap { together($0) }.compactMap { issues in onset(issues, places) }
            .sorted { ($0.issues[0].firstSeen, $0.issues[0].id) < ($1.issues[0].firstSeen, $1.issues[0].id) }
    }

    /// Parts of one trouble's issues, each of which came up within the span.
    private static func together(_ issues: [Issue]) -> [[Issue]] {
        var rest = issues.sorted { ($0.firstSeen, $0.id) < ($1.firstSeen, $1.id) }[...]
        var parts: [[Issue]] = []
        while let first = rest.first {
            let part = rest.prefix { $0.firstSeen.timeIntervalSince(first.firstSeen) <= span }
            if part.count >= least { parts.append(Array(part)) }
            rest = rest.dropFirst(part.count >= least ? part.count : 1)
        }
        return parts
    }

    private static func onset(_ issues: [Issue], _ places: [String: Int]) -> Incident? {
        guard let first = issues.first, let last = issues.last else { return nil }
        let severity = issues.map(\.finding.severity).max() ?? .info
        guard severity > .info else { return nil }
        let (kind, subject) = (first.finding.recordedKind, first.finding.subject)
        let name = [kind.name.printable(limit: 80), subject?.printable(limit: 80)].compactMap { $0 }
            .joined(separator: " ")
        let time = DurationText.roughWords(last.firstSeen.timeIntervalSince(first.firstSeen))
        return Incident(
            cause: FleetCause(
                kind: .onset(kind, subject: subject), host: nil,
                hosts: issues.map(\.finding.host).sorted { places[$0, default: 0] < places[$1, default: 0] },
                severity: severity,
                summary:
                    "\(name) was first seen on \(issues.count) hosts within \(time). Check what changed on them then."),
            issues: issues)
    }
}
