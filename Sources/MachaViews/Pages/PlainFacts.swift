// SPDX-License-Identifier: MIT
import Foundation

/// A reading that has no words of its own, by its own keys as JSON has them: sizes, times and degrees in people's units, and
/// each item of a list on a line.
enum PlainFacts {
    typealias Fact = ReadingFacts.Fact

    /// Items of one list that are shown.
    private static let most = 20

    static func of(_ value: some Encodable) -> [Fact] {
        guard let data = try? JSONEncoder().encode(["": value]),
            let whole = try? JSONSerialization.jsonObject(with: data) as? [String: Any], let content = whole[""]
        else { return [Fact("", Cell("not shown; see macha snapshot show", .dim))] }
        guard let fields = content as? [String: Any] else {
            return content is NSNull
                ? [Fact("", Cell("not on this system", .dim))] : [Fact("", Cell(text("", content)))]
        }
        return fields.sorted { $0.key < $1.key }.flatMap { facts($0.key, $0.value) }
    }

    private static func facts(_ key: String, _ value: Any) -> [Fact] {
        guard let items = value as? [[String: Any]], !items.isEmpty else {
            return [Fact(words(key), Cell(text(key, value), limit: 400))]
        }
        let shown = items.prefix(most).map { item in
            let name = names.first { item[$0] is String }
            let rest = item.filter { $0.key != name }
            return Fact(
                name.flatMap { item[$0] as? String } ?? words(key),
                Cell(rest.isEmpty ? words(key) : text(key, rest), limit: 400))
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

    private static func text(_ key: String, _ value: Any) -> String {
        switch value {
        case let list as [Any]:
            list.isEmpty
                ? "none"
                : list.prefix(10).map { text(key, $0) }.joined(separator: "; ") + (list.count > 10 ? "; …" : "")
        case let fields as [String: Any]:
            fields.sorted { $0.key < $1.key }.map { "\(words($0.key)) \(text($0.key, $0.value))" }
                .joined(separator: ", ")
        case let number as NSNumber where isBoolean(number): number.boolValue ? "yes" : "no"
        case let number as NSNumber: amount(key, number)
        default: "\(value)"
        }
    }

    /// Our own keys say what a number is.
    private static func amount(_ key: String, _ number: NSNumber) -> String {
        switch key {
        case _ where sizes.contains(key): HumanFormat.bytes(number.int64Value)
        case _ where times.contains(key) && number.doubleValue > 0:
            HumanFormat.localTime(Date(timeIntervalSince1970: number.doubleValue))
        case "period": HumanFormat.duration(seconds: number.doubleValue)
        case "hours": "\(number) h"
        case "celsius", "limit": "\(number) °C"
        case "wear": "\(number) %"
        default: "\(number)"
        }
    }

    /// What JSON decoding makes of true and false is a number like any other, but for its type.
    private static func isBoolean(_ number: NSNumber) -> Bool { String(cString: number.objCType) == "c" }
}
