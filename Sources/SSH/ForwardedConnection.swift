// SPDX-License-Identifier: MIT
import CLibSSH2
import Glibc

/// One TCP connection that a jump host makes for us: a direct-tcpip channel on one side, a local socket on the other.
///
/// The session behind the jump has the socket's other end and cannot tell it from a connection of its own. At most one
/// packet is held for each direction; when either side is slow, the other waits. Used on the reactor's thread only.
final class ForwardedConnection {
    enum Progress {
        case moved
        case blocked
        case ended
        case failed
    }

    /// SSH's largest packet (RFC 4253, 6.1).
    private static let piece = 32 * 1024

    let local: Socket
    private let channel: SessionHandle.Channel
    private var toHost: ArraySlice<UInt8> = []
    private var toLocal: ArraySlice<UInt8> = []
    private var isLocalEnded = false
    private var isHostEnded = false
    private var isClosing = false

    /// Takes over `local`.
    init(_ channel: SessionHandle.Channel, local: CInt) {
        self.channel = channel
        self.local = Socket(adopting: local)
    }

    /// What to wait for on the local socket.
    var interest: Reactor.Interest {
        Reactor.Interest(
            descriptor: local.descriptor, reads: toHost.isEmpty && !isLocalEnded, writes: !toLocal.isEmpty)
    }

    /// Whether this connection goes on when something comes from the host: output, more of the channel's window, or the
    /// answer to our close.
    var awaitsHost: Bool { isClosing || !toHost.isEmpty || (toLocal.isEmpty && !isHostEnded) }

    /// Moves what can be moved without waiting.
    func step(_ handle: inout SessionHandle) -> Progress {
        var moved = false
        if !isClosing {
            for direction in [write, read] {
                switch direction(&handle) {
                case .moved: moved = true
                case .blocked, .ended: break
                case .failed: return .failed
                }
            }
        }
        if isClosing || isOver { return close(&handle) }
        return moved ? .moved : .blocked
    }

    /// Nobody is left to talk to: the session on our side has gone, or the host has and we passed on all it said.
    private var isOver: Bool { (isLocalEnded && toHost.isEmpty) || (isHostEnded && toLocal.isEmpty) }

    private func write(_ handle: inout SessionHandle) -> Progress {
        if toHost.isEmpty, !isLocalEnded { takeLocal() }
        guard !toHost.isEmpty else { return .blocked }
        let count = handle.write(toHost, to: channel)
        if count == Int(SessionHandle.wouldBlock) { return .blocked }
        if count == Int(LIBSSH2_ERROR_CHANNEL_CLOSED) || count == Int(LIBSSH2_ERROR_CHANNEL_EOF_SENT) {
            (toHost, isHostEnded) = ([], true)
            return .moved
        }
        guard count >= 0 else { return .failed }
        toHost = toHost.dropFirst(count)
        return count > 0 ? .moved : .blocked
    }

    private func read(_ handle: inout SessionHandle) -> Progress {
        let hadRoom = toLocal.isEmpty
        if hadRoom, !isHostEnded {
            var count = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: Self.piece) { buffer, filled in
                count = buffer.withMemoryRebound(to: CChar.self) {
                    handle.read(.standardOutput, of: channel, into: $0)
                }
                filled = max(count, 0)
            }
            guard count >= 0 || count == Int(SessionHandle.wouldBlock) else { return .failed }
            toLocal = bytes[...]
            if count <= 0, handle.isAtEnd(channel) { isHostEnded = true }
        }
        return giveLocal() || (hadRoom && !toLocal.isEmpty) ? .moved : .blocked
    }

    private func close(_ handle: inout SessionHandle) -> Progress {
        // The session on our side learns at once; the host's answer to our close may take a round trip.
        if isHostEnded { local.shutDown() }
        (toLocal, isClosing) = ([], true)
        return handle.free(channel) == SessionHandle.wouldBlock ? .blocked : .ended
    }

    private func takeLocal() {
        var (count, failure) = (0, CInt(0))
        let bytes = [UInt8](unsafeUninitializedCapacity: Self.piece) { buffer, filled in
            count = recv(local.descriptor, buffer.baseAddress, buffer.count, 0)
            failure = errno
            filled = max(count, 0)
        }
        if count > 0 { toHost = bytes[...] }
        if count == 0 || (count < 0 && failure != EAGAIN && failure != EINTR) { isLocalEnded = true }
    }

    /// Answers whether anything was passed on.
    private func giveLocal() -> Bool {
        guard !toLocal.isEmpty else { return false }
        let (count, failure) = toLocal.withUnsafeBytes {
            (send(local.descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)), errno)
        }
        if count > 0 {
            toLocal = toLocal.dropFirst(count)
            return true
        }
        if failure != EAGAIN && failure != EINTR { (toLocal, toHost, isLocalEnded) = ([], [], true) }
        return false
    }
}
