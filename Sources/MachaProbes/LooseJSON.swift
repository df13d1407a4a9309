// SPDX-License-Identifier: MIT
import MachaModel

/// JSON whose shape depends on a program's version: numbers may come as text, names may be missing, or stand twice, as `ip`
/// writes them; then the last one counts.
struct LooseJSON: Sendable {
    private let value: JSONValue

    private init(_ value: JSONValue) { self.value = value }

    /// `nil` when `text` is no JSON.
    init?(_ text: some StringProtocol) {
        guard let value = try? JSONValue.parse(text, repeats: true) else { return nil }
        self.init(value)
    }

    /// A member of an object; `nil` when there is none, or this is no object.
    subscript(name: String) -> LooseJSON? {
        value.members?.last { $0.name == name }.map { LooseJSON($0.value) }
    }

    var members: [String: LooseJSON]? {
        value.members.map { members in
            Dictionary(members.map { ($0.name, LooseJSON($0.value)) }) { _, last in last }
        }
    }

    var items: [LooseJSON]? { value.array?.map { LooseJSON($0) } }

    /// The items of an array of nothing but objects.
    var objects: [LooseJSON]? {
        guard let items, items.allSatisfy({ $0.value.members != nil }) else { return nil }
        return items
    }

    /// A text that is not empty.
    var string: String? { value.string.flatMap { ProbeText.present($0) } }

    /// A whole number, also when it comes as text.
    var int: Int? {
        switch value {
        case .integer(let number): number
        case .number(let number): Int(exactly: number.rounded(.towardZero))
        case .string(let text): Int(text)
        case .null, .bool, .array, .object: nil
        }
    }

    /// A finite number, also when it comes as text.
    var double: Double? {
        switch value {
        case .integer, .number: value.number
        case .string(let text): Double(text).flatMap { $0.isFinite ? $0 : nil }
        case .null, .bool, .array, .object: nil
        }
    }

    /// A truth value, also when it comes as 0, 1 or text.
    var bool: Bool? {
        switch value {
        case .bool(let flag): flag
        case .integer, .number: value.number == 0 ? false : value.number == 1 ? true : nil
        case .string(let text): ["1": true, "true": true, "0": false, "false": false][text]
        case .null, .array, .object: nil
        }
    }
}
