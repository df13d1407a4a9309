// SPDX-License-Identifier: MIT

extension FleetHost {
    /// Macha itself, as a row of its fleet. It is in no inventory, and nothing contacts it.
    package static let itself = FleetHost(name: "macha", connection: .local, autonomy: .observe)
}
