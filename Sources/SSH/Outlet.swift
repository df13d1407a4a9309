// SPDX-License-Identifier: MIT
import CLibSSH2
import Glibc

/// The way out of one session: takes every packet whole, and holds what the socket has no room for.
///
/// When a socket takes only a part of a packet, libssh2 wants the very call that sent it again before any other that sends
/// (`send_existing` in transport.c), and answers BAD_USE (-39) to the others. Callers cannot keep that rule: a read sends
/// window adjustments, taking a packet in sends answers to the server's own requests, an end of input is built on the stack,
/// and several channels share a session. So the rule never applies: here no packet is ever sent in part as far as
/// libssh2 can see, and no call of it waits for room.
///
/// What is held goes out first, in order. Data is written only while nothing is held (``SessionHandle/write(_:to:)``), so that is
/// one packet of data and what libssh2 says by itself. Touched on the reactor's thread only.
struct Outlet {
    /// Bytes that may be held: far more than what a command needs to say while its data waits.
    static let mostHeld = 1 << 20

    private var held: [UInt8] = []
    /// How many of them are sent.
    private var sent = 0
    /// The errno that ended the connection.
    private var failure: CInt?
    private var isClosed = false

    /// Whether everything has left.
    var isEmpty: Bool { sent == held.count }

    /// From now on what is sent goes nowhere, at once.
    mutating func close() { (held, sent, isClosed) = ([], 0, true) }

    /// Sends what is held, as far as the socket has room.
    mutating func flush(_ socket: CInt) {
        guard !isEmpty, failure == nil else { return }
        let count = held.withUnsafeBytes { push(UnsafeRawBufferPointer(rebasing: $0[sent...]), socket) }
        sent += count
        if isEmpty || failure != nil { (held, sent) = ([], 0) }
    }

    /// Takes a packet. Answers its length, or a negated errno; ENOBUFS when too much is held already.
    mutating func send(_ packet: UnsafeRawBufferPointer, _ socket: CInt) -> Int {
        if isClosed { return packet.count }
        if let failure { return -Int(failure) }
        flush(socket)
        guard isEmpty else { return hold(packet) }
        let count = push(packet, socket)
        if let failure { return -Int(failure) }
        if count == packet.count { return count }
        return hold(UnsafeRawBufferPointer(rebasing: packet[count...])) < 0 ? -Int(ENOBUFS) : packet.count
    }

    private mutating func hold(_ packet: UnsafeRawBufferPointer) -> Int {
        guard held.count - sent + packet.count <= Self.mostHeld else { return -Int(ENOBUFS) }
        if sent > held.count / 2 {
            held.removeFirst(sent)
            sent = 0
        }
        held.append(contentsOf: packet)
        return packet.count
    }

    /// Answers how much the socket took, and notes when it takes nothing any more.
    private mutating func push(_ bytes: UnsafeRawBufferPointer, _ socket: CInt) -> Int {
        let count = Glibc.send(socket, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL))
        if count >= 0 { return count }
        if errno != EAGAIN && errno != EINTR { failure = errno }
        return 0
    }
}
