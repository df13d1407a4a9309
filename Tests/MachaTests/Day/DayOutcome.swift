// SPDX-License-Identifier: MIT
import Foundation
import MachaActions
import MachaFindings
import MachaModel
import MachaStore

@testable import Macha

/// What became of a day, held against its script.
struct DayOutcome {
    private let day: FleetDay
    let issues: [Issue]
    let notices: [StoredNotice]
    let held: [StoredHeldNotice]
    let actions: [ActionRecord]
    let arrived: [String: Int]

    init(_ day: FleetDay) async throws {
        self.day = day
        issues = try day.store.issues(hosts: nil, in: Set(IssueState.allCases))
        notices = try day.store.notices(limit: 10_000)
        held = try day.store.heldNotices(limit: 10_000)
        actions = try day.store.history(since: day.midnight).records
        arrived = try await day.receivers.arrived()
    }

    /// Everything that is not as the script says, in words.
    var mistakes: [String] {
        day.script.faults.flatMap { mistakes(of: $0) } + unexpectedIssues + deliveries + forbiddenActions
    }

    private func mistakes(of fault: DayScript.Fault) -> [String] {
        fault.expected.flatMap { expected -> [String] in
            let name = "\(Self.time(fault.at)) \(fault.host) \(fault.name) (\(expected.kind))"
            let found = issues(of: fault.host, expected.kind)
            guard let issue = found.first, found.count == 1 else { return ["\(name): \(found.count) issues"] }
            return ([ending(of: issue, fault)] + telling(of: issue, fault, expected.told)).compactMap { $0 }
                .map { "\(name): \($0)" }
        }
    }

    private func issues(of host: String, _ kind: String) -> [Issue] {
        issues.filter { $0.finding.host == host && $0.finding.recordedKind.name == kind }
    }

    private func ending(of issue: Issue, _ fault: DayScript.Fault) -> String? {
        switch fault.ending {
        case .stays: issue.resolvedAt == nil ? nil : "it was resolved, and nobody has mended it"
        case .mended:
            issue.resolution == .observed || issue.resolution == .repaired ? nil : "it is \(issue.state), not resolved"
        case .repaired: issue.resolution == .repaired ? nil : "it is \(issue.state), not repaired"
        }
    }

    private func telling(of issue: Issue, _ fault: DayScript.Fault, _ told: DayScript.Told) -> [String] {
        let alert = issue.finding.fingerprint.description
        let news = notices.filter {
            $0.alerts.contains(alert) && [.new, .worse, .morning].contains($0.occasion)
                && span(of: fault, issue).contains($0.createdAt)
        }
        let ends = notices.filter { $0.alerts.contains(alert) && $0.occasion == .resolved }
        switch told {
        case .held(let reason):
            let isHeld = held.contains { $0.alert == alert && $0.reason == reason }
            return (isHeld ? [] : ["it was not held back by \(reason.rawValue)"])
                + news.map { "\($0.receiver) was told: \($0.message.title)" }
        case .by(let receiver, let inTheMorning):
            let right =
                news.count == 1 && news[0].receiver == receiver && (news[0].occasion == .morning) == inTheMorning
            let isOver = fault.ending != .stays && !inTheMorning
            return
                (right
                ? [] : ["told by \(news.map { "\($0.receiver) (\($0.occasion.rawValue))" }), not by \(receiver)"])
                + (isOver && ends.count != 1 ? ["its end was told \(ends.count) times"] : [])
        }
    }

    /// The time in which the news of a fault is told: while it is there, or the morning after.
    private func span(of fault: DayScript.Fault, _ issue: Issue) -> ClosedRange<Date> {
        let begin = day.midnight.addingTimeInterval(Double(fault.at) * 60)
        let end: Date =
            switch fault.ending {
            case .mended(let at):
                day.midnight.addingTimeInterval(Double(at) * 60)
            case .repaired: issue.resolvedAt ?? day.now
            case .stays: day.now
            }
        let morning = day.midnight.addingTimeInterval(6 * 3600 + 1800)
        return begin...(begin < morning ? max(end, morning) : end)
    }

    private var unexpectedIssues: [String] {
        let expected = Set(day.script.faults.flatMap { fault in fault.expected.map { "\(fault.host) \($0.kind)" } })
        return issues.map { "\($0.finding.host) \($0.finding.recordedKind.name)" }.filter { !expected.contains($0) }
            .map { "an issue that nobody made: \($0)" }
    }

    /// Each notice has left, and has arrived once.
    private var deliveries: [String] {
        notices.filter { $0.state != .sent }.map { "\($0.receiver) was not sent: \($0.message.title) (\($0.reason))" }
            + ["phone", "ops", "desk", "mail"].compactMap { name in
                let sent = notices.count { $0.receiver == name }
                return sent == arrived[name] ? nil : "\(name) has \(arrived[name] ?? 0) of \(sent) notices"
            }
    }

    /// Nothing is done where the level does not allow it.
    private var forbiddenActions: [String] {
        let mute = day.script.hosts.filter { $0.words.contains("=observe") || $0.words.contains("=suggest") }.map(
            \.name)
        return actions.filter { mute.contains($0.host) }.map {
            "\($0.host) was changed: \($0.kind.rawValue) \($0.target)"
        }
    }

    static func time(_ minute: Int) -> String {
        "\(minute / 60 < 10 ? "0" : "")\(minute / 60):\(minute % 60 < 10 ? "0" : "")\(minute % 60)"
    }

    /// The day in figures.
    var table: String {
        var rows = [
            "faults \(day.script.faults.count), issues \(issues.count) "
                + "(resolved \(issues.count { $0.resolution == .observed }), repaired \(issues.count { $0.resolution == .repaired }), "
                + "open \(issues.count { $0.resolvedAt == nil }))"
        ]
        for name in ["phone", "ops", "desk", "mail"] {
            let own = Dictionary(grouping: notices.filter { $0.receiver == name }, by: \.occasion.rawValue)
            let words = own.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.count)" }
            rows.append(
                "\(name): sent \(own.values.map(\.count).reduce(0, +)), arrived \(arrived[name] ?? 0) (\(words.joined(separator: ", ")))"
            )
        }
        for (reason, those) in Dictionary(grouping: held, by: \.reason.rawValue).sorted(by: { $0.key < $1.key }) {
            rows.append("held back, \(reason): \(those.count) (e.g. \(those[0].summary): \(those[0].words))")
        }
        let kinds = Dictionary(grouping: actions) { "\($0.kind.rawValue) \($0.outcome.rawValue)" }
        rows.append(
            "actions: " + kinds.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.count)" }.joined(separator: ", ")
        )
        return rows.joined(separator: "\n")
    }
}
