// SPDX-License-Identifier: MIT
package import MachaInventory

/// How far some work on many hosts is, for the progress line.
package struct FleetProgress: Sendable {
    package private(set) var done = 0
    package let total: Int
    /// Hosts that have not answered yet, in inventory order.
    package private(set) var waiting: [String]

    /// Nothing is done yet.
    package init(_ hosts: [FleetHost]) {
        total = hosts.count
        waiting = hosts.map(\.name)
    }

    /// `host` has answered.
    package mutating func heard(_ host: String) {
        done += 1
        waiting.removeAll { $0 == host }
    }
}
