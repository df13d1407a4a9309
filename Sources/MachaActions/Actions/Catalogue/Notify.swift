// SPDX-License-Identifier: MIT
import MachaModel

extension Action.Kind {
    package static let notify = Self(Notify.self)
}

extension Action {
    package static func notify(_ text: NoteText) -> Action { Action(Notify(text: text)) }
}

private struct Notify: ActionDefinition {
    static let name = "notify"
    private static let message = Parameter("message", example: "look at it", NoteText.init)
    static let parameters = [message.required]
    static let traits: Set<ActionTrait> = [.quotesFindings]
    static let sudo = SudoNeed.nothing

    let text: NoteText

    init(text: NoteText) { self.text = text }

    init?(_ reader: inout ParameterReader) {
        guard let text = reader.required(Self.message) else { return nil }
        self.text = text
    }

    var values: [String: ActionValue] { ["message": .text(text.description)] }
    var work: ActionWork { .tell(text) }
    var subject: ActionSubject { .part("") }
    var isDisruptive: Bool { false }
    var trace: ActionTrace { .none }
    var withoutProse: Notify { Notify(text: .unspoken) }

    func risk(in context: RiskContext) -> RiskAssessment { RiskAssessment(.low, "nothing is sent to the host") }

    func plan(in context: RiskContext) -> ActionPlan {
        ActionPlan(wayBack: .notNeeded("nothing is sent to the host"))
    }
}
