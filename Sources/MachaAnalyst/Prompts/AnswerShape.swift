// SPDX-License-Identifier: MIT
import MachaActions
import MachaModel

/// The shapes that answers must have. Small ones: an 8B model has to fill them.
///
/// What a prompt lets a model name (ids, playbooks, units) is an `enum` in the shape the server is sent, so that one that
/// enforces it cannot write anything else. An answer of a server that does not is still read: what it names and nobody knows
/// is dropped by itself, not with all the rest.
enum AnswerShape {
    /// What an answer about one prompt may name.
    struct Vocabulary {
        struct Playbook {
            var id: String
            /// Their names, and whether the value is a unit.
            var parameters: [(name: String, isUnit: Bool)]
        }

        /// Of the lines that can be cited.
        var ids: [String] = []
        var units: [String] = []
        var playbooks: [Playbook] = []
        /// The questions that may be put; empty when none may.
        var questions: [Diagnosis.Kind] = []
    }

    /// The analysis of a host. What a person wants first comes first: an answer that is cut short has it.
    ///
    /// With no playbooks or questions to name, these parts are left out of the shape.
    static func analysis(_ names: Vocabulary) -> JSONSchema {
        var sent = begin(names.ids)
        if !names.playbooks.isEmpty {
            let shapes = names.playbooks.map { proposal($0, names) }
            sent.append(.init("proposals", .array(of: shapes.count == 1 ? shapes[0] : .either(shapes), atMost: 3)))
        }
        sent.append(.init("suggestions", .array(of: suggestion(names.ids), atMost: 3)))
        if !names.questions.isEmpty { sent.append(.init("questions", .array(of: question(names), atMost: 3))) }
        var accepted = begin([])
        accepted.append(.init("proposals", .array(of: proposal, atMost: 8), isRequired: false))
        accepted.append(.init("suggestions", .array(of: suggestion([]), atMost: 6)))
        accepted.append(.init("questions", .array(of: question, atMost: 8), isRequired: false))
        return .lenient(sent: .object(sent), accepted: .object(accepted))
    }

    /// Notes on a chunk, or on other notes, that may cite these lines.
    static func notes(_ ids: [String]) -> JSONSchema {
        func shape(_ ids: [String]) -> JSONSchema {
            .object([
                .init(
                    "notes",
                    .array(
                        of: .object([
                            .init("text", .string(atLeast: 1, atMost: 300)), .init("severity", severity),
                            .init("evidence", citations(ids)),
                        ]), atMost: 16))
            ])
        }
        return .lenient(sent: shape(ids), accepted: shape([]))
    }

    private static func begin(_ ids: [String]) -> [JSONSchema.Property] {
        [
            .init("status", .choice(Analysis.Verdict.allCases.map(\.rawValue))),
            .init("summary", .string(atLeast: 1, atMost: 600), "Two sentences for a person."),
            .init("observations", .array(of: observation(ids), atMost: 8)),
            .init("root_cause", .nullable(rootCause(ids))),
        ]
    }

    private static let severity = JSONSchema.choice(Severity.allCases.map(\.rawValue))
    /// More names than this make grammars that servers refuse or that slow them down; beyond it any short text is taken.
    private static let mostNames = 180

    /// At least one of `ids`; any short texts, or none, when there are none to choose from.
    private static func citations(_ ids: [String]) -> JSONSchema {
        guard !ids.isEmpty else { return .array(of: .string(atMost: 40), atMost: 40) }
        let id = ids.count <= mostNames ? JSONSchema.choice(ids) : .string(atLeast: 1, atMost: 16)
        return .array(of: id, atLeast: 1, atMost: 6)
    }

    private static func observation(_ ids: [String]) -> JSONSchema {
        .object([
            .init("title", .string(atLeast: 1, atMost: 120)), .init("detail", .string(atMost: 500)),
            .init("severity", severity), .init("evidence", citations(ids), "Ids of the lines that say it."),
        ])
    }

    private static func rootCause(_ ids: [String]) -> JSONSchema {
        .object([
            .init("statement", .string(atLeast: 1, atMost: 400)), .init("evidence", citations(ids)),
            .init("confidence", .number(0...1)),
        ])
    }

    private static func suggestion(_ ids: [String]) -> JSONSchema {
        .object([
            .init("change", .string(atLeast: 1, atMost: 800)), .init("reason", .string(atMost: 300)),
            .init("evidence", citations(ids)),
        ])
    }

    private static func proposal(_ playbook: Vocabulary.Playbook, _ names: Vocabulary) -> JSONSchema {
        let parameters = playbook.parameters.map { parameter -> JSONSchema in
            let isListed = parameter.isUnit && !names.units.isEmpty && names.units.count <= mostNames
            return .object([
                .init("name", .choice([parameter.name])),
                .init("value", isListed ? .choice(names.units) : .string(atMost: 200)),
            ])
        }
        let value: JSONSchema =
            parameters.isEmpty
            ? .object([.init("name", .string(atMost: 60)), .init("value", .string(atMost: 200))])
            : parameters.count == 1 ? parameters[0] : .either(parameters)
        return .object([
            .init("playbook", .choice([playbook.id])),
            .init("parameters", .array(of: value, atMost: max(1, parameters.count))),
            .init("reason", .string(atLeast: 1, atMost: 300)), .init("evidence", citations(names.ids)),
            .init("risk", .choice(Risk.allCases.map(\.rawValue))),
        ])
    }

    private static let proposal = JSONSchema.object([
        .init("playbook", .string(atMost: 120)),
        .init(
            "parameters",
            .array(
                of: .object([
                    .init("name", .string(atMost: 60)), .init("value", .string(atMost: 200)),
                ]), atMost: 8)),
        .init("reason", .string(atMost: 300)), .init("evidence", citations([])),
        .init("risk", .choice(Risk.allCases.map(\.rawValue))),
    ])

    /// About a unit that was seen, or about none.
    private static func question(_ names: Vocabulary) -> JSONSchema {
        let about = names.questions.filter(\.takesUnit).map(\.rawValue)
        let general = JSONSchema.object([
            .init("look", .choice(names.questions.filter { !$0.takesUnit }.map(\.rawValue))), .init("unit", .null),
        ])
        guard !names.units.isEmpty, names.units.count <= mostNames, !about.isEmpty else { return general }
        return .either([.object([.init("look", .choice(about)), .init("unit", .choice(names.units))]), general])
    }

    private static let question = JSONSchema.object([
        .init("look", .choice(Diagnosis.Kind.allCases.map(\.rawValue))), .init("unit", .nullable(.string(atMost: 120))),
    ])
}
