// SPDX-License-Identifier: MIT
import Foundation

/// Files that other programs read: each is there whole, or as it was before.
enum AtomicFile {
    /// Writes `content` to a hidden file beside it, flushes that and renames it to `path`, readable by its owner only: that of
    /// the folder.
    ///
    /// No two writers share a hidden file, in one process or in several. A link at `path` is replaced, never followed; on
    /// failure nothing is left. What a killed process left is swept up an hour later, by the next to write that name.
    static func replace(_ path: String, with content: Data) throws(StoreError) {
        let operation = "cannot write the file"
        let folder = StoreFile.folder(of: path)
        let prefix = ".\(path.dropFirst(folder.count + 1))."
        let scratch = "\(folder)/\(prefix)\(String(UInt64.random(in: .min ... .max), radix: 16)).tmp"
        sweep(folder, prefix)
        let descriptor = open(scratch, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StoreFile.failure(operation, path: path) }
        let isWritten = content.withUnsafeBytes { writeAll($0, to: descriptor) } && fsync(descriptor) == 0
        let number = errno
        close(descriptor)
        StoreFile.giveToOwner(ofFolder: StoreFile.folder(of: path), scratch)
        guard isWritten, rename(scratch, path) == 0 else {
            let cause = isWritten ? errno : number
            unlink(scratch)
            throw StoreFile.failure(operation, path: path, number: cause)
        }
    }

    /// The same, unless the file is there as it would be written: a file of its own, for its owner alone, with this content.
    static func update(_ path: String, with content: Data) throws(StoreError) {
        var status = stat()
        let isPlain = lstat(path, &status) == 0 && status.st_mode == S_IFREG | 0o600 && status.st_nlink == 1
        if isPlain, status.st_size == content.count, FileManager.default.contents(atPath: path) == content { return }
        try replace(path, with: content)
    }

    /// Removes hidden files that begin with `prefix` and that nobody has written to for an hour.
    static func sweep(_ folder: String, _ prefix: String) {
        guard let listing = opendir(folder) else { return }
        defer { closedir(listing) }
        while let entry = readdir(listing) {
            // Looked at before it becomes a string: the state directory has a file for every host.
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                bytes.starts(with: prefix.utf8) ? String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) : ""
            }
            guard name.hasSuffix(".tmp") else { continue }
            var status = stat()
            guard lstat("\(folder)/\(name)", &status) == 0, status.st_mtim.tv_sec < time(nil) - 3600 else { continue }
            unlink("\(folder)/\(name)")
        }
    }

    private static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: CInt) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count < 0 && errno != EINTR { return false }
            rest = rest.dropFirst(max(0, count))
        }
        return true
    }
}
