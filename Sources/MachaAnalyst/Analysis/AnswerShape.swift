// SPDX-License-Identifier: MIT
import MachaCore

/// The shapes that answers must have. Small ones: an 8B model has to fill them.
enum AnswerShape {
    /// The analysis of a host, which may name these playbooks and these questions.
    ///
    /// With no playbooks or questions to name, these parts are left out of the shape.
    static func analysis(_ playbooks: [String], _ questions: [String]) -> JSONSchema {
        var properties: [JSONSchema.Property] = [
            .init("observations", .array(of: observation, atMost: 12)),
            .init("root_cause", .nullable(rootCause)),
            .init("suggestions", .array(of: suggestion, atMost: 3)),
        ]
        if !playbooks.isEmpty { properties.append(.init("proposals", .array(of: proposal(playbooks), atMost: 4))) }
        if !questions.isEmpty { properties.append(.init("questions", .array(of: question(questions), atMost: 3))) }
        properties.append(.init("status", .choice(Analysis.Verdict.allCases.map(\.rawValue))))
        properties.append(.init("summary", .string(atLeast: 1, atMost: 600), "Two sentences for a person."))
        return .object(properties)
    }

    /// Notes on a chunk, or on other notes.
    static let notes = JSONSchema.object([
        .init(
            "notes",
            .array(
                of: .object([
                    .init("text", .string(atLeast: 1, atMost: 300)), .init("severity", severity),
                    .init("evidence", citations),
                ]), atMost: 16))
    ])

    private static let severity = JSONSchema.choice(Severity.allCases.map(\.rawValue))
    private static let citations = JSONSchema.array(of: .string(atLeast: 1, atMost: 16), atMost: 8)

    private static let observation = JSONSchema.object([
        .init("title", .string(atLeast: 1, atMost: 120)), .init("detail", .string(atMost: 500)),
        .init("severity", severity), .init("evidence", citations, "Ids of lines."),
    ])

    private static let rootCause = JSONSchema.object([
        .init("statement", .string(atLeast: 1, atMost: 400)), .init("evidence", citations),
        .init("confidence", .number(0...1)),
    ])

    private static let suggestion = JSONSchema.object([
        .init("change", .string(atLeast: 1, atMost: 800)), .init("reason", .string(atMost: 300)),
        .init("evidence", citations),
    ])

    private static func proposal(_ playbooks: [String]) -> JSONSchema {
        .object([
            .init("playbook", .choice(playbooks)),
            .init(
                "parameters",
                .array(
                    of: .object([
                        .init("name", .string(atLeast: 1, atMost: 60)), .init("value", .string(atMost: 200)),
                    ]), atMost: 6)),
            .init("reason", .string(atLeast: 1, atMost: 300)), .init("evidence", citations),
            .init("risk", .choice(Risk.allCases.map(\.rawValue))),
        ])
    }

    private static func question(_ kinds: [String]) -> JSONSchema {
        .object([.init("look", .choice(kinds)), .init("unit", .nullable(.string(atMost: 120)))])
    }
}
