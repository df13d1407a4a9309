// SPDX-License-Identifier: MIT
package import MachaModel
package import struct Foundation.Date

/// What is known of machines beside the one that answers: who else goes by its marks, and who had its name before.
package struct KnownMachines: Sendable {
    /// The other names of the inventory, with the machine that answered last under each.
    package var others: [String: MachineIdentity] = [:]
    /// Another machine that had the same name, and when it was last seen.
    package var before: (machine: MachineIdentity, lastSeen: Date)?
    /// The machine before was the last one that answered: this is the first time that the present one does.
    package var isFirst = false

    package init() {}
}
