// SPDX-License-Identifier: MIT
import MachaModel

/// One action of the catalogue: how it is written, what it touches, what it becomes on a host, and how risky that is.
///
/// A new action is a new file in `Catalogue/` and one line in ``ActionCatalog``. This protocol is visible in this target
/// only, so nobody else can add one. What decides about an action has no default here.
protocol ActionDefinition: Hashable, Sendable {
    /// Unique: lower-case letters, digits and dashes. It never changes: approvals, history and playbooks rest on it.
    static var name: String { get }
    static var parameters: [ParameterSpec] { get }
    static var traits: Set<ActionTrait> { get }
    static var sudo: SudoNeed { get }
    /// Actions that share this name share cooldowns and the loop breaker. Its own name, mostly.
    static var countsAs: String { get }

    /// Reads it. `nil` only after the reader has noted why.
    init?(_ reader: inout ParameterReader)
    /// The parameters that make it again.
    var values: [String: ActionValue] { get }

    var work: ActionWork { get }
    var subject: ActionSubject { get }
    /// Something the host offers may be away while it runs.
    var isDisruptive: Bool { get }
    /// What the host itself shows of it when the link was lost or Macha ended meanwhile.
    var trace: ActionTrace { get }
    /// By its parameters, and by what its own preview has shown. Protected units and what moves along with them are
    /// added for every action by ``Action/risk(in:)``.
    func risk(in context: RiskContext) -> RiskAssessment
    func plan(in context: RiskContext) -> ActionPlan
    /// The same without words for a person, which may quote the figures of the day.
    var withoutProse: Self { get }
}

extension ActionDefinition {
    static var countsAs: String { name }
    var withoutProse: Self { self }
}

/// What else is true of every action of a kind.
enum ActionTrait: Hashable, Sendable {
    /// Only the fleet's owner writes it, into a playbook; a model cannot.
    case ownersOnly
    /// Macha does not do it to the machine it runs on.
    case neverOnController
    /// Its texts are for people, so they may quote the finding.
    case quotesFindings
}

/// How an action is carried out.
package enum ActionWork: Hashable, Sendable {
    /// Nothing is sent to the host; a person is told.
    case tell(NoteText)
    /// Nothing is sent to the host; a file for a person is written.
    case suggest(ConfigurationChange)
    /// The plan's commands ask a question that Macha itself designed.
    case ask
    /// The host is asked until the check holds, or the time is over.
    case wait(Check, within: ActionSpan)
    /// The plan is carried out, with everything before and after it.
    case change

    var footprint: Action.Footprint {
        switch self {
        case .tell, .suggest: .controller
        case .ask, .wait: .reads
        case .change: .changes
        }
    }
}

/// What shows afterwards whether an action happened.
package enum ActionTrace: Hashable, Sendable {
    /// Nothing on the host.
    case none
    /// Another boot.
    case boot
    /// Another running system. That alone proves nothing: somebody else may have activated it.
    case system
    /// Another invocation of the unit.
    case invocation
    /// Another state of the unit.
    case unitState
}

/// What the sudo rules of an account need for an action.
enum SudoNeed: Hashable, Sendable {
    /// It sends nothing as root.
    case nothing
    /// One line for each unit that the inventory lets Macha manage, and for those that playbooks name.
    case managedUnits
    /// The very words.
    case exactWords
    /// The very words, but any generation's number.
    case anyGeneration
}

/// What an action acts upon on its host.
struct ActionSubject: Hashable, Sendable {
    /// Cooldowns and the loop breaker count by host, kind and this.
    let target: String
    /// The one unit that it acts upon.
    var unit: UnitName?
    /// Every unit that it may touch, for the rule of protected units.
    var named: [UnitName] = []
    /// Patterns that stand for units.
    var patterns: [String] = []
    /// Units whose companions have to be known before it is decided about.
    var moved: [UnitName] = []

    private init(_ target: String) { self.target = target }

    /// `moves` says whether others may stop or start along with it.
    static func unit(_ unit: UnitName, moves: Bool) -> ActionSubject {
        var subject = ActionSubject(unit.description)
        subject.unit = unit
        subject.named = [unit]
        subject.moved = moves ? [unit] : []
        return subject
    }

    /// A part of the host, such as `store`; empty for none.
    static func part(_ name: String) -> ActionSubject { ActionSubject(name) }

    static func question(_ diagnosis: Diagnosis) -> ActionSubject {
        var subject = ActionSubject(diagnosis.description)
        subject.unit = diagnosis.unit
        subject.named = [diagnosis.unit].compactMap(\.self)
        return subject
    }

    static func command(_ command: OwnerCommand) -> ActionSubject {
        var subject = ActionSubject(command.words.joined(separator: " "))
        subject.named = command.mentionedUnits
        subject.patterns = command.mentionedPatterns
        subject.moved = command.movedUnits
        return subject
    }
}
