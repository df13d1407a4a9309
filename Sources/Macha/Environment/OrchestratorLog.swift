// SPDX-License-Identifier: MIT
import Foundation
import MachaStore
import Synchronization

/// `orchestrator.log` of the state folder: what the daemon did, for people. `[ISO time] text`, rotated by size.
package final class OrchestratorLog: Sendable {
    /// Where it lies in a state folder.
    package static func path(in folder: String) -> String { "\(folder)/orchestrator.log" }

    private let log: ExportLog
    /// Whether the last line could be written; one that cannot is no reason to stop working.
    private let isWritable = Mutex(true)

    /// In the state folder `folder`.
    package init(folder: String) {
        log = Self.log(in: folder)
    }

    fileprivate static func log(in folder: String) -> ExportLog {
        ExportLog(path: path(in: folder), limit: 4 << 20, kept: 4)
    }

    /// Adds the line `text` with the time. Returns why it could not, once until it can again.
    func add(_ text: String, at now: Date) -> String? {
        let stamp = now.formatted(.iso8601)
        do throws(StoreError) {
            try log.append(["[\(stamp)] \(text)"], isDurable: false)
            isWritable.withLock { $0 = true }
            return nil
        } catch {
            return isWritable.withLock { isWritable in
                defer { isWritable = false }
                return isWritable ? "\(error)" : nil
            }
        }
    }

    /// Reads the lines as they come, for people.
    package struct Reader {
        private let log: ExportLog
        private var place: Place?
        private var first: Int

        /// How far the file has been read.
        private struct Place {
            var inode: UInt64
            var offset: UInt64
        }

        /// Begins with the `last` lines there are, of files put aside too.
        package init(folder: String, last: Int) {
            log = OrchestratorLog.log(in: folder)
            first = last
        }

        /// The lines since the last call; the newest ones at the first.
        package mutating func lines() -> [String] {
            guard let place else {
                self.place = Self.place(of: log.path)
                return tail()
            }
            guard let now = Self.place(of: log.path) else { return [] }
            self.place = now
            if now.inode == place.inode { return Self.lines(of: log.path, from: place.offset) }
            // It was put aside meanwhile: first what followed in the old one.
            return Self.lines(of: "\(log.path).1", from: place.offset) + Self.lines(of: log.path, from: 0)
        }

        private func tail() -> [String] {
            var lines: [String] = []
            for path in log.files.reversed() where lines.count < first {
                lines = Self.lines(of: path, from: 0).suffix(first - lines.count) + lines
            }
            return lines
        }

        private static func place(of path: String) -> Place? {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            return Place(inode: UInt64(status.st_ino), offset: UInt64(status.st_size))
        }

        private static func lines(of path: String, from offset: UInt64) -> [String] {
            guard let file = FileHandle(forReadingAtPath: path), (try? file.seek(toOffset: offset)) != nil,
                let data = try? file.readToEnd()
            else { return [] }
            return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
        }
    }
}
