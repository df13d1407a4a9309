// SPDX-License-Identifier: MIT
import class Foundation.JSONDecoder

/// JSON whose shape depends on a program's version: numbers may come as text, keys may be missing.
enum JSONValue: Decodable, Sendable {
    case null
    case flag(Bool)
    case number(Double)
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])

    /// `nil` when `text` is no JSON.
    init?(_ text: some StringProtocol) {
        guard let value = try? JSONDecoder().decode(JSONValue.self, from: .init(text.utf8)) else { return nil }
        self = value
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let object = try? container.decode([String: JSONValue].self) {
            self = .object(object)
        } else if let list = try? container.decode([JSONValue].self) {
            self = .list(list)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else {
            self = .null
        }
    }

    /// A member of an object; `nil` when there is none, or this is no object.
    subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[key]
    }

    var members: [String: JSONValue]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    var items: [JSONValue]? {
        guard case .list(let items) = self else { return nil }
        return items
    }

    /// A text that is not empty.
    var string: String? {
        guard case .text(let text) = self else { return nil }
        return ProbeText.present(text)
    }

    /// A whole number, also when it comes as text.
    var int: Int? {
        switch self {
        case .number(let number): Int(exactly: number.rounded(.towardZero))
        case .text(let text): Int(text)
        case .null, .flag, .list, .object: nil
        }
    }

    /// A finite number, also when it comes as text.
    var double: Double? {
        switch self {
        case .number(let number): number.isFinite ? number : nil
        case .text(let text): Double(text).flatMap { $0.isFinite ? $0 : nil }
        case .null, .flag, .list, .object: nil
        }
    }

    /// A truth value, also when it comes as 0, 1 or text.
    var bool: Bool? {
        switch self {
        case .flag(let flag): flag
        case .number(let number): number == 0 ? false : number == 1 ? true : nil
        case .text(let text): ["1": true, "true": true, "0": false, "false": false][text]
        case .null, .list, .object: nil
        }
    }
}
