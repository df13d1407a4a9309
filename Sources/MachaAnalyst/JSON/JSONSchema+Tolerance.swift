// SPDX-License-Identifier: MIT
package import MachaModel

extension JSONSchema {
    /// `value` with what models get wrong in form only put right: a choice in another case, a number beyond its bounds, a
    /// member the shape does not know, `null` for an empty list.
    ///
    /// Strictness in form protects nothing: what may be used of an answer is decided by what it says. Anything else is
    /// left as it is, for ``mistakes(in:)``.
    package func conforming(_ value: JSONValue) -> JSONValue {
        switch (self, value) {
        case (.lenient(_, let accepted), _): return accepted.conforming(value)
        case (.either(let shapes), _):
            return shapes.lazy.map { ($0, $0.conforming(value)) }.first { $0.mistakes(in: $1).isEmpty }?.1 ?? value
        case (.nullable(let schema), _): return value == .null ? value : schema.conforming(value)
        case (.object(let properties), .object(let members)):
            return .object(
                members.compactMap { member in
                    guard let property = properties.first(where: { $0.name == member.name }) else { return nil }
                    return JSONValue.Member(member.name, property.schema.conforming(member.value))
                })
        case (.array(let item, _, _), .array(let items)): return .array(items.map(item.conforming))
        case (.array(_, atLeast: 0, _), .null): return .array([])
        case (.choice(let words), .string(let text)):
            let plain = text.trimmed.lowercased()
            return .string(words.first { $0 == text } ?? words.first { $0.lowercased() == plain } ?? text)
        case (.integer(let range), _):
            guard let number = value.integer else { return value }
            return .integer(min(max(number, range.lowerBound), range.upperBound))
        case (.number(let range), _):
            guard let number = value.number else { return value }
            return .number(min(max(number, range.lowerBound), range.upperBound))
        default: return value
        }
    }

    /// The shape in a line, for models whose server does not pass the schema on:
    /// `{"severity": "info|warning|critical", "evidence": ["text", …]}`.
    package var sketch: String {
        switch self {
        case .object(let properties):
            "{" + properties.map { "\(JSONValue.string($0.name).text): \($0.schema.sketch)" }.joined(separator: ", ")
                + "}"
        case .array(let item, _, _): "[\(item.sketch), …]"
        case .string: "\"text\""
        case .choice(let words): JSONValue.string(words.joined(separator: "|")).text
        case .integer(let range): "\(range.lowerBound)…\(range.upperBound)"
        case .number(let range): "\(range.lowerBound)…\(range.upperBound)"
        case .boolean: "true|false"
        case .nullable(let schema): "\(schema.sketch) or null"
        case .null: "null"
        case .either(let shapes): shapes.map(\.sketch).joined(separator: " or ")
        case .lenient(let sent, _): sent.sketch
        }
    }
}

extension String {
    fileprivate var trimmed: String {
        String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
