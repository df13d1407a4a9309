// SPDX-License-Identifier: MIT
package import MachaModel
package import struct Foundation.Date
package import struct Foundation.TimeZone

/// The words of a report, the most important first. Pure.
package struct PeriodText {
    let report: PeriodReport
    let clock: LocalTime
    private let zone: TimeZone

    package init(_ report: PeriodReport, zone: TimeZone) {
        self.report = report
        self.zone = zone
        clock = LocalTime(zone)
    }

    package var document: ReportDocument {
        let isQuiet = report.isQuiet
        return ReportDocument(
            title: "Macha \(report.kind.rawValue) report: \(gist)", summary: isQuiet ? [quiet] : summary,
            sections: isQuiet ? [] : sections, notes: isQuiet ? [] : notes)
    }

    private var sections: [ReportDocument.Section] {
        [
            waiting, problems, blind, actions, resolved, changes, capacity, certificates, logPatterns, known, models,
            notices,
        ]
    }

    // MARK: In one sentence

    /// For the subject of a mail: what is so now.
    private var gist: String {
        let hosts = report.summary
        var parts: [String] = []
        let critical = report.problems.count { $0.severity == .critical }
        let warnings = report.problems.count - critical
        if critical > 0 { parts.append("\(critical) critical") }
        if warnings > 0 { parts.append(Self.count(warnings, "warning")) }
        let blind = unexplained.count { !$0.isAway }
        if blind > 0 { parts.append("\(Self.count(blind, "host")) unknown") }
        let waiting = report.waiting.count { $0.approvedBy == nil }
        if waiting > 0 { parts.append("\(Self.count(waiting, "approval")) \(waiting == 1 ? "waits" : "wait")") }
        guard parts.isEmpty else { return parts.joined(separator: ", ") }
        return hosts.ok + hosts.away == hosts.hosts ? Self.wellWords(report) : "no open problems"
    }

    private static func wellWords(_ report: PeriodReport) -> String {
        let hosts = report.summary
        if hosts.hosts == 1 { return "the host is healthy" }
        return hosts.away == 0
            ? "all \(hosts.hosts) hosts are healthy" : "\(hosts.ok) hosts are healthy, \(hosts.away) away as expected"
    }

    private var quiet: String {
        let words = Self.wellWords(report)
        return
            "\(words.prefix(1).uppercased())\(words.dropFirst()), and nothing has happened since \(clock.words(report.since))."
    }

    private var summary: [String] { [hostSentence, newsSentence].filter { !$0.isEmpty } }

    private var hostSentence: String {
        let hosts = report.summary
        func are(_ count: Int, _ word: String) -> (Int, String) {
            (count, "\(count) \(count == 1 ? "is" : "are") \(word)")
        }
        func have(_ count: Int, _ word: String) -> (Int, String) {
            (count, "\(count) \(count == 1 ? "has" : "have") \(word)")
        }
        let parts = [
            are(hosts.critical, "critical"), have(hosts.warning, "warnings"),
            are(hosts.unknown - hosts.away, "unknown"),
            are(hosts.away, "away as expected"), have(hosts.known, "only problems that you know of"),
            are(hosts.ok, "healthy"),
        ].filter { $0.0 > 0 }.map(\.1)
        guard hosts.hosts > 0, hosts.ok + hosts.away < hosts.hosts else {
            return "\(Self.sentence(Self.wellWords(report)))."
        }
        return "Of \(Self.count(hosts.hosts, "host")), \(Self.list(parts))."
    }

    private var newsSentence: String {
        let (now, before) = (report.counts, report.before)
        func part(_ count: Int, _ earlier: Int?, _ none: String, _ one: String, _ many: String) -> String? {
            guard count > 0 || report.kind == .weekly && (earlier ?? 0) > 0 else { return nil }
            let compared = report.kind == .weekly ? earlier.map { " (\($0) the week before)" } ?? "" : ""
            return (count == 0 ? none : "\(count) \(count == 1 ? one : many)") + compared
        }
        let parts = [
            part(now.opened, before?.opened, "no problem came up", "problem came up", "problems came up"),
            part(now.resolved, before?.resolved, "none was resolved", "was resolved", "were resolved"),
            part(
                now.actions, before?.actions, "no action was carried out", "action was carried out",
                "actions were carried out"),
        ].compactMap { $0 }
        guard !parts.isEmpty else { return report.kind == .weekly ? "No problem came up, and nothing was done." : "" }
        return "Since \(clock.words(report.since)), \(Self.list(parts))."
    }

    /// What the report covers, and what it cannot tell.
    private var notes: [String] {
        var notes: [String] = []
        if !report.unreadable.isEmpty {
            notes.append(
                "Could not be read, and is missing here: \(report.unreadable.joined(separator: ", ")). "
                    + "See: macha audit verify")
        }
        var period = "From \(clock.words(report.since)) to \(clock.words(report.until)) (\(zone.identifier))."
        if let compared = report.comparedWith, abs(compared.timeIntervalSince(report.since)) > 600 {
            period += " Changes of hosts are those since \(clock.words(compared)), the nearest time that is kept."
        } else if report.comparedWith == nil {
            period += " Nothing older is kept to compare hosts with."
        }
        return notes + [period]
    }

    /// With a capital letter.
    private static func sentence(_ words: String) -> String { words.prefix(1).uppercased() + words.dropFirst() }

    static func count(_ number: Int, _ noun: String) -> String { DurationText.count(number, noun) }

    static func list(_ parts: [String]) -> String {
        guard let last = parts.last, parts.count > 1 else { return parts.first ?? "" }
        return "\(parts.dropLast().joined(separator: ", ")) and \(last)"
    }

    /// The host is named once.
    static func place(_ host: String?, _ text: String) -> String {
        guard let host, !text.hasPrefix(host) else { return text }
        return "\(host): \(text)"
    }

    func span(_ begin: Date, _ end: Date) -> String { DurationText.roughWords(end.timeIntervalSince(begin)) }
}
