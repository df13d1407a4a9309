// SPDX-License-Identifier: MIT
import Foundation

/// The right to change one host, held by one process of all that share a state directory.
///
/// An advisory lock on `locks/HOST`: the kernel drops it when the process ends, however it ends. So a change that is
/// recorded as started while nobody holds its host's lock was interrupted, and that is certain, not guessed.
package final class HostLock: Sendable {
    private let descriptor: CInt

    private init(_ descriptor: CInt) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Takes the lock of `host`; `nil` when someone holds it, in this process or another.
    ///
    /// `host` is a plain name, as every host of an inventory has. `folder` is the state directory.
    package static func take(_ host: String, in folder: String) throws(StoreError) -> HostLock? {
        let locks = "\(folder)/locks"
        let path = "\(locks)/\(host)"
        guard !host.isEmpty, !host.hasPrefix("."), !host.contains("/"), !host.utf8.contains(0) else {
            throw StoreError(.rejected, path: locks, reason: "cannot lock “\(host)”: not a valid host name")
        }
        if mkdir(locks, 0o700) != 0, errno != EEXIST {
            throw StoreFile.failure("cannot create the folder", path: locks)
        }
        var status = stat()
        // Not stat: behind a link lie another program's files, or the locks of another fleet.
        guard lstat(locks, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw StoreError(
                .notWritable, path: locks, reason: "cannot lock \(host): not a folder of its own",
                remedy: "move it away")
        }
        StoreFile.giveToOwner(ofFolder: folder, locks)
        // Opened again each time: flock(2) ties the lock to the open file description, so it also parts two tasks of
        // one process.
        let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StoreFile.failure("cannot open the lock", path: path) }
        StoreFile.giveToOwner(ofFolder: folder, path)
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let number = errno
            if number == EINTR { continue }
            close(descriptor)
            if number == EWOULDBLOCK { return nil }
            throw StoreFile.failure("cannot take the lock", path: path, number: number)
        }
        return HostLock(descriptor)
    }
}
