// SPDX-License-Identifier: MIT

/// A figure of a finding, under the name it is recorded by.
package enum Figure: String, Hashable, Sendable {
    /// Bytes, of a file system or pool.
    case size, used, available
    case inodes, inodesFree
    /// Bytes of memory, and of swap.
    case total, swapTotal, swapFree, cachedByZFS
    /// Bytes.
    case journalBytes
    /// Seconds.
    case uptime, secondsUntilFull
    /// Seconds since 1970, by the clock of each.
    case host, controller
}
