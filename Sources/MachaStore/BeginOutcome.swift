// SPDX-License-Identifier: MIT

/// How many hosts of a group may be changed at a time.
package struct GroupLimit: Hashable, Sendable {
    package var group: String
    package var hosts: Set<String>
    package var atOnce: Int

    package init(group: String, hosts: Set<String>, atOnce: Int) {
        self.group = group
        self.hosts = hosts
        self.atOnce = atOnce
    }
}

/// Whether an action may be sent now.
package enum BeginOutcome: Hashable, Sendable {
    /// The action's id.
    case begun(Int64)
    /// Why not; nothing was recorded.
    case blocked(String)
}
