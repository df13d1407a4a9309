// SPDX-License-Identifier: MIT
import Macha
import MachaFindings
import MachaModel

import struct Foundation.Date
import struct Foundation.TimeZone

/// What is said of a host, in the same words on every page: table, markdown and HTML.
enum HostFormatting {
    static func state(_ host: HostReport) -> Cell {
        if host.isAway { return Cell(FindingKind.away.rawValue, .dim) }
        // What people know of already is said, and calls nobody.
        return host.alarm == host.state ? state(host.state) : Cell("\(host.state.rawValue), known", .dim)
    }

    /// The class of a host on a web page.
    static func mark(_ host: HostReport) -> HTML { host.isAway ? "p" : role(host.alarm).html }

    static func state(_ level: HostState.Level) -> Cell { Cell(level.rawValue, role(level)) }

    static func role(_ level: HostState.Level) -> Role {
        switch level {
        case .ok: .ok
        case .warning: .warning
        case .critical: .critical
        case .unknown: .unknown
        }
    }

    static func role(_ severity: Severity) -> Role {
        switch severity {
        case .info: .plain
        case .warning: .warning
        case .critical: .critical
        }
    }

    /// What matters most on this host, as one sentence; empty when nothing does.
    static func worst(_ host: HostReport) -> Cell {
        switch host.reason {
        case .neverChecked: return Cell("never checked", .unknown)
        case .stale:
            let age = host.age.map { HumanFormat.duration(seconds: Double($0)) } ?? "?"
            return Cell("not checked for \(age)", .unknown)
        case .ok, .notReached, .finding: break
        }
        guard let finding = host.findings.first?.finding, host.state != .ok else { return Cell("") }
        let rest = host.findings.flatMap(\.all).dropFirst().count { $0.severity > .info }
        // The host is named beside it already.
        let own =
            finding.summary.hasPrefix("\(host.host) ")
            ? String(finding.summary.dropFirst(host.host.count + 1)) : finding.summary
        return Cell(rest > 0 ? "\(own) (and \(rest) more)" : own, limit: 160)
    }

    /// `42`, `–` where there are no generations, `?` where it is not known.
    static func generation(_ host: HostReport) -> Cell {
        switch (host.figures.isNixOS, host.figures.generation) {
        case (_, .some(let number)): Cell("\(number)")
        case (.some(false), nil): Cell("–", .dim)
        case (_, nil): unknown
        }
    }

    /// The configuration's commit, short enough to be read aloud.
    static func revision(_ host: HostReport) -> Cell {
        guard let revision = host.figures.revision else { return Cell("") }
        let (commit, mark) = (revision.raw.prefix { $0 != "-" }, revision.raw.drop { $0 != "-" })
        return Cell("\(commit.count > 12 ? commit.prefix(8) : commit)\(mark)", limit: 24)
    }

    /// Booted system against current against next.
    static func boot(_ host: HostReport) -> Cell {
        let figures = host.figures
        if figures.isNixOS == false { return Cell("–", .dim) }
        guard let current = figures.changedSinceBoot, let drift = figures.differsFromProfile else { return unknown }
        if figures.rebootNeeded == true { return Cell("reboot needed", .warning) }
        if drift { return Cell("not the profile", .warning) }
        return current ? Cell("switched since") : Cell("current", .dim)
    }

    static func untilFull(_ host: HostReport) -> Cell {
        guard let seconds = host.figures.diskUntilFull else { return Cell("") }
        return Cell(
            HumanFormat.span(seconds: seconds),
            role(host, FindingKind.filling, on: host.figures.diskMount?.raw))
    }

    /// The day on which the fullest file system is full if it goes on so, for pages that are kept.
    static func fullAt(_ host: HostReport, _ zone: TimeZone) -> Cell? {
        guard let seconds = host.figures.diskUntilFull, let time = host.takenAt, seconds < 1e10 else { return nil }
        let moment = HumanFormat.minute(time.addingTimeInterval(seconds), in: zone)
        return Cell(seconds < 2 * 86_400 ? moment : String(moment.prefix(10)), untilFull(host).role)
    }

    static func share(_ share: Double?, _ role: Role) -> Cell {
        guard let share else { return unknown }
        return Cell(HumanFormat.percent(share), role)
    }

    /// The host's memory in the colour of what was found about it.
    static func memoryRole(_ host: HostReport) -> Role {
        role(host, FindingKind.memory, on: nil)
    }

    /// The fullest file system in the colour of what was found about it.
    static func diskRole(_ host: HostReport) -> Role { diskRole(host, host.figures.diskMount?.raw) }

    /// The file system at `mount` in the colour of what was found about it.
    static func diskRole(_ host: HostReport, _ mount: String?) -> Role {
        role(host, FindingKind.space, on: mount)
    }

    private static func role(_ host: HostReport, _ kinds: Set<FindingKind>, on subject: String?) -> Role {
        host.severity(of: kinds, on: subject).map { role($0) } ?? .plain
    }

    /// `As of 2026-11-21 08:30:00 +01:00; …`, at the head of a page that is kept.
    static func asOf(_ time: Date, _ zone: TimeZone) -> String {
        "As of \(HumanFormat.localTime(time, in: zone)); all times are in this zone."
    }

    /// When a host was asked, for pages that are kept.
    static func asked(_ host: HostReport, in zone: TimeZone) -> String {
        host.takenAt.map { HumanFormat.minute($0, in: zone) } ?? "never"
    }

    static func asked(_ host: HostReport, now: Date) -> Cell {
        Cell(host.takenAt.map { HumanFormat.age(of: $0, now: now) } ?? "never", .dim)
    }

    /// The fleet in one sentence, for a person who was woken by it.
    static func headline(_ summary: FleetReport.Summary) -> [Cell] {
        guard summary.hosts > 0 else { return [Cell("No hosts.")] }
        if summary.ok == summary.hosts {
            return [Cell(summary.hosts == 1 ? "The host is healthy." : "All \(summary.hosts) hosts are healthy.", .ok)]
        }
        let parts: [(Int, String, String, Role)] = [
            (summary.critical, "needs attention now", "need attention now", .critical),
            (summary.unknown - summary.away, "is unknown", "are unknown", .unknown),
            (summary.warning, "has warnings", "have warnings", .warning),
            (summary.known, "has only known problems", "have only known problems", .dim),
            (summary.ok, "is healthy", "are healthy", .ok), (summary.away, "is away", "are away", .dim),
        ]
        let told = parts.filter { $0.0 > 0 }
        return told.enumerated().map { index, part in
            let of = index == 0 ? (summary.hosts == 1 ? " host" : " of \(summary.hosts) hosts") : ""
            return Cell("\(part.0)\(of) \(part.0 == 1 ? part.1 : part.2)\(index == told.count - 1 ? "." : ",")", part.3)
        }
    }

    static let unknown = Cell("?", .unknown)

    /// The lines in order, with those that say the same as the one before counted instead of repeated.
    static func runs(of lines: [UntrustedText]) -> [(text: UntrustedText, count: Int)] {
        lines.reduce(into: []) { runs, line in
            if let last = runs.last, last.0 == line {
                runs[runs.count - 1].1 += 1
            } else {
                runs.append((line, 1))
            }
        }
    }

    /// A model found something, or it is not known whether one would.
    private static func isTroubled(_ report: AnalysisReport?) -> Bool {
        guard let report else { return false }
        return report.failure != nil || (report.analysis?.verdict ?? .healthy) > .healthy
    }

    /// Hosts that have details below the overview.
    static func troubled(_ report: FleetReport) -> [HostReport] {
        report.hosts.filter { !$0.findings.isEmpty || !$0.unconfirmed.isEmpty || isTroubled($0.analysis) }
    }

    /// Questions without an answer for the same reason as this one, in one line; `nil` where others follow from it.
    static func silent(_ report: FindingReport) -> String? {
        let all = [report.finding] + report.folded.map(\.finding)
        guard all.count > 1, all.allSatisfy({ $0.kind == .probeUnknown }) else { return nil }
        let names = all.dropFirst().compactMap { $0.subject?.raw.printable(limit: 40) }
        return "also unknown for this reason: \(names.joined(separator: ", "))"
    }

    /// Findings of one kind that are shown of one host where many hosts are shown.
    private static let mostOfAKind = 20

    /// The first twenty of each kind, and how many more there are of which kinds.
    static func shown(_ findings: [FindingReport]) -> (findings: [FindingReport], rest: String?) {
        var counts: [RecordedKind: Int] = [:]
        let first = findings.filter { report in
            counts[report.finding.recordedKind, default: 0] += 1
            return counts[report.finding.recordedKind, default: 0] <= mostOfAKind
        }
        let more = counts.filter { $0.value > mostOfAKind }.sorted { $0.key.name < $1.key.name }
            .map { "\($0.value - mostOfAKind) more \($0.key.name)" }
        return (first, more.isEmpty ? nil : more.joined(separator: ", "))
    }

    /// `since 2026-11-21 08:30`, for pages that are kept.
    static func since(_ finding: FindingReport, in zone: TimeZone) -> String {
        "since \(HumanFormat.minute(finding.since, in: zone))"
    }

    /// `for 3 h`, or nothing while it is new.
    static func since(_ finding: FindingReport, now: Date) -> String {
        let age = now.timeIntervalSince(finding.since)
        return age < 60 ? "" : "for \(HumanFormat.span(seconds: age))"
    }
}
