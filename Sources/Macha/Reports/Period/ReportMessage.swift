// SPDX-License-Identifier: MIT
import MachaModel
import struct Foundation.Date

extension NoticeMessage {
    /// A report as a message: in full for receivers with room for it, in short for the others.
    init(_ document: ReportDocument, kind: ReportKind, id: String, isQuiet: Bool, click: String?, at now: Date) {
        let brief = document.brief
        let lines =
            brief.summary.map { Line(.text, $0) }
            + brief.sections.flatMap { section in
                let entries = section.entries.map { entry in
                    let label = entry.label.isEmpty ? "" : "\(entry.label): "
                    let detail = entry.detail.isEmpty ? "" : " (\(entry.detail))"
                    return Line(.item, "\(label)\(entry.text)\(detail)")
                }
                let rest = section.left > 0 ? [Line(.item, "and \(section.left) more")] : []
                return [Line(.heading, section.title)] + entries + rest
            }
        self.init(
            id: id, title: document.title, lines: lines, priority: isQuiet ? .low : .normal,
            tags: ["report", kind.rawValue], click: click, at: now)
        report = document
    }
}
