// SPDX-License-Identifier: MIT
package import MachaModel
package import struct Foundation.Date

/// One action that was begun, as policy needs to know of it.
package struct ActionRecord: Hashable, Codable, Sendable {
    package enum Outcome: String, Hashable, Codable, Sendable, CaseIterable {
        /// Begun, and nothing heard of its end yet.
        case running
        /// Done, and its proofs held.
        case verified
        case failed
        /// It failed and was undone.
        case rolledBack = "rolled-back"
        /// The controller was gone meanwhile; a person decides.
        case interrupted
    }

    package var host: String
    /// The machine it was started on; `nil` in records of earlier versions.
    package var machine: MachineIdentity?
    package var kind: Action.Kind
    /// `Action.target`.
    package var target: String
    package var footprint: Action.Footprint
    package var playbook: String?
    package var isAutomatic: Bool
    package var startedAt: Date
    package var outcome: Outcome

    package init(
        host: String, kind: Action.Kind, target: String, footprint: Action.Footprint, playbook: String? = nil,
        isAutomatic: Bool, startedAt: Date, outcome: Outcome
    ) {
        self.host = host
        self.kind = kind
        self.target = target
        self.footprint = footprint
        self.playbook = playbook
        self.isAutomatic = isAutomatic
        self.startedAt = startedAt
        self.outcome = outcome
    }

    /// The record of `action` at its beginning.
    package init(
        _ action: Action, on host: String, machine: MachineIdentity, playbook: String?, requester: Requester,
        startedAt: Date
    ) {
        self.init(
            host: host, kind: action.kind, target: action.target, footprint: action.footprint, playbook: playbook,
            isAutomatic: requester.isAutomatic, startedAt: startedAt, outcome: .running)
        self.machine = machine
    }

    /// Whether it counts for `machine`, called `name` now: it was done there, or under that name and not provably elsewhere.
    package func concerns(_ name: String, _ machine: MachineIdentity) -> Bool {
        guard let own = self.machine else { return host == name }
        return own.mayBe(machine) || (host == name && !own.isAnother(than: machine))
    }
}
