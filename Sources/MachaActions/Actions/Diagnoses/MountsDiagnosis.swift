// SPDX-License-Identifier: MIT
import MachaModel

extension Diagnosis.Kind {
    /// What is mounted.
    static let mounts = Self(
        "mounts",
        .host(Command("cat", ["/proc/self/mounts"], outputLimit: 256 << 10)))
}
