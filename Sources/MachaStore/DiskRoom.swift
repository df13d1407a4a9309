// SPDX-License-Identifier: MIT
import Glibc

/// The room on a file system.
package struct DiskRoom: Hashable, Sendable {
    /// What this account may still use, in bytes.
    package let free: UInt64
    /// In bytes.
    package let total: UInt64

    /// With less room than this, soon nothing can be recorded any more. In bytes.
    package static let scarce: UInt64 = 200 << 20

    /// Of the file system that holds `path`; `nil` when it cannot be asked (statvfs(3)).
    package init?(at path: String) {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        free = UInt64(status.f_bavail) * UInt64(status.f_frsize)
        total = UInt64(status.f_blocks) * UInt64(status.f_frsize)
    }
}
