// SPDX-License-Identifier: MIT
import Foundation
import Synchronization

/// The socket of a service manager: it keeps every datagram it gets.
package final class DatagramSocket: Sendable {
    /// What `NOTIFY_SOCKET` says: a path, or a name in the abstract namespace after `@`.
    package let name: String
    private let descriptor: CInt
    private let seen = Mutex<[String]>([])

    package init(_ name: String) throws {
        self.name = name
        descriptor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let isAbstract = name.hasPrefix("@")
        let bytes = (isAbstract ? [0] : []) + Array(name.utf8.dropFirst(isAbstract ? 1 : 0))
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count + (isAbstract ? 0 : 1))
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        guard descriptor >= 0, status == 0 else {
            throw ChildProcess.Failure(reason: "cannot bind \(name): errno \(errno)")
        }
    }

    deinit { close(descriptor) }

    /// Every datagram so far, in order.
    package func messages() -> [String] {
        seen.withLock { seen in
            var buffer = [UInt8](repeating: 0, count: 4_096)
            while true {
                let count = recv(descriptor, &buffer, buffer.count, CInt(MSG_DONTWAIT))
                guard count > 0 else { return seen }
                seen.append(String(decoding: buffer[..<count], as: UTF8.self))
            }
        }
    }
}
