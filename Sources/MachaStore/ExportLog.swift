// SPDX-License-Identifier: MIT
import Foundation

/// An append-only file of lines for people with `jq`, rotated by size: `actions.jsonl`, `actions.jsonl.1`, ….
///
/// An export: the database has the truth. Each line is written with one `write(2)`, so that lines of two processes do
/// not mix, and a line that could not be written is no error of what it tells.
package struct ExportLog: Sendable {
    package let path: String
    /// Bytes after which the file is put aside.
    package let limit: Int
    /// Files put aside that are kept.
    package let kept: Int

    package init(path: String, limit: Int = 16 << 20, kept: Int = 5) {
        self.path = path
        self.limit = max(1, limit)
        self.kept = max(0, kept)
    }

    /// Appends `lines`, each without a line break. With `isDurable` they are on the disk when the call returns.
    package func append(_ lines: [String], isDurable: Bool) throws(StoreError) {
        guard !lines.isEmpty else { return }
        try rotateIfFull()
        let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StoreFile.failure("cannot open the export", path: path) }
        defer { close(descriptor) }
        StoreFile.giveToOwner(ofFolder: StoreFile.folder(of: path), path)
        // A process that was killed while it wrote left half a line, which must not swallow this one.
        var start = Self.endsOpen(descriptor) ? "\n" : ""
        for line in lines {
            try add(Array((start + line + "\n").utf8), to: descriptor)
            start = ""
        }
        guard !isDurable || fsync(descriptor) == 0 else {
            throw StoreFile.failure("cannot write the export", path: path)
        }
    }

    /// Writes all of `bytes`, or takes back the part that found room: half a line of a full disk would look like an edit.
    private func add(_ bytes: [UInt8], to descriptor: CInt) throws(StoreError) {
        let written = write(descriptor, bytes, bytes.count)
        guard written != bytes.count else { return }
        guard written > 0 else { throw StoreFile.failure("cannot write the export", path: path) }
        let end = lseek(descriptor, 0, SEEK_CUR)
        // Only the second attempt says why the first one was short.
        let rest = bytes.count - written
        let more = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress?.advanced(by: written), rest) }
        guard more != rest else { return }
        let number = more < 0 ? errno : ENOSPC
        var status = stat()
        // What another process has added since then stays.
        if fstat(descriptor, &status) == 0, Int(status.st_size) == end + max(0, more) {
            ftruncate(descriptor, end - written)
        }
        throw StoreFile.failure("cannot write the export", path: path, number: number)
    }

    /// The files there are, oldest first: those put aside, then the one that is written to.
    package var files: [String] {
        let all = stride(from: kept, to: 0, by: -1).map { "\(path).\($0)" } + [path]
        return all.filter { access($0, F_OK) == 0 }
    }

    private static func endsOpen(_ descriptor: CInt) -> Bool {
        let size = lseek(descriptor, 0, SEEK_END)
        var last: UInt8 = 0
        return size > 0 && pread(descriptor, &last, 1, size - 1) == 1 && last != UInt8(ascii: "\n")
    }

    private func rotateIfFull() throws(StoreError) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_size >= limit else { return }
        for number in stride(from: kept, to: 0, by: -1) {
            let from = number == 1 ? path : "\(path).\(number - 1)"
            // What is not there yet cannot be moved; that is how it should be.
            rename(from, "\(path).\(number)")
        }
        if kept == 0 { unlink(path) }
    }
}
