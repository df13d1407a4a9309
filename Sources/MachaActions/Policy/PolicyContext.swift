// SPDX-License-Identifier: MIT
package import MachaFindings
package import MachaInventory
package import MachaModel
package import MachaProbes
package import struct Foundation.Date

/// Everything policy considers besides the action itself: one value, no clock, no database.
package struct PolicyContext: Sendable {
    package var now: Date
    package var host: FleetHost
    package var standing: HostStanding
    /// The machine that answered last under the host's name: what was done there counts, under whatever name.
    package var machine: MachineIdentity
    /// Other names of that machine in the inventory, whose caution counts too.
    package var otherNames: [String]
    /// Minutes after midnight at the host, 0…1439; `nil` when unknown, which counts as inside quiet hours.
    package var localMinute: Int?
    package var pause: PauseState
    /// Of the host, or of another name of its machine.
    package var maintenance: Maintenance
    /// Actions that were begun in the last hour or within the longest cooldown, of the whole fleet, in any order.
    package var history: [ActionRecord]
    /// How the groups of this host stand; those without a limit may be left out.
    package var groups: [GroupAvailability]
    package var limits: PolicyLimits

    package init(
        now: Date, host: FleetHost, standing: HostStanding, maintenance: Maintenance,
        machine: MachineIdentity = MachineIdentity(hostKey: nil, machineID: nil), otherNames: [String] = [],
        localMinute: Int? = nil, pause: PauseState = PauseState(),
        history: [ActionRecord] = [], groups: [GroupAvailability] = [], limits: PolicyLimits = PolicyLimits()
    ) {
        self.now = now
        self.host = host
        self.standing = standing
        self.machine = machine
        self.otherNames = otherNames
        self.localMinute = localMinute
        self.pause = pause
        self.maintenance = maintenance
        self.history = history
        self.groups = groups
        self.limits = limits
    }
}

/// What we know of a host right now.
package enum HostStanding: Hashable, Sendable {
    /// It answered the last time we asked.
    case known
    /// Never asked, not reached, or too long ago; with the reason.
    case unknown(String)
    /// Its key is unknown, changed or revoked.
    case untrusted

    /// What the newest snapshot of a host says, however old it is; `nil` when there is none.
    package init(last snapshot: Snapshot?) {
        switch snapshot?.contact {
        case nil: self = .unknown("it was never checked; run 'macha check'")
        case .reached: self = .known
        case .failed(let failure):
            self = failure.kind == .untrusted ? .untrusted : .unknown(failure.message.printable())
        }
    }
}

/// One group of a host and who of it cannot be counted on.
package struct GroupAvailability: Hashable, Sendable {
    package var group: FleetGroup
    /// Other hosts of the group on which something is being changed.
    package var changing: Set<String>
    /// Other hosts of the group that are down or in an unknown state.
    package var down: Set<String>

    package init(group: FleetGroup, changing: Set<String> = [], down: Set<String> = []) {
        self.group = group
        self.changing = changing
        self.down = down
    }
}

/// How often things may happen without a person.
package struct PolicyLimits: Hashable, Codable, Sendable {
    /// Repairs of one target in ``loopSpan`` after which a person is asked.
    package var loopCount = 3
    /// Seconds.
    package var loopSpan = 3600
    /// Automatic actions a host and hour.
    package var perHost = 6
    /// Automatic actions of the whole fleet an hour.
    package var perFleet = 30

    package init() {}
}
