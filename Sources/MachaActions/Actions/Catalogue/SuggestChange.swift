// SPDX-License-Identifier: MIT
import MachaModel

extension Action.Kind {
    package static let suggestChange = Self(SuggestChange.self)
}

extension Action {
    package static func suggestChange(_ change: ConfigurationChange) -> Action { Action(SuggestChange(change: change)) }
}

/// Writes a proposal for the fleet's configuration into a file on the controller, for a person to apply.
private struct SuggestChange: ActionDefinition {
    static let name = "suggest-change"
    private static let why = Parameter("text", example: "the memory was too small twice this week", NoteText.init)
    private static let options = Parameter("nix", example: "zramSwap.enable = true;", NoteText.init)
    private static let file = Parameter("file", example: "hosts/nas/configuration.nix", RepositoryPath.init)
    private static let before = Parameter("before", example: "zramSwap.enable = false;", NoteText.init)
    private static let after = Parameter("after", example: "zramSwap.enable = true;", NoteText.init)
    static let parameters = [why.required, options.code, file.code, before.code, after.code]
    static let traits: Set<ActionTrait> = [.quotesFindings]
    static let sudo = SudoNeed.nothing

    let change: ConfigurationChange

    init(change: ConfigurationChange) { self.change = change }

    init?(_ reader: inout ParameterReader) {
        let why = reader.required(Self.why)
        let options = reader.optional(Self.options)
        let file = reader.optional(Self.file)
        let before = reader.optional(Self.before)
        let after = reader.optional(Self.after)
        guard let why, reader.mistakes.isEmpty else { return nil }
        switch (options, file, before, after) {
        case (nil, nil, nil, nil): change = ConfigurationChange(why)
        case (let options?, nil, nil, nil): change = ConfigurationChange(why, .options(options))
        case (nil, let file?, let before?, let after?) where before != after:
            change = ConfigurationChange(why, .replacement(of: before, by: after, in: file))
        default:
            reader.complain(
                ValueValidationError("write 'nix' alone, or 'file', 'before' and another 'after' together"))
            return nil
        }
    }

    var values: [String: ActionValue] {
        var values = ["text": ActionValue.text(change.why.description)]
        switch change.lines {
        case .none: break
        case .options(let text): values["nix"] = .text(text.description)
        case .replacement(let before, let after, let file):
            values["file"] = .text(file.description)
            values["before"] = .text(before.description)
            values["after"] = .text(after.description)
        }
        return values
    }

    var work: ActionWork { .suggest(change) }
    var subject: ActionSubject { .part("") }
    var isDisruptive: Bool { false }
    var trace: ActionTrace { .none }
    var withoutProse: SuggestChange { SuggestChange(change: ConfigurationChange(.unspoken, change.lines)) }

    func risk(in context: RiskContext) -> RiskAssessment { RiskAssessment(.low, "nothing is sent to the host") }

    func plan(in context: RiskContext) -> ActionPlan {
        ActionPlan(wayBack: .notNeeded("a person decides whether to apply it"))
    }
}
