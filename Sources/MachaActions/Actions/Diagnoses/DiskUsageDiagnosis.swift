// SPDX-License-Identifier: MIT
import MachaModel

extension Diagnosis.Kind {
    /// How full each file system is.
    static let diskUsage = Self(
        "disk-usage",
        .host(Command("df", ["-P", "-k"], outputLimit: 64 << 10)))
}
