// SPDX-License-Identifier: MIT

/// Parts of a JSON schema that helps an editor with a YAML file: completion, hints and red lines while writing.
///
/// Source: json-schema.org, draft-07, which the YAML language server understands.
package enum EditorSchema {
    /// An object with these members, in this order.
    package static func object(_ members: [(String, JSONValue)]) -> JSONValue {
        .object(members.map { JSONValue.Member($0.0, $0.1) })
    }

    /// A single value. A number or a truth value in YAML is a text to Macha, so editors shall not object to it.
    package static func string(_ description: String, pattern: String? = nil) -> JSONValue {
        object(
            [("type", ["string", "number", "boolean"]), ("description", .string(description))]
                + (pattern.map { [("pattern", .string($0))] } ?? []))
    }

    /// One of `words`, or a placeholder; `hints` say what each word means, for editors that know `enumDescriptions`.
    package static func word(_ description: String, _ words: [String], hints: [String] = []) -> JSONValue {
        guard words != ["true", "false"] else { return flagged(description) }
        let placeholder: JSONValue = ["pattern": "^\\$\\{", "type": "string"]
        let list = object(
            [("enum", .array(words.map { .string($0) }))]
                + (hints.isEmpty ? [] : [("enumDescriptions", .array(hints.map { .string($0) }))]))
        return ["description": .string(description), "anyOf": [list, placeholder]]
    }

    /// True or false.
    package static func flagged(_ description: String) -> JSONValue {
        ["description": .string(description), "enum": [true, false, "true", "false"]]
    }

    /// A whole number.
    package static func number(_ description: String) -> JSONValue {
        ["type": "integer", "description": .string(description)]
    }

    /// A text, or a list of them.
    package static func strings(_ description: String) -> JSONValue { oneOrMore(string(description), description) }

    /// An `item`, or a list of them.
    package static func oneOrMore(_ item: JSONValue, _ description: String) -> JSONValue {
        ["description": .string(description), "anyOf": [item, ["type": "array", "items": item]]]
    }

    package static func array(_ description: String, _ item: JSONValue) -> JSONValue {
        ["type": "array", "description": .string(description), "items": item]
    }

    /// A mapping with these keys and no others.
    package static func closed(
        _ description: String?, _ properties: [(String, JSONValue)], required: [String] = []
    ) -> JSONValue {
        object(
            [("type", "object")] + (description.map { [("description", .string($0))] } ?? []) + [
                ("additionalProperties", false), ("required", .array(required.map { .string($0) })),
                ("properties", object(properties)),
            ])
    }
}
