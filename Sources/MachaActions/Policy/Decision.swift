// SPDX-License-Identifier: MIT
import MachaModel

/// What policy says of an action, which rule said so, and why.
package struct Decision: Hashable, Codable, Sendable {
    /// From the least cautious to the most.
    package enum Outcome: String, Hashable, Codable, Sendable, CaseIterable {
        case run
        /// A person has to approve it first.
        case ask
        /// Not now, whoever approves it.
        case refuse
    }

    package var outcome: Outcome
    package var rule: PolicyRule
    /// One sentence, safe to print.
    package var sentence: String

    package init(_ outcome: Outcome, _ rule: PolicyRule, _ sentence: String) {
        self.outcome = outcome
        self.rule = rule
        self.sentence = sentence.printable(limit: 400)
    }

    /// The more cautious of both; of equally cautious ones the first.
    package func or(_ other: Decision) -> Decision { other.outcome > outcome ? other : self }
}

extension Decision.Outcome: Comparable {
    private var rank: Int {
        switch self {
        case .run: 0
        case .ask: 1
        case .refuse: 2
        }
    }

    package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
}

/// Every rule of policy, in the order in which they are asked. Of equally cautious answers the first rule is named.
package enum PolicyRule: String, Hashable, Codable, Sendable, CaseIterable {
    /// The action cannot be carried out on this host at all.
    case impossible
    case protectedUnit = "protected-unit"
    case protectedHost = "protected-host"
    case untrustedHost = "untrusted-host"
    case unknownState = "unknown-state"
    /// The last attempt has no known end.
    case interrupted
    case cooldown
    case restartLoop = "restart-loop"
    case hostRate = "host-rate"
    case fleetRate = "fleet-rate"
    case maxUnavailable = "max-unavailable"
    case hostBusy = "host-busy"
    case quietHours = "quiet-hours"
    case paused
    /// A person is at work on the host, or it is one of its hours for that.
    case maintenance
    /// A playbook needs a higher level than the host has.
    case playbookAutonomy = "playbook-autonomy"
    /// A model proposes it, and no playbook's own conditions match.
    case modelProposal = "model-proposal"
    /// The table: nothing leaves the controller, or Macha's own question.
    case readOnly = "read-only"
    /// The table: level × risk.
    case level
}
