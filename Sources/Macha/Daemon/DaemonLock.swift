// SPDX-License-Identifier: MIT
import Foundation

/// The right to be the daemon of one state folder.
///
/// An advisory lock on `serve.lock`: the kernel drops it when the process ends, however it ends.
final class DaemonLock: Sendable {
    private let descriptor: CInt

    private init(_ descriptor: CInt) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Takes the lock. Throws with the process that holds it.
    static func take(in folder: String) throws(ControllerError) -> DaemonLock {
        let path = "\(folder)/serve.lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let reason = String(cString: strerror(errno))
            throw ControllerError(.unavailable, "\(path): cannot open the lock: \(reason)")
        }
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let number = errno
            if number == EINTR { continue }
            let holder = Self.holder(descriptor)
            close(descriptor)
            guard number == EWOULDBLOCK else {
                throw ControllerError(
                    .unavailable, "\(path): cannot take the lock: \(String(cString: strerror(number)))")
            }
            throw ControllerError(
                .unavailable,
                "macha serve already works in \(folder)\(holder.map { " (process \($0))" } ?? ""); stop it first, or name "
                    + "another folder with --state-dir")
        }
        let text = Array("\(getpid())\n".utf8)
        // Only for the message above: the lock itself is what counts.
        if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, text, text.count, 0) }
        return DaemonLock(descriptor)
    }

    private static func holder(_ descriptor: CInt) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        return Int32(String(decoding: bytes[..<count], as: UTF8.self).filter(\.isNumber))
    }
}
