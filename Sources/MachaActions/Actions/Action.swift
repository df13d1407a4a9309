// SPDX-License-Identifier: MIT
package import MachaModel

/// One thing Macha can do, from a closed catalogue. There is no other way to change a host.
///
/// It is read from a kind and its parameters, or made by the function that the file of its kind offers; what it is and
/// does stands in that file (``ActionDefinition``).
package struct Action: Hashable, Sendable {
    let definition: any ActionDefinition

    /// The catalogue's names, as playbooks, the command line and the audit have them.
    package struct Kind: RawRepresentable, Codable, Sendable, CaseIterable {
        let definition: any ActionDefinition.Type

        init(_ definition: any ActionDefinition.Type) { self.definition = definition }

        package init?(rawValue: String) {
            guard let kind = ActionCatalog.byName[rawValue] else { return nil }
            self = kind
        }

        package var rawValue: String { definition.name }
        package static var allCases: [Kind] { ActionCatalog.all }
        package var parameters: [ParameterSpec] { definition.parameters }
        var sudo: SudoNeed { definition.sudo }
        /// Its texts are for people, so they may also name the host and quote the finding.
        var quotesFindings: Bool { definition.traits.contains(.quotesFindings) }

        /// Cooldowns and the loop breaker do not tell them apart: a restart and a start both bring a unit up.
        func countsAs(_ other: Kind) -> Bool { definition.countsAs == other.definition.countsAs }
    }

    /// Where an action leaves its mark.
    package enum Footprint: String, Codable, Hashable, Sendable, CaseIterable {
        /// Nothing is sent to the host.
        case controller
        /// The host answers a question that Macha itself designed.
        case reads
        case changes
    }

    init(_ definition: any ActionDefinition) {
        let name = type(of: definition).name
        precondition(ActionCatalog.byName[name] != nil, "\(name) is missing in ActionCatalog")
        self.definition = definition
    }

    package var kind: Kind { Kind(type(of: definition)) }
    package var work: ActionWork { definition.work }
    package var footprint: Footprint { work.footprint }
    private var subject: ActionSubject { definition.subject }
    /// The unit it acts upon.
    package var unit: UnitName? { subject.unit }
    /// What it acts upon on its host: cooldowns and the loop breaker count by host, kind and target.
    package var target: String { subject.target }
    /// The units whose companions have to be known before it is decided about.
    package var movedUnits: [UnitName] { subject.moved }
    /// Something the host offers may be away while it runs.
    package var isDisruptive: Bool { definition.isDisruptive }
    package var trace: ActionTrace { definition.trace }
    /// Every unit that it may touch by its own words.
    var namedUnits: [UnitName] { subject.named }
    /// Patterns among its words; each may stand for many units.
    var namedPatterns: [String] { subject.patterns }
    /// Only the fleet's owner writes it, into a playbook.
    var isOwnersOnly: Bool { kind.definition.traits.contains(.ownersOnly) }
    /// Macha does not do it to the machine it runs on.
    var isNeverOnController: Bool { kind.definition.traits.contains(.neverOnController) }
    /// The same without words for a person, which may quote the figures of the day; lines of a configuration stay.
    var withoutProse: Action { Action(definition.withoutProse) }

    /// What this action becomes on a host of which `context` is known.
    ///
    /// Sources: systemctl(1), journalctl(1), nix-collect-garbage(1), nix-env(1), nixos-rebuild(8), and
    /// switch-to-configuration-ng of nixpkgs.
    ///
    /// - Throws: when the action is refused on this host whoever asks: a reboot of the controller itself.
    package func plan(in context: RiskContext = RiskContext()) throws(PlanRefusal) -> ActionPlan {
        guard !context.isController || !isNeverOnController else {
            throw PlanRefusal(
                description: "the controller does not \(kind.rawValue) itself: it could not see whether it comes back; "
                    + "a person can")
        }
        return definition.plan(in: context)
    }
}

extension Action {
    package static func == (left: Action, right: Action) -> Bool {
        AnyHashable(left.definition) == AnyHashable(right.definition)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(kind)
        hasher.combine(AnyHashable(definition))
    }
}

extension Action.Kind: Hashable, CustomStringConvertible {
    package var description: String { rawValue }

    package static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }

    package func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
}
