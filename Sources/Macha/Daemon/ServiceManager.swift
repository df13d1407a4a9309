// SPDX-License-Identifier: MIT
import Foundation

/// What is said to the service manager, by the datagrams of sd_notify(3).
package struct ServiceManager: Sendable {
    private let socket: String?
    /// How often it wants a sign of life; `nil` when it wants none.
    package let watchdog: Duration?

    /// As `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID` of `environment` say.
    package init(environment: [String: String]) {
        let named = environment["NOTIFY_SOCKET"] ?? ""
        socket = named.hasPrefix("/") || named.hasPrefix("@") ? named : nil
        let isMeant = environment["WATCHDOG_PID"].map { $0 == "\(getpid())" } ?? true
        let microseconds = environment["WATCHDOG_USEC"].flatMap { Int64($0) } ?? 0
        watchdog = isMeant && microseconds > 0 ? .microseconds(microseconds) : nil
    }

    /// The first schedule is made.
    package func ready() { send("READY=1") }

    /// What it does, in a sentence.
    package func status(_ sentence: String) {
        send("STATUS=" + sentence.replacing("\n", with: " "))
    }

    /// Files are read again. Followed by ``ready()`` whether or not they are sound: the manager waits for it.
    package func reloading() {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        send("RELOADING=1\nMONOTONIC_USEC=\(Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)")
    }

    /// It is about to end.
    package func stopping() { send("STOPPING=1") }

    /// A sign of life.
    package func alive() { send("WATCHDOG=1") }

    /// A manager that cannot be told is no reason to stop working, so errors are passed over.
    private func send(_ text: String) {
        guard let socket else { return }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var name = Array(socket.utf8)
        // An address that begins with @ is in the abstract namespace, where the first byte is 0 (unix(7)).
        if name[0] == UInt8(ascii: "@") { name[0] = 0 }
        let length = MemoryLayout<sa_family_t>.size + name.count + (name[0] == 0 ? 0 : 1)
        guard length <= MemoryLayout<sockaddr_un>.size else { return }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let descriptor = Glibc.socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                _ = sendto(
                    descriptor, bytes, bytes.count, CInt(MSG_NOSIGNAL) | CInt(MSG_DONTWAIT), pointer,
                    socklen_t(length))
            }
        }
    }
}
