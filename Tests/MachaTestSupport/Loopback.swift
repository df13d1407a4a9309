// SPDX-License-Identifier: MIT
import Foundation
import Glibc
import Synchronization

/// Small servers and free ports on this machine's loopback addresses.
package enum Loopback {
    package struct Failure: Error { package var reason: String }

    /// A TCP port nobody listens on just now.
    package static func freePort(_ address: String = "127.0.0.1") throws -> UInt16 {
        let listener = try Listener(address)
        defer { listener.close() }
        return listener.port
    }

    /// A connection that blocks; `nil` when nobody takes it.
    static func connect(to port: UInt16, at address: String = "127.0.0.1") -> CInt? {
        guard let (family, bytes) = try? sockaddrBytes(address, port) else { return nil }
        let descriptor = socket(family, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        let isConnected = bytes.withUnsafeBytes { raw in
            Glibc.connect(descriptor, raw.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t(raw.count)) == 0
        }
        if isConnected { return descriptor }
        Glibc.close(descriptor)
        return nil
    }

    fileprivate static func sockaddrBytes(_ address: String, _ port: UInt16) throws -> (CInt, [UInt8]) {
        if address.contains(":") {
            var six = sockaddr_in6()
            six.sin6_family = sa_family_t(AF_INET6)
            six.sin6_port = port.bigEndian
            guard inet_pton(AF_INET6, address, &six.sin6_addr) == 1 else { throw Failure(reason: "bad address") }
            return (AF_INET6, withUnsafeBytes(of: &six) { Array($0) })
        }
        var four = sockaddr_in()
        four.sin_family = sa_family_t(AF_INET)
        four.sin_port = port.bigEndian
        guard inet_pton(AF_INET, address, &four.sin_addr) == 1 else { throw Failure(reason: "bad address") }
        return (AF_INET, withUnsafeBytes(of: &four) { Array($0) })
    }

    /// An address that answers nothing at all: packets to it vanish, because its queue of connections is full.
    package final class BlackHole: Sendable {
        package let port: UInt16
        private let descriptors: [CInt]

        package init() throws {
            let (family, bytes) = try sockaddrBytes("127.0.0.1", 0)
            let type = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
            let listener = socket(family, type, 0)
            let bound = bytes.withUnsafeBytes { raw in
                bind(listener, raw.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t(raw.count))
            }
            guard bound == 0, listen(listener, 0) == 0 else { throw Failure(reason: "cannot listen") }
            var address = sockaddr_in()
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            withUnsafeMutableBytes(of: &address) { raw in
                _ = getsockname(listener, raw.assumingMemoryBound(to: sockaddr.self).baseAddress, &length)
            }
            port = UInt16(bigEndian: address.sin_port)
            let fillers = (0..<4).map { _ in socket(family, type, 0) }
            for filler in fillers {
                withUnsafeBytes(of: &address) { raw in
                    _ = Glibc.connect(filler, raw.assumingMemoryBound(to: sockaddr.self).baseAddress, length)
                }
            }
            descriptors = fillers + [listener]
        }

        deinit { for descriptor in descriptors { Glibc.close(descriptor) } }
    }

    /// How often something happened.
    package final class Counter: Sendable {
        private let value = Mutex(0)
        package var count: Int { value.withLock { $0 } }
        func add() { value.withLock { $0 += 1 } }
    }

    /// The connections a ``Listener`` held.
    package final class HeldConnections: Sendable {
        private let value = Mutex((total: 0, most: 0))
        package var total: Int { value.withLock { $0.total } }
        /// The most that were open at once.
        package var most: Int { value.withLock { $0.most } }
        func add(open: Int) { value.withLock { $0 = ($0.total + 1, max($0.most, open)) } }
    }

    /// A listening socket. Without ``serve(_:)`` it is a host that accepts TCP and never speaks.
    package final class Listener: Sendable {
        package let port: UInt16
        private let descriptor: CInt

        package init(_ address: String = "127.0.0.1") throws {
            let (family, bytes) = try sockaddrBytes(address, 0)
            let descriptor = socket(family, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            let bound = bytes.withUnsafeBytes { raw in
                bind(descriptor, raw.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t(raw.count))
            }
            guard bound == 0, listen(descriptor, 64) == 0 else { throw Failure(reason: "cannot listen on \(address)") }
            var storage = [UInt8](repeating: 0, count: 128)
            var length = socklen_t(storage.count)
            _ = storage.withUnsafeMutableBytes { raw in
                getsockname(descriptor, raw.assumingMemoryBound(to: sockaddr.self).baseAddress, &length)
            }
            self.descriptor = descriptor
            port = UInt16(storage[2]) << 8 | UInt16(storage[3])
        }

        /// Answers each connection with `bytes` and closes it, until ``close()``; counts them.
        @discardableResult
        package func serve(_ bytes: [UInt8]) -> Counter {
            let counter = Counter()
            let descriptor = descriptor
            Thread.detachNewThread {
                while true {
                    let client = accept(descriptor, nil, nil)
                    guard client >= 0 else { return }
                    counter.add()
                    // A child started meanwhile would otherwise hold the connection open.
                    _ = fcntl(client, F_SETFD, FD_CLOEXEC)
                    _ = bytes.withUnsafeBytes { send(client, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
                    // What the client sent is read first: closing with unread bytes would send a reset instead of an end.
                    var sink = [UInt8](repeating: 0, count: 4096)
                    _ = recv(client, &sink, sink.count, 0)
                    Glibc.close(client)
                }
            }
            return counter
        }

        /// Keeps the first connections open until there are `number` of them and no other comes, then hangs up on these and
        /// on all that follow, without a word, until ``close()``.
        package func hold(untilOpen number: Int) -> HeldConnections {
            let held = HeldConnections()
            let descriptor = descriptor
            Thread.detachNewThread {
                var open: [CInt] = []
                var isHolding = true
                while true {
                    if isHolding, open.count >= number {
                        var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                        isHolding = poll(&event, 1, 500) > 0
                    }
                    if !isHolding {
                        for client in open { Glibc.close(client) }
                        open = []
                    }
                    let client = accept(descriptor, nil, nil)
                    guard client >= 0 else { return open.forEach { Glibc.close($0) } }
                    _ = fcntl(client, F_SETFD, FD_CLOEXEC)
                    open.append(client)
                    held.add(open: open.count)
                }
            }
            return held
        }

        /// Blocks until somebody connects; end it with ``hangUp(_:)``.
        package func acceptOne() -> CInt { accept(descriptor, nil, nil) }

        package func hangUp(_ connection: CInt) { Glibc.close(connection) }

        package func close() {
            shutdown(descriptor, 2)
            Glibc.close(descriptor)
        }
    }
}
