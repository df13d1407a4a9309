// SPDX-License-Identifier: MIT
package import MachaModel

/// The shape of an answer: the part of JSON Schema that servers enforce alike, and that we check ourselves in any case.
///
/// Objects are closed: a member the schema does not name is a mistake. Members come in the order written here.
package indirect enum JSONSchema: Hashable, Sendable {
    case object([Property])
    case array(of: JSONSchema, atLeast: Int = 0, atMost: Int)
    /// Lengths count Unicode scalars.
    case string(atLeast: Int = 0, atMost: Int)
    case choice([String])
    case integer(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    case boolean
    case nullable(JSONSchema)
    /// `null` and nothing else.
    case null
    /// One of these shapes.
    case either([JSONSchema])
    /// `sent` is what the server shall enforce; an answer of the wider shape `accepted` is taken all the same, because
    /// what is wrong with it is judged by its content.
    case lenient(sent: JSONSchema, accepted: JSONSchema)

    package struct Property: Hashable, Sendable {
        package var name: String
        package var schema: JSONSchema
        package var isRequired: Bool
        /// Told to the model with the schema; empty for none.
        package var explanation: String

        package init(_ name: String, _ schema: JSONSchema, isRequired: Bool = true, _ explanation: String = "") {
            self.name = name
            self.schema = schema
            self.isRequired = isRequired
            self.explanation = explanation
        }
    }
}

extension JSONSchema {
    /// The schema as servers take it (json-schema.org, draft 2020-12).
    package var document: JSONValue {
        switch self {
        case .object(let properties):
            return [
                "type": "object",
                "properties": .object(properties.map { JSONValue.Member($0.name, $0.document) }),
                "required": .array(properties.filter(\.isRequired).map { .string($0.name) }),
                "additionalProperties": false,
            ]
        case .array(let item, let least, let most):
            return [
                "type": "array", "items": item.document, "minItems": .integer(least), "maxItems": .integer(most),
            ]
        case .string(let least, let most):
            return ["type": "string", "minLength": .integer(least), "maxLength": .integer(most)]
        case .choice(let words): return ["type": "string", "enum": .array(words.map { .string($0) })]
        case .integer(let range):
            return [
                "type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound),
            ]
        case .number(let range):
            return ["type": "number", "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound)]
        case .boolean: return ["type": "boolean"]
        case .nullable(let schema): return ["anyOf": [schema.document, ["type": "null"]]]
        case .null: return ["type": "null"]
        case .either(let shapes): return ["anyOf": .array(shapes.map(\.document))]
        case .lenient(let sent, _): return sent.document
        }
    }

    /// What is wrong with `value`, each with the path to it (`$.findings[2].title`); empty when it fits. At most 20.
    package func mistakes(in value: JSONValue) -> [String] {
        var mistakes: [String] = []
        check(value, at: "$", &mistakes)
        return Array(mistakes.prefix(20))
    }

    /// The parts of an object that fit, with what is missing as nothing: an empty list, `null`. Items of a list that do not
    /// fit are left out. For an answer that was cut short; what it lacks is not made up.
    package func salvage(_ value: JSONValue) -> JSONValue {
        switch (self, value) {
        case (.lenient(_, let accepted), _): return accepted.salvage(value)
        case (.object(let properties), .object):
            return .object(
                properties.compactMap { property in
                    let part = property.schema.conforming(value[property.name] ?? .null)
                    if case .array(let item, _, let most) = property.schema {
                        let items = (part.array ?? []).filter { item.mistakes(in: $0).isEmpty }
                        return JSONValue.Member(property.name, .array(Array(items.prefix(most))))
                    }
                    return property.schema.mistakes(in: part).isEmpty ? JSONValue.Member(property.name, part) : nil
                })
        default: return value
        }
    }

    private func check(_ value: JSONValue, at path: String, _ mistakes: inout [String]) {
        guard mistakes.count < 20 else { return }
        func expect(_ isTrue: Bool, _ what: @autoclosure () -> String) {
            if !isTrue { mistakes.append("\(path) \(what())") }
        }
        switch (self, value) {
        case (.nullable, .null), (.null, .null): break
        case (.nullable(let schema), _): schema.check(value, at: path, &mistakes)
        case (.lenient(_, let accepted), _): accepted.check(value, at: path, &mistakes)
        case (.either(let shapes), _):
            expect(shapes.contains { $0.mistakes(in: value).isEmpty }, "has none of the shapes that were offered")
        case (.object(let properties), .object(let members)):
            Self.check(properties, members, at: path, &mistakes)
        case (.array(let item, let least, let most), .array(let items)):
            expect((least...most).contains(items.count), "has \(items.count) items, not \(least) to \(most)")
            for (index, element) in items.enumerated() { item.check(element, at: "\(path)[\(index)]", &mistakes) }
        case (.string(let least, let most), .string(let text)):
            let count = text.unicodeScalars.count
            expect((least...most).contains(count), "has \(count) characters, not \(least) to \(most)")
        case (.choice(let words), .string(let text)):
            expect(words.contains(text), "must be one of \(words.joined(separator: ", "))")
        case (.integer(let range), .integer), (.integer(let range), .number):
            guard let number = value.integer else { return expect(false, "must be a whole number") }
            expect(range.contains(number), "must lie from \(range.lowerBound) to \(range.upperBound)")
        case (.number(let range), .integer), (.number(let range), .number):
            expect(range.contains(value.number ?? .nan), "must lie from \(range.lowerBound) to \(range.upperBound)")
        case (.boolean, .bool): break
        default: expect(false, "must be \(kindName), not \(value.kindName)")
        }
    }

    private static func check(
        _ properties: [Property], _ members: [JSONValue.Member], at path: String, _ mistakes: inout [String]
    ) {
        for property in properties {
            if let member = members.first(where: { $0.name == property.name }) {
                property.schema.check(member.value, at: "\(path).\(property.name)", &mistakes)
            } else if property.isRequired {
                mistakes.append("\(path).\(property.name) is missing")
            }
        }
        for member in members where !properties.contains(where: { $0.name == member.name }) {
            // The name is the model's; it goes back to the model only, as a JSON string.
            mistakes.append("\(path) has a member that does not belong there: \(JSONValue.string(member.name).text)")
        }
    }

    private var kindName: String {
        switch self {
        case .object: "an object"
        case .array: "an array"
        case .string, .choice: "a string"
        case .integer: "a whole number"
        case .number: "a number"
        case .boolean: "a Boolean"
        case .nullable(let schema): "\(schema.kindName) or null"
        case .null: "null"
        case .either(let shapes): shapes.first?.kindName ?? "nothing"
        case .lenient(_, let accepted): accepted.kindName
        }
    }
}

extension JSONSchema.Property {
    fileprivate var document: JSONValue {
        guard !explanation.isEmpty, case .object(let members) = schema.document else { return schema.document }
        return .object([JSONValue.Member("description", .string(explanation))] + members)
    }
}
