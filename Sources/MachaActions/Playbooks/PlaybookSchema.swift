// SPDX-License-Identifier: MIT
import MachaFindings
import MachaInventory
import MachaModel

/// The JSON schema of a playbook, for editors: completion, hints and red lines while writing. Made from the very tables
/// that the reader uses; `macha playbooks validate` says everything that a schema cannot.
///
/// Source: json-schema.org, draft-07, which the YAML language server understands.
package enum PlaybookSchema {
    /// The whole schema as it is shipped in `playbooks/schema.json`.
    package static var text: String { root.text(indent: 0) + "\n" }

    private static var root: SchemaNode {
        .object([
            ("$schema", .text("http://json-schema.org/draft-07/schema#")),
            ("title", .text("Macha playbook")),
            ("type", .text("object")),
            ("additionalProperties", .flag(false)),
            ("required", .list(PlaybookKey.required.map { .text($0.rawValue) })),
            ("properties", .object(PlaybookKey.allCases.map { ($0.rawValue, property($0)) })),
        ])
    }

    private static func property(_ key: PlaybookKey) -> SchemaNode {
        switch key {
        case .id: .string("Unique name: lower-case letters, digits and dashes.", pattern: "^[a-z][a-z0-9-]{0,39}$")
        case .title: .string("One line for lists; placeholders are filled in.")
        case .description: .string("What it is for and why it is safe; shown to whoever approves it.")
        case .when: .oneOrMore(condition, "The findings it answers; any of them.")
        case .unless: .oneOrMore(condition, "Findings on the same host that speak against it.")
        case .hosts:
            .closed(
                "The hosts it is for.",
                [
                    ("nixos", .flagged("Whether it needs NixOS.")), ("groups", .strings("Any of these groups.")),
                    ("tags", .strings("Any of these tags.")),
                ])
        case .parameters:
            .object([
                ("type", .text("object")), ("description", .text("Values it needs, by name; used as ${name}.")),
                ("additionalProperties", parameter),
            ])
        case .risk: .word("At least this risk, whatever its actions are.", Risk.allCases.map(\.rawValue))
        case .autonomy:
            .word("The lowest level that may run it unasked.", AutonomyLevel.allCases.map(\.rawValue))
        case .evidence:
            .array("What an approver should see before.", item(Action.Kind.diagnose.parameters, naming: nil))
        case .steps: .array("What it does, in this order.", steps)
        case .verify: .array("What is verified afterwards, beside the proofs of each action.", checks)
        case .rollback: .array("What it does when a step or a check fails.", steps)
        case .cooldown: .string("Until the same may be done again unasked: 10m, 6h, 1d.", pattern: "^[0-9]+[smhd]$")
        case .limits:
            .closed("How often it may run unasked.", [("per-hour", .number("Runs an hour and host."))])
        case .protected: .strings("Protected units, or patterns, that it may ask for.")
        case .hours: .word("Whether it is meant for the host's quiet hours.", ["quiet", "any"])
        case .insteadOf: .strings("Playbooks that are not proposed where this one is.")
        }
    }

    private static var condition: SchemaNode {
        let kinds = FindingKinds.known.sorted()
        let one = SchemaNode.word("A kind of finding.", kinds)
        let properties = PlaybookReader.conditionKeys.map { key -> (String, SchemaNode) in
            switch key {
            case "finding": (key, SchemaNode.oneOrMore(one, "The kind of finding."))
            case "severity": (key, SchemaNode.word("At least this severity.", Severity.allCases.map(\.rawValue)))
            case "seen-for": (key, SchemaNode.string("Known for so long: 10m, 1h, 1d.", pattern: "^[0-9]+[smhd]$"))
            default: (key, SchemaNode.strings("Patterns with * and ?; any of them."))
            }
        }
        let full = SchemaNode.closed("A finding and what must hold of it.", properties, required: ["finding"])
        return .object([("anyOf", .list([one, full]))])
    }

    private static var parameter: SchemaNode {
        let properties = PlaybookReader.parameterKeys.map { key -> (String, SchemaNode) in
            switch key {
            case "type": (key, SchemaNode.word("What it can be.", PlaybookParameter.Kind.allCases.map(\.rawValue)))
            case "from":
                (
                    key,
                    .string(
                        "Where it comes from: \(PlaybookParameter.Source.known.joined(separator: ", ")), host.vars.NAME."
                    )
                )
            case "capture": (key, SchemaNode.string("A text with one *; what it stands for is the value."))
            case "pattern": (key, SchemaNode.string("Values must fit it; * and ? stand for anything."))
            case "optional": (key, SchemaNode.flagged("Whether it may be missing."))
            case "default": (key, SchemaNode.string("The value when there is no other."))
            default: (key, SchemaNode.string("What it means."))
            }
        }
        return .closed("A value.", properties, required: ["type"])
    }

    private static var steps: SchemaNode {
        .object([
            (
                "anyOf",
                .list(Action.Kind.allCases.map { item($0.parameters, naming: ("action", $0.rawValue)) })
            )
        ])
    }

    private static var checks: SchemaNode {
        .object([
            ("anyOf", .list(Check.Kind.allCases.map { item($0.parameters, naming: ("check", $0.rawValue)) }))
        ])
    }

    private static func item(_ specs: [ParameterSpec], naming name: (key: String, value: String)?) -> SchemaNode {
        let first = name.map { ($0.key, SchemaNode.object([("const", .text($0.value))])) }
        let own = specs.map { spec -> (String, SchemaNode) in
            let hint = "Such as \(spec.example)."
            return switch spec.shape {
            case .text: (spec.name, SchemaNode.string(hint))
            case .words: (spec.name, SchemaNode.strings("The program and its arguments, each a word of its own."))
            case .oneOf(let words): (spec.name, SchemaNode.word(hint, words))
            }
        }
        let required = (first.map { [$0.0] } ?? []) + specs.filter(\.isRequired).map(\.name)
        return .closed(nil, [first].compactMap { $0 } + own, required: required)
    }
}

/// A JSON value whose keys keep their order.
indirect enum SchemaNode {
    case text(String)
    case flag(Bool)
    case list([SchemaNode])
    case object([(String, SchemaNode)])

    func text(indent: Int) -> String {
        let margin = String(repeating: "  ", count: indent + 1)
        let end = "\n" + String(repeating: "  ", count: indent)
        switch self {
        case .text(let text): return Self.quoted(text)
        case .flag(let flag): return flag ? "true" : "false"
        case .list(let items):
            let isShort = items.allSatisfy { if case .text = $0 { true } else { false } }
            let texts = items.map { $0.text(indent: indent + 1) }
            return isShort
                ? "[" + texts.joined(separator: ", ") + "]"
                : "[\n" + texts.map { margin + $0 }.joined(separator: ",\n") + end + "]"
        case .object(let pairs):
            let lines = pairs.map { "\(margin)\(Self.quoted($0)): \($1.text(indent: indent + 1))" }
            return "{\n" + lines.joined(separator: ",\n") + end + "}"
        }
    }

    // Only our own words stand here: quotes and backslashes are all that has to be escaped.
    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    static func string(_ description: String, pattern: String? = nil) -> SchemaNode {
        // A number or a truth value in YAML is a text to Macha, so editors shall not object to it.
        let types = SchemaNode.list([.text("string"), .text("number"), .text("boolean")])
        return .object(
            [("type", types), ("description", .text(description))] + (pattern.map { [("pattern", .text($0))] } ?? []))
    }

    static func word(_ description: String, _ words: [String]) -> SchemaNode {
        guard words != ["true", "false"] else { return .flagged(description) }
        let placeholder = SchemaNode.object([("pattern", .text("^\\$\\{")), ("type", .text("string"))])
        let list = SchemaNode.object([("enum", .list(words.map { .text($0) }))])
        return .object([("description", .text(description)), ("anyOf", .list([list, placeholder]))])
    }

    static func flagged(_ description: String) -> SchemaNode {
        .object([
            ("description", .text(description)),
            ("enum", .list([.flag(true), .flag(false), .text("true"), .text("false")])),
        ])
    }

    static func number(_ description: String) -> SchemaNode {
        .object([("type", .text("integer")), ("description", .text(description))])
    }

    static func strings(_ description: String) -> SchemaNode { .oneOrMore(.string(description), description) }

    static func oneOrMore(_ item: SchemaNode, _ description: String) -> SchemaNode {
        .object([
            ("description", .text(description)),
            ("anyOf", .list([item, .object([("type", .text("array")), ("items", item)])])),
        ])
    }

    static func array(_ description: String, _ item: SchemaNode) -> SchemaNode {
        .object([("type", .text("array")), ("description", .text(description)), ("items", item)])
    }

    static func closed(_ description: String?, _ properties: [(String, SchemaNode)], required: [String] = [])
        -> SchemaNode
    {
        .object(
            [("type", .text("object"))] + (description.map { [("description", .text($0))] } ?? []) + [
                ("additionalProperties", .flag(false)), ("required", .list(required.map { .text($0) })),
                ("properties", .object(properties)),
            ])
    }
}
