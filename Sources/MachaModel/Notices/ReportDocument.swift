// SPDX-License-Identifier: MIT

/// A report for people, before it is drawn for where it goes: the most important first.
///
/// Texts may hold words of hosts, as those of ``NoticeMessage`` do: one line each, free of secrets, and escaped by who
/// draws them.
package struct ReportDocument: Hashable, Codable, Sendable {
    /// How an entry is coloured where there are colours.
    package enum Tone: String, Hashable, Codable, Sendable {
        case critical, warning, unknown, good, plain
    }

    package struct Entry: Hashable, Codable, Sendable {
        package var tone: Tone
        /// A word or two before the text; may be empty.
        package var label: String
        package var text: String
        /// Behind the text and less prominent; may be empty.
        package var detail: String

        package init(_ tone: Tone, label: String, _ text: String, detail: String) {
            self.tone = tone
            self.label = label.printable(limit: 60)
            self.text = text.printable(limit: 300)
            self.detail = detail.printable(limit: 300)
        }
    }

    package struct Section: Hashable, Codable, Sendable {
        package var title: String
        package var entries: [Entry]
        /// Entries that found no room.
        package var left: Int
        /// What a person can type to see or do more; empty where there is nothing.
        package var command: String

        /// At most ``mostEntries`` of `entries`; the rest is counted.
        package init(_ title: String, _ entries: [Entry], command: String) {
            self.title = title
            self.entries = Array(entries.prefix(ReportDocument.mostEntries))
            left = entries.count - self.entries.count
            self.command = command
        }
    }

    /// More than anybody reads at breakfast.
    package static let mostEntries = 40

    package var title: String
    /// Everything in a few sentences; all there is when there is nothing to say.
    package var summary: [String]
    /// Without empty ones.
    package var sections: [Section]
    /// What the report covers and what it does not know.
    package var notes: [String]

    package init(title: String, summary: [String], sections: [Section], notes: [String]) {
        self.title = title.printable(limit: 160)
        self.summary = summary.map { $0.printable(limit: 400) }
        self.sections = sections.filter { !$0.entries.isEmpty }
        self.notes = notes.map { $0.printable(limit: 400) }
    }

    /// Entries a section on a telephone.
    private static let fewEntries = 4

    /// The same with the first entries of each section, for a telephone.
    package var brief: ReportDocument {
        var brief = self
        brief.sections = sections.map { section in
            var section = section
            let cut = max(0, section.entries.count - Self.fewEntries)
            section.entries.removeLast(cut)
            section.left += cut
            section.command = ""
            return section
        }
        return brief
    }
}
