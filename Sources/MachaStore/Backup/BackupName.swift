// SPDX-License-Identifier: MIT
package import Foundation

/// The names of backups that lie together in a folder: `macha-20261130T181500Z.db`.
package enum BackupName {
    /// A name for a backup made at `time`.
    package static func name(at time: Date) -> String { "macha-\(stamp(time)).db" }

    /// `20261130T181500Z`.
    static func stamp(_ time: Date) -> String {
        time.formatted(.iso8601.dateSeparator(.omitted).timeSeparator(.omitted))
    }
}
