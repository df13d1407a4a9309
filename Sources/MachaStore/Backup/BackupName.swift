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

    /// When the backup of this name was made; `nil` for any other file, which is nobody's to delete.
    package static func time(of name: String) -> Date? {
        guard name.hasPrefix("macha-"), name.hasSuffix(".db") else { return nil }
        let stamp = String(name.dropFirst(6).dropLast(3))
        guard let time = try? Date(stamp, strategy: .iso8601.dateSeparator(.omitted).timeSeparator(.omitted)) else {
            return nil
        }
        return Self.stamp(time) == stamp ? time : nil
    }

    /// The backups in `folder`, the newest first; none when there is no such folder.
    package static func all(in folder: String) -> [(path: String, time: Date)] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.compactMap { name in time(of: name).map { ("\(folder)/\(name)", $0) } }.sorted {
            $0.time > $1.time
        }
    }

    /// Deletes all backups in `folder` but the newest `count`. Returns the paths that are gone.
    package static func prune(_ folder: String, keeping count: Int) -> [String] {
        all(in: folder).dropFirst(max(1, count)).map(\.path).filter { unlink($0) == 0 }
    }
}
