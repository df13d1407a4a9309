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
    package static var text: String { root.prettyText + "\n" }

    private static var root: JSONValue {
        EditorSchema.object([
            ("$schema", .string("http://json-schema.org/draft-07/schema#")),
            ("title", .string("Macha playbook")),
            ("type", .string("object")),
            ("additionalProperties", .bool(false)),
            ("required", .array(PlaybookKey.required.map { .string($0.rawValue) })),
            ("properties", EditorSchema.object(PlaybookKey.allCases.map { ($0.rawValue, property($0)) })),
            ("definitions", EditorSchema.object([("finding", kind)])),
        ])
    }

    private static func property(_ key: PlaybookKey) -> JSONValue {
        switch key {
        case .id:
            EditorSchema.string(
                "Unique name: lower-case letters, digits and dashes.", pattern: "^[a-z][a-z0-9-]{0,39}$")
        case .title: EditorSchema.string("One line for lists; placeholders are filled in.")
        case .description: EditorSchema.string("What it is for and why it is safe; shown to the approver.")
        case .when: EditorSchema.oneOrMore(condition, "Findings that trigger it; any of them is enough.")
        case .unless: EditorSchema.oneOrMore(condition, "Findings on the same host that rule it out.")
        case .hosts:
            EditorSchema.closed(
                "Hosts it applies to.",
                [
                    ("nixos", EditorSchema.flagged("Whether it needs NixOS.")),
                    ("groups", EditorSchema.strings("Any of these groups.")),
                    ("tags", EditorSchema.strings("Any of these tags.")),
                ])
        case .parameters:
            EditorSchema.object([
                ("type", .string("object")), ("description", .string("Values it needs, by name; used as ${name}.")),
                ("additionalProperties", parameter),
            ])
        case .risk: EditorSchema.word("Minimum risk, whatever its actions are.", Risk.allCases.map(\.rawValue))
        case .autonomy:
            EditorSchema.word(
                "The lowest autonomy level that may run it without approval.", AutonomyLevel.allCases.map(\.rawValue))
        case .evidence:
            EditorSchema.array(
                "What an approver should see first.", item(Action.Kind.diagnose.parameters, naming: nil))
        case .steps: EditorSchema.array("What it does, in this order.", steps)
        case .verify:
            EditorSchema.array("What is verified afterwards, in addition to the proofs of each action.", checks)
        case .rollback: EditorSchema.array("What it does when a step or a check fails.", steps)
        case .cooldown:
            EditorSchema.string(
                "Time until it may run again without approval: 10m, 6h, 1d.", pattern: "^([0-9.]+[smhdw])+$")
        case .limits:
            EditorSchema.closed(
                "How often it may run without approval.", [("per-hour", EditorSchema.number("Runs an hour and host."))])
        case .protected: EditorSchema.strings("Protected units, or patterns, that it may change with approval.")
        case .hours: EditorSchema.word("Whether it is meant for the host's quiet hours.", ["quiet", "any"])
        case .insteadOf: EditorSchema.strings("Playbooks that are not proposed when this one is.")
        }
    }

    /// Every kind of finding with what it means, written once.
    private static var kind: JSONValue {
        let kinds = FindingKind.allCases.sorted { $0.rawValue < $1.rawValue }
        return EditorSchema.word("A kind of finding.", kinds.map(\.rawValue), hints: kinds.map(\.entry.meaning))
    }

    private static var condition: JSONValue {
        let one: JSONValue = ["$ref": "#/definitions/finding"]
        let properties = PlaybookReader.conditionKeys.map { key -> (String, JSONValue) in
            switch key {
            case "finding": (key, EditorSchema.oneOrMore(one, "The kind of finding."))
            case "severity": (key, EditorSchema.word("At least this severity.", Severity.allCases.map(\.rawValue)))
            case "seen-for":
                (key, EditorSchema.string("Known for at least: 10m, 1h, 1d.", pattern: "^([0-9.]+[smhdw])+$"))
            default: (key, EditorSchema.strings("Patterns with * and ?; any of them may match."))
            }
        }
        let full = EditorSchema.closed("A finding and its conditions.", properties, required: ["finding"])
        return EditorSchema.object([("anyOf", .array([one, full]))])
    }

    private static var parameter: JSONValue {
        let properties = PlaybookReader.parameterKeys.map { key -> (String, JSONValue) in
            switch key {
            case "type": (key, EditorSchema.word("What it can be.", PlaybookParameter.Kind.allCases.map(\.rawValue)))
            case "from":
                (
                    key,
                    EditorSchema.string(
                        "Where it comes from: \(PlaybookParameter.Source.known.joined(separator: ", ")), host.vars.NAME."
                    )
                )
            case "capture": (key, EditorSchema.string("A text with one *; the part that * matches is the value."))
            case "pattern": (key, EditorSchema.string("Pattern that values must match; * and ? are wildcards."))
            case "optional": (key, EditorSchema.flagged("Whether it may be missing."))
            case "default": (key, EditorSchema.string("The default value."))
            default: (key, EditorSchema.string("What it means."))
            }
        }
        return EditorSchema.closed("A value.", properties, required: ["type"])
    }

    private static var steps: JSONValue {
        EditorSchema.object([
            (
                "anyOf",
                .array(Action.Kind.allCases.map { item($0.parameters, naming: ("action", $0.rawValue)) })
            )
        ])
    }

    private static var checks: JSONValue {
        EditorSchema.object([
            ("anyOf", .array(Check.Kind.allCases.map { item($0.parameters, naming: ("check", $0.rawValue)) }))
        ])
    }

    private static func item(_ specs: [ParameterSpec], naming name: (key: String, value: String)?) -> JSONValue {
        let first = name.map { ($0.key, EditorSchema.object([("const", .string($0.value))])) }
        let own = specs.map { spec -> (String, JSONValue) in
            let hint = "Such as \(spec.example)."
            return switch spec.shape {
            case .text: (spec.name, EditorSchema.string(hint))
            case .words: (spec.name, EditorSchema.strings("The program and its arguments, each a word of its own."))
            case .oneOf(let words): (spec.name, EditorSchema.word(hint, words))
            }
        }
        let required = (first.map { [$0.0] } ?? []) + specs.filter(\.isRequired).map(\.name)
        return EditorSchema.closed(nil, [first].compactMap { $0 } + own, required: required)
    }
}
