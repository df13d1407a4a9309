// SPDX-License-Identifier: MIT
import MachaModel

extension Action.Kind {
    package static let vacuumJournal = Self(VacuumJournal.self)
}

extension Action {
    package static func vacuumJournal(_ limit: JournalLimit) -> Action { Action(VacuumJournal(limit: limit)) }
}

/// How much of the journal stays.
package enum JournalLimit: Hashable, Sendable {
    case size(ByteSize)
    case age(ActionSpan)
}

private struct VacuumJournal: ActionDefinition {
    static let name = "vacuum-journal"
    private static let size = Parameter("size", example: "1G", ByteSize.init)
    private static let age = Parameter("age", example: "30d", ActionSpan.init)
    static let parameters = [size.optional, age.optional]
    static let traits: Set<ActionTrait> = []
    static let sudo = SudoNeed.exactWords

    let limit: JournalLimit

    init(limit: JournalLimit) { self.limit = limit }

    init?(_ reader: inout ParameterReader) {
        switch (reader.optional(Self.size), reader.optional(Self.age)) {
        case (let size?, nil): limit = .size(size)
        case (nil, let age?): limit = .age(age)
        case (nil, nil), (_?, _?):
            if reader.mistakes.isEmpty { reader.complain(ValueValidationError("write either 'size' or 'age'")) }
            return nil
        }
    }

    var values: [String: ActionValue] {
        switch limit {
        case .size(let size): ["size": .text(size.description)]
        case .age(let age): ["age": .text(age.description)]
        }
    }

    var work: ActionWork { .change }
    var subject: ActionSubject { .part("journal") }
    var isDisruptive: Bool { false }
    var trace: ActionTrace { .none }

    func risk(in context: RiskContext) -> RiskAssessment {
        switch limit {
        case .size(let size) where size.bytes < 256 << 20:
            RiskAssessment(.medium, "of the journal only \(size) stays")
        case .age(let age) where age.seconds < 7 * 86_400:
            RiskAssessment(.medium, "of the journal only \(age) stays")
        case .size, .age: RiskAssessment(.low, "only the oldest part of the journal goes")
        }
    }

    func plan(in context: RiskContext) -> ActionPlan {
        let option =
            switch limit {
            case .size(let size): "--vacuum-size=\(size)"
            case .age(let age): "--vacuum-time=\(age)"
            }
        return ActionPlan(
            act: [PlannedCommand("journalctl", ["--rotate", option], timeout: 600)], proofs: [.noNewFailures],
            wayBack: .none("deleted log entries are gone"))
    }
}
