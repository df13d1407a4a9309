// SPDX-License-Identifier: MIT
import Foundation
import Glibc
import Synchronization

/// A TCP link to a server on loopback that can be slow, freeze and break, without root or kernel support.
///
/// What passes is delayed byte for byte as on a long line, so a freeze holds back what is under way and delivers it later.
package final class LoopbackLink: Sendable {
    package let port: UInt16
    private let listener: Loopback.Listener
    private let state: Shared

    /// A link to `port`; everything arrives `delay` later, in each direction.
    package init(to port: UInt16, delay: Duration = .zero) throws {
        listener = try Loopback.Listener()
        self.port = listener.port
        state = Shared(delay: delay)
        let (listener, state) = (listener, state)
        Thread.detachNewThread {
            while true {
                let client = listener.acceptOne()
                guard client >= 0 else { return }
                _ = fcntl(client, F_SETFD, FD_CLOEXEC)
                guard let server = Loopback.connect(to: port) else {
                    listener.hangUp(client)
                    continue
                }
                state.join(client, server)
            }
        }
    }

    deinit {
        listener.close()
        state.cut()
    }

    /// Nothing passes any more; the connections stay.
    package func freeze() { state.isFrozen.withLock { $0 = true } }

    /// What was held back is delivered, and everything passes again.
    package func thaw() { state.thaw() }

    /// Breaks every connection.
    package func cut() { state.cut() }

    /// Calls `action` once, when `count` more bytes have come in, in both directions together. It is called before the last
    /// of them are passed on, so that ``freeze()`` holds them back.
    package func after(bytes count: Int, _ action: @escaping @Sendable () -> Void) {
        state.trigger.withLock { $0 = (count, action) }
    }

    /// Connections that are open.
    package var connections: Int { state.open.withLock { $0.count } }

    private final class Shared: Sendable {
        let delay: Duration
        let isFrozen = Mutex(false)
        let trigger = Mutex<(left: Int, action: @Sendable () -> Void)?>(nil)
        let open = Mutex<[Int: (CInt, CInt)]>([:])
        private let thawed = NSCondition()
        private let last = Mutex(0)

        init(delay: Duration) { self.delay = delay }

        func join(_ client: CInt, _ server: CInt) {
            let number = last.withLock { number in
                number += 1
                return number
            }
            open.withLock { $0[number] = (client, server) }
            let counter = Counter(left: 2)
            for (from, to) in [(client, server), (server, client)] {
                let line = Line()
                Thread.detachNewThread { self.fill(line, from) }
                Thread.detachNewThread {
                    self.empty(line, to)
                    // The last of the two closes both: a number is used again as soon as it is free.
                    guard counter.isLast() else { return }
                    self.open.withLock { $0[number] = nil }
                    close(client)
                    close(server)
                }
            }
        }

        private func fill(_ line: Line, _ from: CInt) {
            var bytes = [UInt8](repeating: 0, count: 16 * 1024)
            while true {
                let count = recv(from, &bytes, bytes.count, 0)
                guard count > 0 else { return line.put(nil, at: .now + delay) }
                pass(count)
                line.put(Array(bytes.prefix(count)), at: .now + delay)
            }
        }

        private func pass(_ count: Int) {
            let due = trigger.withLock { trigger -> (@Sendable () -> Void)? in
                guard let (left, action) = trigger else { return nil }
                trigger = left > count ? (left - count, action) : nil
                return left > count ? nil : action
            }
            due?()
        }

        private func empty(_ line: Line, _ to: CInt) {
            while let (piece, time) = line.take() {
                let left = ContinuousClock.now.duration(to: time)
                if left > .zero { usleep(UInt32(left / .microseconds(1))) }
                thawed.lock()
                while isFrozen.withLock({ $0 }) { thawed.wait() }
                thawed.unlock()
                var rest = piece[...]
                while !rest.isEmpty {
                    let sent = rest.withUnsafeBytes { send(to, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
                    guard sent > 0 else { break }
                    rest = rest.dropFirst(sent)
                }
            }
            shutdown(to, 1)  // SHUT_WR; the Glibc overlay hides the names
        }

        func thaw() {
            thawed.lock()
            isFrozen.withLock { $0 = false }
            thawed.broadcast()
            thawed.unlock()
        }

        func cut() {
            thaw()
            open.withLock { open in
                for (client, server) in open.values {
                    shutdown(client, 2)
                    shutdown(server, 2)
                }
            }
        }
    }

    /// Tells the last of a number of threads.
    private final class Counter: Sendable {
        private let left: Mutex<Int>

        init(left: Int) { self.left = Mutex(left) }

        func isLast() -> Bool {
            left.withLock { left in
                left -= 1
                return left == 0
            }
        }
    }

    /// What is on its way in one direction. @unchecked: everything is read and written under the condition's lock.
    private final class Line: @unchecked Sendable {
        private let condition = NSCondition()
        private var pieces: [([UInt8], ContinuousClock.Instant)] = []
        private var isEnded = false

        func put(_ piece: [UInt8]?, at time: ContinuousClock.Instant) {
            condition.lock()
            if let piece { pieces.append((piece, time)) } else { isEnded = true }
            condition.signal()
            condition.unlock()
        }

        func take() -> ([UInt8], ContinuousClock.Instant)? {
            condition.lock()
            defer { condition.unlock() }
            while pieces.isEmpty && !isEnded { condition.wait() }
            return pieces.isEmpty ? nil : pieces.removeFirst()
        }
    }
}
