// SPDX-License-Identifier: MIT
import MachaModel

extension Diagnosis.Kind {
    /// How many inodes of each file system are in use.
    static let inodeUsage = Self(
        "inode-usage",
        .host(Command("df", ["-P", "-i"], outputLimit: 64 << 10)))
}
