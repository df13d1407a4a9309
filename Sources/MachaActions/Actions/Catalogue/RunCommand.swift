// SPDX-License-Identifier: MIT
import MachaModel

extension Action.Kind {
    package static let command = Self(RunCommand.self)
}

extension Action {
    package static func command(_ command: OwnerCommand) -> Action { Action(RunCommand(command: command)) }
}

/// A program with arguments that the fleet's owner wrote into a playbook. Never from a model.
private struct RunCommand: ActionDefinition {
    static let name = "command"
    private static let sudoFlag = Parameter<Bool>(flag: "sudo", example: "true")
    private static let claimedRisk = Parameter<Risk>("risk", example: "low")
    private static let because = Parameter("because", example: "only cached answers are forgotten", NoteText.init)
    static let parameters = [
        ParameterSpec("argv", isRequired: true, .words, example: "[resolvectl, flush-caches]"), sudoFlag.optional,
        claimedRisk.optional, because.optional,
    ]
    static let traits: Set<ActionTrait> = [.ownersOnly]
    static let sudo = SudoNeed.exactWords

    let command: OwnerCommand

    init(command: OwnerCommand) { self.command = command }

    init?(_ reader: inout ParameterReader) {
        let words = reader.words("argv")
        let asRoot = reader.optional(Self.sudoFlag) ?? false
        let risk = reader.optional(Self.claimedRisk)
        let because = reader.optional(Self.because)
        guard let words else { return nil }
        do throws(ValueValidationError) {
            command = try OwnerCommand(
                words, asRoot: asRoot, risk: risk ?? .high, because: because?.description ?? "")
        } catch {
            reader.complain(error, in: "argv")
            return nil
        }
    }

    var values: [String: ActionValue] {
        var values = ["argv": ActionValue.words(command.words), "sudo": .text("\(command.asRoot)")]
        if command.risk < .high {
            values["risk"] = .text(command.risk.rawValue)
            values["because"] = .text(command.justification)
        }
        return values
    }

    var work: ActionWork { .change }
    var subject: ActionSubject { .command(command) }
    var isDisruptive: Bool { true }
    var trace: ActionTrace { .none }

    func risk(in context: RiskContext) -> RiskAssessment {
        guard command.risk < .high else { return RiskAssessment(.high, "a command of the playbook's author") }
        return RiskAssessment(command.risk, "the playbook's author says: \(command.justification.printable())")
            .raised(to: command.unseenReach == nil ? command.risk : .high, because: command.unseenReach ?? "")
    }

    func plan(in context: RiskContext) -> ActionPlan {
        ActionPlan(
            act: [
                PlannedCommand(
                    command.words[0], Array(command.words.dropFirst()), asRoot: command.asRoot, timeout: 600)
            ],
            proofs: [.noNewFailures], looksAfter: [0, 10],
            wayBack: .none("Macha does not know what undoes the command; the playbook may"))
    }
}
