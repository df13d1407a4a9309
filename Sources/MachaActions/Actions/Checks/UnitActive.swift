// SPDX-License-Identifier: MIT
package import MachaModel

extension Check.Kind {
    package static let unitActive = Self(UnitActive.self)
}

extension Check {
    package static func unitActive(_ unit: UnitName) -> Check { Check(UnitActive(unit: unit)) }
}

/// The unit runs, or is a job that ended well, and systemd did not have to restart it since the first look.
private struct UnitActive: CheckDefinition {
    static let name = "unit-active"
    static let parameters = [Parameter.unit.required]
    static let needsOneAnswer = true

    let unit: UnitName

    init(unit: UnitName) { self.unit = unit }

    init?(_ reader: inout ParameterReader) {
        guard let unit = reader.required(Parameter.unit) else { return nil }
        self.unit = unit
    }

    var values: [String: ActionValue] { ["unit": .text(unit.description)] }
    var sentence: String { "\(unit) is active and stays active" }
    var command: Command? { Diagnosis.unit(unit).command }

    func judge(_ answers: CheckAnswers) -> CheckVerdict {
        answers.judge { facts in
            guard facts.active == "active" || facts.isFinishedJob else { return .fails(facts.summary) }
            guard let first = answers.first.flatMap({ UnitFacts($0) }) else { return .holds(facts.summary) }
            if facts.restarts > first.restarts {
                return .fails("systemd had to restart it \(facts.restarts - first.restarts) times since")
            }
            if !first.isFinishedJob, !facts.isFinishedJob, first.invocation != facts.invocation {
                return .fails("it was restarted since the first check")
            }
            return .holds(facts.summary)
        }
    }
}
