// SPDX-License-Identifier: MIT
import CLibSSH2
import Glibc

/// What one session may take in: how much at once, how much in vain, and how much memory.
///
/// libssh2 reads until the socket is empty (`_libssh2_channel_read`, `_libssh2_packet_require`, the banner's loop), so a
/// server that sends faster than we decrypt would keep one call from ever returning, and with it the reactor and every other
/// host. It also queues each message it does not know and each byte of a stream nobody reads, without a limit. So its
/// recv(2), malloc(3) and free(3) go through here. A bound that is passed looks like a broken connection to libssh2, which
/// every one of its states survives; an allocation never fails. Belongs to one session and is touched on the reactor's
/// thread only.
final class InboundLimits {
    /// Bytes that one turn on the reactor may read. A turn of a command hands on as much (``Exchange``).
    private static let perTurn = 512 * 1024
    /// Reads that one turn may make.
    private static let readsPerTurn = 2048
    /// Bytes that may come without anything coming of them. A handshake is some kilobytes, a keepalive 100 bytes.
    private static let mostInVain = 4 << 20
    /// Memory that libssh2 may hold for the session: a channel's window is 2 MiB, an idle session 60 KiB.
    private static let mostHeld = 8 << 20

    let record = HandshakeRecord()
    /// libssh2 knows one context a session, so what goes out is found here as well.
    var outlet = OutboundBuffer()
    /// Which bound was passed, in words that follow "the host"; `nil` while all is well.
    private(set) var excess: String?
    /// Whether a call had to be ended in the middle. libssh2 must not be asked anything of this session any more.
    private(set) var isStuck = false
    private var held = 0
    /// libssh2 forgets some of what it allocated when a handshake fails in the middle (seen with LeakSanitizer), so every
    /// block that it has not freed is known here, with its size: what was freed past ``release`` must not be asked for it.
    private var blocks: [UnsafeMutableRawPointer: Int] = [:]
    /// What the server said that libssh2 keeps to itself.
    private(set) var heard = LoginMessages()
    private var isClosed = false
    private var turnBytes = 0
    private var turnReads = 0
    /// Whether the socket had no more to give. It is not asked again until epoll says that it has.
    private(set) var isDry = false
    private var inVain = 0
    /// What was read with a byte that libssh2 asked for alone, as it does for each one of the banner.
    private var ahead: ArraySlice<UInt8> = []

    /// A turn on the reactor begins.
    func beginTurn() { (turnBytes, turnReads) = (0, 0) }

    /// epoll says that the socket has something.
    func noteReady() { isDry = false }

    /// Whether anything has come in during this turn.
    var hasHeard: Bool { turnBytes > 0 }

    /// What was received has led to something: output that somebody keeps, or the answer that was waited for.
    func noteProgress() { inVain = 0 }

    /// libssh2 did not come back from a call.
    func noteStuck() {
        isStuck = true
        excess = "sent a message that makes libssh2 \(LibSSH2.version) hang"
    }

    /// Whether the server has told how the command of the open channel ended.
    var knowsOutcome: Bool { heard.knowsOutcome }

    /// Another command begins, of which nothing is known yet.
    func forgetOutcome() { heard.knowsOutcome = false }

    /// Another key is offered, of which nothing is known yet.
    func forgetRefusal() { heard.refusal = nil }

    /// From now on there is nothing to read and nothing is sent, so that freeing the session can neither wait nor go through what a flood left
    /// in the socket.
    func close() {
        isClosed = true
        outlet.close()
    }

    /// Frees what libssh2 has left behind, when the session is freed. To be called only where it is known to leave something:
    /// after a handshake that failed, or a call that had to be ended. Elsewhere what is still on the list may have been freed past
    /// ``release`` and be somebody else's by now (libssh2 #1828, #2543, #2547), and a leak is better than that.
    func sweep() {
        for block in blocks.keys { free(block) }
        blocks = [:]
    }

    // MARK: Reading

    private func read(_ socket: CInt, _ buffer: UnsafeMutableRawPointer?, _ length: Int, _ flags: CInt) -> Int {
        guard !isClosed else { return 0 }
        guard excess == nil else { return -Int(ECONNABORTED) }
        if ahead.isEmpty {
            guard length == 1 else { return receive(socket, buffer, length, flags) }
            var status = 0
            let piece = [UInt8](unsafeUninitializedCapacity: 1024) { piece, filled in
                status = receive(socket, piece.baseAddress, piece.count, flags)
                filled = max(0, status)
            }
            guard status > 0 else { return status }
            ahead = piece[...]
        }
        let served = ahead.prefix(length)
        UnsafeMutableRawBufferPointer(start: buffer, count: length).copyBytes(from: served)
        ahead.removeFirst(served.count)
        return served.count
    }

    private func receive(_ socket: CInt, _ buffer: UnsafeMutableRawPointer?, _ length: Int, _ flags: CInt) -> Int {
        // libssh2 asks until it hears that there is nothing, and for each stream of a channel again.
        guard turnBytes < Self.perTurn, turnReads < Self.readsPerTurn, !isDry else { return -Int(EAGAIN) }
        turnReads += 1
        let count = recv(socket, buffer, length, flags)
        guard count >= 0 else {
            let mayRetry = errno == EINTR || errno == ENOENT || errno == EWOULDBLOCK
            isDry = mayRetry
            return mayRetry ? -Int(EAGAIN) : -Int(errno)
        }
        isDry = count > 0 && count < length
        turnBytes += count
        inVain += count
        record.hear(UnsafeRawBufferPointer(start: buffer, count: count))
        if record.hasNoBanner {
            excess = "sent \(HandshakeRecord.limit / 1024) KiB without an SSH banner"
        } else if inVain > Self.mostInVain {
            excess = "sent \(Self.mostInVain >> 20) MiB of unrequested data"
        } else if held > Self.mostHeld {
            excess = "made libssh2 keep more than \(Self.mostHeld >> 20) MiB of unrequested data"
        }
        return count
    }

    /// recv(2) for libssh2. `abstract` points at the session's abstract pointer, which is this intake.
    static let receive: macha_ssh2_receive = { socket, buffer, length, flags, abstract in
        guard let intake = InboundLimits.of(abstract) else { return -Int(ECONNABORTED) }
        return intake.read(socket, buffer, length, flags)
    }

    /// send(2) for libssh2: always takes all of it, to be sent when the turn ends, see ``OutboundBuffer``.
    static let send: macha_ssh2_send = { socket, buffer, length, _, abstract in
        guard let intake = InboundLimits.of(abstract) else { return -Int(ECONNABORTED) }
        let count = intake.outlet.send(UnsafeRawBufferPointer(start: buffer, count: length), socket)
        if count == -Int(ENOBUFS), intake.excess == nil {
            intake.excess = "asked for more than \(OutboundBuffer.mostHeld >> 20) MiB of replies and read none"
        }
        return count
    }

    private static func of(_ abstract: UnsafeMutablePointer<UnsafeMutableRawPointer?>?) -> InboundLimits? {
        abstract?.pointee.map { Unmanaged<InboundLimits>.fromOpaque($0).takeUnretainedValue() }
    }

    // MARK: Memory

    static let allocate: macha_ssh2_allocate = { count, abstract in
        guard let block = malloc(count) else { return nil }
        InboundLimits.of(abstract)?.take(block)
        return block
    }

    static let reallocate: macha_ssh2_reallocate = { block, count, abstract in
        let intake = InboundLimits.of(abstract)
        if let block { intake?.give(block) }
        guard let moved = realloc(block, count) else {
            if let block { intake?.take(block) }
            return nil
        }
        intake?.take(moved)
        return moved
    }

    static let release: macha_ssh2_release = { block, abstract in
        if let block, let intake = InboundLimits.of(abstract) {
            intake.heard.take(UnsafeRawBufferPointer(start: block, count: malloc_usable_size(block)))
            intake.give(block)
        }
        free(block)
    }

    private func take(_ block: UnsafeMutableRawPointer) {
        let size = malloc_usable_size(block)
        held += size - (blocks.updateValue(size, forKey: block) ?? 0)
    }

    private func give(_ block: UnsafeMutableRawPointer) {
        // A signature is freed here and was not allocated here.
        if let size = blocks.removeValue(forKey: block) { held -= size }
    }
}
