// SPDX-License-Identifier: MIT
import Foundation
import MachaModel

/// A reading that has no words of its own, by its own keys as JSON has them: sizes, times and degrees in people's units, and
/// each item of a list on a line.
enum PlainFacts {
    typealias Fact = ReadingFacts.Fact

    /// Items of one list that are shown.
    private static let most = 20

    static func of(_ value: some Encodable) -> [Fact] {
        guard let data = try? JSONEncoder().encode(["": value]), let content = try? JSONValue.parse(Array(data))[""]
        else { return [Fact("", Cell("not shown; see macha snapshot show", .dim))] }
        guard let fields = content.members else {
            return content == .null
                ? [Fact("", Cell("not on this system", .dim))] : [Fact("", Cell(text("", content)))]
        }
        return fields.sorted { $0.name < $1.name }.flatMap { facts($0.name, $0.value) }
    }

    private static func facts(_ key: String, _ value: JSONValue) -> [Fact] {
        guard let items = value.array, !items.isEmpty, items.allSatisfy({ $0.members != nil }) else {
            return [Fact(words(key), Cell(text(key, value), limit: 400))]
        }
        let shown = items.prefix(most).map { item in
            let name = names.first { item[$0]?.string != nil }
            let rest = JSONValue.object((item.members ?? []).filter { $0.name != name })
            return Fact(
                name.flatMap { item[$0]?.string } ?? words(key),
                Cell(rest.members?.isEmpty ?? true ? words(key) : text(key, rest), limit: 400))
        }
        let left = items.count - shown.count
        return left > 0 ? shown + [Fact(words(key), Cell("… and \(left) more", .dim))] : shown
    }

    /// What an item is called by, the first that it has.
    private static let names = ["name", "device", "target", "unit", "program", "address", "label", "id"]
    private static let sizes: Set = ["bytes", "size", "journalBytes"]
    private static let times: Set = [
        "time", "observedAt", "keyExpiry", "notAfter", "notBefore", "lastRun", "nextRun", "activeSince", "endedAt",
        "scrubbedAt", "made", "since",
    ]

    /// `usesNTP` as `uses ntp`.
    private static func words(_ key: String) -> String {
        key.replacing(/([a-z])([A-Z])/) { "\($0.output.1) \($0.output.2)" }.lowercased()
    }

    private static func text(_ key: String, _ value: JSONValue) -> String {
        switch value {
        case .array(let list):
            list.isEmpty
                ? "none"
                : list.prefix(10).map { text(key, $0) }.joined(separator: "; ") + (list.count > 10 ? "; …" : "")
        case .object(let fields):
            fields.sorted { $0.name < $1.name }.map { "\(words($0.name)) \(text($0.name, $0.value))" }
                .joined(separator: ", ")
        case .bool(let flag): flag ? "yes" : "no"
        case .integer, .number: amount(key, value)
        case .string(let text): text
        case .null: "none"
        }
    }

    /// Our own keys say what a number is.
    private static func amount(_ key: String, _ value: JSONValue) -> String {
        let number = value.number ?? 0
        switch key {
        case _ where sizes.contains(key):
            return HumanFormat.bytes(Int64(clamping: Int(exactly: number.rounded()) ?? .max))
        case _ where times.contains(key) && number > 0:
            return HumanFormat.localTime(Date(timeIntervalSince1970: number))
        case "period": return HumanFormat.duration(seconds: number)
        case "hours": return "\(value.text) h"
        case "celsius", "limit": return "\(value.text) °C"
        case "wear": return "\(value.text) %"
        default: return value.text
        }
    }
}
