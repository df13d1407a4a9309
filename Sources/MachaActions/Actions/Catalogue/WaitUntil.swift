// SPDX-License-Identifier: MIT
import MachaModel

extension Action.Kind {
    package static let waitUntil = Self(WaitUntil.self)
}

extension Action {
    package static func waitUntil(_ check: Check, within span: ActionSpan) -> Action {
        Action(WaitUntil(check: check, span: span))
    }
}

/// Looks again and again until something holds.
private struct WaitUntil: ActionDefinition {
    static let name = "wait-until"
    private static let check = Parameter<Check.Kind>("check", example: "clock-synchronized")
    private static let within = Parameter("within", example: "2m", ActionSpan.init)
    /// Beside its own, those of every check; each once, in the order of their first use.
    static let parameters: [ParameterSpec] = {
        var seen: Set<String> = []
        let ofChecks = Check.Kind.allCases.flatMap(\.parameters).filter { seen.insert($0.name).inserted }
        return [check.required, within.required]
            + ofChecks.map { ParameterSpec($0.name, isRequired: false, $0.shape, example: $0.example) }
    }()
    static let traits: Set<ActionTrait> = []
    static let sudo = SudoNeed.nothing

    let check: Check
    let span: ActionSpan

    init(check: Check, span: ActionSpan) {
        self.check = check
        self.span = span
    }

    init?(_ reader: inout ParameterReader) {
        let kind = reader.required(Self.check)
        let span = reader.required(Self.within)
        let rest = reader.takeRest()
        guard let kind, let span else { return nil }
        self.span = span
        do throws(ParameterMistakes) {
            check = try Check(kind, rest)
        } catch {
            reader.complain(error)
            return nil
        }
    }

    var values: [String: ActionValue] {
        var values = check.parameters
        values["check"] = .text(check.kind.rawValue)
        values["within"] = .text(span.description)
        return values
    }

    var work: ActionWork { .wait(check, within: span) }
    var subject: ActionSubject { .part(check.description) }
    var isDisruptive: Bool { false }
    var trace: ActionTrace { .none }

    func risk(in context: RiskContext) -> RiskAssessment { RiskAssessment(.low, "it is read-only") }

    func plan(in context: RiskContext) -> ActionPlan {
        ActionPlan(
            proofs: [check], looksAfter: Self.looks(within: span.seconds), wayBack: .notNeeded("it is read-only"))
    }

    /// From a second on ever less often, and in the end at the limit itself.
    private static func looks(within seconds: Int) -> [Int] {
        var looks: [Int] = [0]
        var step = 1
        while let last = looks.last, last + step < seconds {
            looks.append(last + step)
            step = min(step * 2, 60)
        }
        return looks.last == seconds ? looks : looks + [seconds]
    }
}
