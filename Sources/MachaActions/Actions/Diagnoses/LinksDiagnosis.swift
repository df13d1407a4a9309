// SPDX-License-Identifier: MIT
import MachaModel

extension Diagnosis.Kind {
    /// The network links and their addresses.
    static let links = Self(
        "links",
        .host(Command("ip", ["-brief", "address"], outputLimit: 64 << 10)))
}
