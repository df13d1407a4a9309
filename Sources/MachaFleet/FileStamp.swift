// SPDX-License-Identifier: MIT
import Glibc
import Synchronization

/// Tells whether a file is still the one that was read.
struct FileStamp: Hashable, Sendable {
    private let device: UInt64
    private let inode: UInt64
    private let size: Int64
    private let seconds: Int
    private let nanoseconds: Int

    /// `nil` for a file that is not there.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        seconds = status.st_mtim.tv_sec
        nanoseconds = status.st_mtim.tv_nsec
    }
}

/// What was made of some files, until one of them changes.
final class FileCache<Value: Sendable>: Sendable {
    private struct Entry {
        var stamps: [FileStamp?]
        var value: Value
    }

    private let entries = Mutex<[[String]: Entry]>([:])

    /// The value of `files`, made by `load` when it is not there or out of date.
    func value(of files: [String], load: () -> Value) -> Value {
        // Before reading: a change in between is then seen the next time.
        let stamps = files.map(FileStamp.init)
        return entries.withLock { entries in
            if let entry = entries[files], entry.stamps == stamps { return entry.value }
            let value = load()
            entries[files] = Entry(stamps: stamps, value: value)
            return value
        }
    }
}
