// SPDX-License-Identifier: MIT
import Foundation
import MachaActions
import MachaModel

/// One entry of the audit with its payload as a value.
struct AuditLine: Encodable {
    var sequence: Int
    var at: Date
    var kind: AuditEntry.Kind
    var host: String?
    var hash: ContentHash
    var payload: Payload

    init(_ entry: AuditEntry) {
        sequence = entry.sequence
        at = entry.at
        kind = entry.kind
        host = entry.host
        hash = entry.hash
        payload = (try? JSONDecoder().decode(Payload.self, from: Data(entry.payload.utf8))) ?? .text(entry.payload)
    }

    /// Any JSON value.
    enum Payload: Codable {
        case null
        case flag(Bool)
        case number(Double)
        case text(String)
        case list([Payload])
        case object([String: Payload])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .null
            } else if let flag = try? container.decode(Bool.self) {
                self = .flag(flag)
            } else if let number = try? container.decode(Double.self) {
                self = .number(number)
            } else if let text = try? container.decode(String.self) {
                self = .text(text)
            } else if let list = try? container.decode([Payload].self) {
                self = .list(list)
            } else {
                self = .object(try container.decode([String: Payload].self))
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .null: try container.encodeNil()
            case .flag(let flag): try container.encode(flag)
            case .number(let number) where number == number.rounded() && abs(number) < 1e15:
                try container.encode(Int64(number))
            case .number(let number): try container.encode(number)
            case .text(let text): try container.encode(text)
            case .list(let list): try container.encode(list)
            case .object(let object): try container.encode(object)
            }
        }

        subscript(_ path: String...) -> String? {
            var value = self
            for key in path {
                guard case .object(let object) = value, let next = object[key] else { return nil }
                value = next
            }
            switch value {
            case .text(let text): return text.isEmpty ? nil : text
            case .number(let number): return Int64(exactly: number).map { String($0) } ?? String(number)
            default: return nil
            }
        }
    }

    /// What happened, in one line.
    var summary: String {
        let what: [String?] =
            switch kind {
            case .decision:
                [
                    payload["event"], payload["title"], payload["decision", "outcome"],
                    payload["decision", "rule"].map { "(\($0))" }, payload["why"] ?? payload["file"],
                ]
            case .approval:
                [
                    payload["approval"].map { "approval \($0)" }, payload["event"], payload["title"],
                    payload["by"].map { "by \($0)" }, payload["reason"],
                ]
            case .started:
                [
                    payload["action"].map { "action \($0)" }, payload["record", "kind"], payload["record", "target"],
                ]
            case .finished, .interrupted:
                [
                    payload["action"].map { "action \($0)" } ?? payload["run"].map { "run \($0)" },
                    payload["record", "kind"], payload["record", "target"],
                    payload["record", "outcome"] ?? payload["state"],
                    payload["detail", "note"] ?? payload["detail", "found"] ?? payload["note"],
                ]
            case .paused, .resumed: [payload["by"].map { "by \($0)" }, payload["reason"]]
            case .analysis:
                [
                    payload["event"], payload["question"], payload["outcome"], payload["verdict"], payload["model"],
                    payload["rootCause"] ?? payload["why"],
                ]
            case .exec: [payload["words"], payload["by"].map { "by \($0)" }]
            }
        return what.compactMap { $0 }.joined(separator: " ")
    }
}

/// The audit for people.
enum AuditPage {
    static func page(_ lines: [AuditLine], orSay placeholder: Cell? = "no entries") -> Page {
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
