// SPDX-License-Identifier: MIT
package import struct Foundation.Date

/// What one receiver is told at a time, before it is drawn for its protocol.
///
/// Texts may hold words of hosts. They are one line each and free of secrets; whoever draws them escapes them for where
/// they go. Only ``click`` is an address, and it comes from the configuration.
package struct NoticeMessage: Hashable, Codable, Sendable, Identifiable {
    /// How loud it is: Gotify's 2, 5 and 8.
    package enum Priority: String, Hashable, Codable, Sendable, CaseIterable {
        case low, normal, high
    }

    package struct Line: Hashable, Codable, Sendable {
        package enum Kind: String, Hashable, Codable, Sendable {
            case heading, item
            /// What a host said, below an item.
            case evidence
            case text
            /// To be typed as it is.
            case command
        }

        package var kind: Kind
        package var text: String

        package init(_ kind: Kind, _ text: String) {
            self.kind = kind
            self.text = text
        }
    }

    /// The same for each attempt to send it: receivers that can, tell a second copy by it.
    package var id: String
    package var title: String
    package var lines: [Line]
    package var priority: Priority
    /// Single words in kebab-case, such as `resolved`.
    package var tags: [String]
    /// What opens when a person touches it.
    package var click: String?
    package var at: Date
    /// A report in full, for receivers with room for it; ``lines`` are the same in short.
    package var report: ReportDocument?

    /// More lines than anybody reads on a telephone; what is beyond them is counted.
    package static let mostLines = 40

    package init(
        id: String, title: String, lines: [Line], priority: Priority, tags: [String], click: String?, at: Date
    ) {
        self.id = id
        self.title = title.printable(limit: 160)
        self.lines = lines.prefix(Self.mostLines).map { Line($0.kind, $0.text.printable(limit: 400)) }
        if lines.count > Self.mostLines {
            self.lines.append(Line(.text, "and \(lines.count - Self.mostLines) more lines; see: macha status"))
        }
        self.priority = priority
        self.tags = tags
        self.click = click
        self.at = at
    }
}

extension NoticeMessage.Priority {
    /// How loud a problem of this severity is.
    package init(_ severity: Severity) {
        switch severity {
        case .info: self = .low
        case .warning: self = .normal
        case .critical: self = .high
        }
    }
}
