// SPDX-License-Identifier: MIT
import Macha
import MachaFindings
import MachaModel

import struct Foundation.Date
import struct Foundation.TimeZone

/// Findings that are kept quiet: one dim line each, with who said so and why.
enum MutedLines {
    /// Adds the line of `report`; nothing when it is an alarm.
    static func add(_ report: FindingReport, now: Date, to page: inout Page) {
        guard let reason = report.quiet else { return }
        let until = reason.until.map { "until \(HumanFormat.localTime($0))" }
        page.text(Cell("known", .dim), Cell(report.finding.summary, .dim), Cell(words(reason, until), .dim), indent: 2)
    }

    /// The line for pages that are kept; `nil` when it is an alarm.
    static func text(_ report: FindingReport, in zone: TimeZone) -> String? {
        guard let reason = report.quiet else { return nil }
        let until = reason.until.map { "until \(HumanFormat.minute($0, in: zone))" }
        return "known: \(report.finding.summary) \(words(reason, until))"
    }

    /// `(acknowledged by anna until 2026-12-05 08:00: disk ordered)`
    static func words(_ reason: Muting.Reason, _ until: String?) -> String {
        let head = [reason.word, "by \(reason.by)", until].compactMap { $0 }.joined(separator: " ")
        let note = reason.note.raw.isEmpty ? "" : ": \(reason.note.raw)"
        return "(\(head)\(note))"
    }
}
