// SPDX-License-Identifier: MIT
import CLibSSH2
import Glibc

/// The way out of one session: takes every packet whole, sends those of one turn together, and holds what the socket has no
/// room for.
///
/// When a socket takes only a part of a packet, libssh2 wants the very call that sent it again before any other that sends
/// (`send_existing` in transport.c), and answers BAD_USE (-39) to the others. Callers cannot keep that rule: a read sends
/// window adjustments, taking a packet in sends answers to the server's own requests, an end of input is built on the stack,
/// and several channels share a session. So the rule never applies: here no packet is ever sent in part as far as
/// libssh2 can see, and no call of it waits for room.
///
/// Packets of one turn share a segment: each send(2) costs as much as all of libssh2's work for a short command, and wakes
/// the server once more. Data is written only while the socket has room (``SessionHandle/write(_:to:)``), so what waits is little
/// more than one packet of it and what libssh2 says by itself. Touched on the reactor's thread only.
struct OutboundBuffer {
    /// Bytes that may be held: far more than what a command needs to say while its data waits.
    static let mostHeld = 1 << 20
    /// Bytes that wait for the end of a turn: one packet of data.
    private static let mostGathered = 32 << 10
    /// Capacity that is worth keeping for the next turn.
    private static let smallCapacity = 1024

    private var held: [UInt8] = []
    /// How many of them are sent.
    private var sent = 0
    /// The errno that ended the connection.
    private var failure: CInt?
    private var isClosed = false
    /// Whether the socket had no room for all that is held.
    private(set) var isBlocked = false
    /// Whether what is said in this turn may leave with what is said next.
    private var isPostponed = false
    /// Whether nothing may be postponed.
    var isPrompt = false

    /// From now on what is sent goes nowhere, at once.
    mutating func close() {
        clear()
        isClosed = true
    }

    /// A turn on the reactor begins: what the socket had no room for goes out, as far as there is room now.
    mutating func beginTurn(_ socket: CInt) {
        isPostponed = false
        if isBlocked { flush(socket) }
    }

    /// The turn ends: what was said goes out, unless it was postponed.
    mutating func endTurn(_ socket: CInt) { if !isBlocked, !isPostponed { flush(socket) } }

    /// What this turn says is in no hurry.
    mutating func postpone() { isPostponed = !isPrompt }

    private mutating func flush(_ socket: CInt) {
        guard sent < held.count, failure == nil else { return }
        sent += held.withUnsafeBytes { push(UnsafeRawBufferPointer(rebasing: $0[sent...]), socket) }
        isBlocked = sent < held.count
        if !isBlocked || failure != nil { clear() }
    }

    /// Takes a packet, which leaves when the turn ends. Answers its length, or a negated errno; ENOBUFS when too much is held already.
    mutating func send(_ packet: UnsafeRawBufferPointer, _ socket: CInt) -> Int {
        if isClosed { return packet.count }
        if let failure { return -Int(failure) }
        guard held.count - sent + packet.count <= Self.mostHeld else { return -Int(ENOBUFS) }
        if sent > held.count / 2 {
            held.removeFirst(sent)
            sent = 0
        }
        held.append(contentsOf: packet)
        if !isBlocked, held.count >= Self.mostGathered { flush(socket) }
        return failure.map { -Int($0) } ?? packet.count
    }

    private mutating func clear() {
        held.removeAll(keepingCapacity: held.capacity <= Self.smallCapacity)
        (sent, isBlocked) = (0, false)
    }

    /// Answers how much the socket took, and notes when it takes nothing any more.
    private mutating func push(_ bytes: UnsafeRawBufferPointer, _ socket: CInt) -> Int {
        let count = Glibc.send(socket, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL))
        if count >= 0 { return count }
        if errno != EAGAIN && errno != EINTR { failure = errno }
        return 0
    }
}
