// SPDX-License-Identifier: MIT
import Foundation

/// Files that other programs read: each is there whole, or as it was before.
enum AtomicFile {
    /// Writes `content` to `scratch`, flushes it and renames it to `path`, readable by its owner only: that of the folder.
    ///
    /// Both lie in the same folder. A link at `path` is replaced, never followed; on failure `scratch` is removed.
    static func replace(_ path: String, scratch: String, with content: Data) throws(StoreError) {
        let operation = "cannot write the file"
        let descriptor = open(scratch, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
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
