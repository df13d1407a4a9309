// SPDX-License-Identifier: MIT
import Foundation
package import MachaActions
import MachaModel
import MachaStore

/// One entry of the audit. Programs get the payload as it was recorded, people one line of it.
package struct AuditLine: Encodable {
    var sequence: Int
    var at: Date
    var kind: AuditEntry.Kind
    var host: String?
    var hash: ContentHash
    var payload: JSONValue
    /// What happened, in one line.
    let summary: String

    private enum CodingKeys: String, CodingKey {
        case sequence, at, kind, host, hash, payload
    }

    /// A payload that is no JSON is shown as text.
    package init(_ entry: AuditEntry) {
        sequence = entry.sequence
        at = entry.at
        kind = entry.kind
        host = entry.host
        hash = entry.hash
        payload = (try? JSONValue.parse(entry.payload)) ?? .string(entry.payload)
        summary = entry.content.summary
    }
}

extension AuditEntry.Content {
    fileprivate var summary: String {
        let words: [String?] =
            switch self {
            case .event(let event): event.words
            case .unreadable(let event): ["cannot be read by this version:", event.text]
            }
        return words.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: " ")
    }
}

extension AuditEvent {
    fileprivate var words: [String?] {
        switch self {
        case .decided(let event):
            named(event.title, event.decision.outcome.rawValue, "(\(event.decision.rule.rawValue))")
        case .authorised(let event): named(event.title)
        case .suggested(let event): named(event.title, event.file)
        case .refused(let event), .skipped(let event): named(event.title, event.why)
        case .accepted(let event): named(event.title, event.why)
        case .forgotten(let event): named(event.title, by(event.by), event.why)
        case .approval(let event):
            ["approval \(event.approval)", event.event.rawValue, event.title, by(event.by), event.reason]
        case .started(let event): done(event.action, event.record)
        case .ended(let event): done(event.action, event.record) + [event.record.outcome.rawValue, event.detail.note]
        case .closed(let event): ["run \(event.run)", event.state.rawValue, event.note]
        case .left(let event): ["run \(event.run)", event.title, event.left]
        case .paused(let event), .resumed(let event): [by(event.by), event.reason]
        case .exec(let event): [event.words.raw, by(event.by)]
        case .analysed(let event):
            named(event.outcome, event.verdict?.rawValue, event.model, event.rootCause ?? event.why)
        case .lookedUp(let event): named(event.question, event.model)
        case .issue(let event):
            ["issue \(event.issue)", event.change.rawValue, event.title, by(event.by), event.why]
        case .silence(let event), .maintenance(let event):
            named(
                event.change.rawValue, event.silence.map { "\($0)" }, event.hosts, event.findings, event.subject,
                by(event.by), event.why)
        }
    }

    private func named(_ words: String?...) -> [String?] { [name?.rawValue] + words }

    private func done(_ action: Int64, _ record: ActionRecord) -> [String?] {
        ["action \(action)", record.kind.rawValue, record.target]
    }

    private func by(_ person: String?) -> String? {
        guard let person, !person.isEmpty else { return nil }
        return "by \(person)"
    }
}

/// The audit for people.
package enum AuditPage {
    /// One row an entry.
    package static func page(_ lines: [AuditLine], orSay placeholder: Cell? = "no entries") -> Page {
        var table = Table([
            .init("no", .right), .init("when"), .init("kind"), .init("host"), .init("what", minimum: 20, yields: 1),
        ])
        for line in lines {
            table.append([
                Cell("\(line.sequence)"), Cell(line.at.formatted(.iso8601), .dim), kind(line.kind),
                Cell(line.host ?? ""), Cell(line.summary),
            ])
        }
        var page = Page()
        if !lines.isEmpty {
            page.table(table, orSay: "")
        } else if let placeholder {
            page.text(placeholder)
        }
        return page
    }

    private static func kind(_ kind: AuditEntry.Kind) -> Cell {
        switch kind {
        case .decision, .approval, .analysis: Cell(kind.rawValue)
        case .started: Cell(kind.rawValue, .heading)
        case .finished: Cell(kind.rawValue, .ok)
        case .interrupted: Cell(kind.rawValue, .unknown)
        case .paused, .resumed, .exec: Cell(kind.rawValue, .warning)
        }
    }
}
