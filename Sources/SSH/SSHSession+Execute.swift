// SPDX-License-Identifier: MIT
import CLibSSH2

extension SSHSession {
    /// Runs a program on the host and answers what it wrote and how it ended.
    ///
    /// `words` are the program and its arguments; they arrive as these words, whatever they contain but NUL. `input` is
    /// written to standard input, which then ends. Beyond `limit` the output is cut, the command abandoned and the session
    /// closed; after `deadline` the session is closed and the call throws ``SSHError/Code/timedOut``. `receive` hears
    /// the output as it comes, on the reactor's thread, so it must be quick.
    ///
    /// With `output`, standard output goes there instead and is not kept; it too is called on the reactor's thread.
    ///
    /// `patience` is how long the host may take to open a channel, before anything of the command is sent: on a connection that
    /// idled it tells one that was lost in silence. Such an error says ``SSHError/mayReconnect``. A command whose server never
    /// tells how it ended has the outcome `unknown`.
    package func execute(
        _ words: [String], input: [UInt8] = [], limit: OutputLimit = OutputLimit(),
        until deadline: ContinuousClock.Instant, patience: Duration? = nil,
        receive: (@Sendable (OutputStream, ArraySlice<UInt8>) -> Void)? = nil,
        output: (@Sendable (ArraySlice<UInt8>) -> Void)? = nil
    ) async throws(SSHError) -> ExecResult {
        guard !words.contains(where: { $0.utf8.contains(0) }) else {
            throw SSHError(.channelRefused, .exec, host: target.name, "\(target.name): an argument contains a NUL byte")
        }
        var isSent = false
        do throws(SSHError) {
            return try await exclusively(.exec, until: deadline) { () async throws(SSHError) -> ExecResult in
                let channel = try await openChannel(until: min(deadline, patience.map { .now + $0 } ?? deadline))
                isSent = true
                return try await run(
                    words, Exchange(unsent: input[...], limit: limit, output: output, receive: receive), on: channel,
                    until: deadline)
            }
        } catch {
            var error = error
            error.mayReconnect = !isSent && error.code != .cancelled && deadline > .now
            throw error
        }
    }

    private func run(
        _ words: [String], _ exchange: Exchange, on channel: SessionHandle.Channel,
        until deadline: ContinuousClock.Instant
    ) async throws(SSHError) -> ExecResult {
        var exchange = exchange
        try await start(CommandQuoting.line(words), on: channel, until: deadline)
        try await run(&exchange, on: channel, until: deadline)
        if exchange.result.cut == nil {
            try await finish(&exchange.result, channel, until: deadline)
        } else {
            // Without the connection the command meets a closed pipe; otherwise it would wait for us to go on reading.
            abandon(
                SSHError(
                    .closed, .exec, host: target.name,
                    "the session with \(target.name) was closed because a command wrote more than its limit"))
        }
        return exchange.result
    }

    /// Opens a channel. A host that refuses one is asked again for a while: the place of a command that has just ended may
    /// not be free yet (sshd_config, MaxSessions), and no command has been sent so far.
    private func openChannel(until deadline: ContinuousClock.Instant) async throws(SSHError) -> SessionHandle.Channel {
        var pause = Duration.milliseconds(50)
        while true {
            let (channel, error) = try use { handle in (handle.openChannel(), handle.lastError) }
            if let channel { return channel }
            if error.code == SessionHandle.wouldBlock {
                try await waitUntilUnblocked(.exec, until: deadline)
                continue
            }
            guard error.code == LIBSSH2_ERROR_CHANNEL_FAILURE, pause < .seconds(1), .now + pause < deadline else {
                throw failure(error, "opening a channel")
            }
            let wake = await reactor.park(reactor.makeID(), until: .now + pause)
            if case .cancelled = wake { try check(wake, .exec) }
            pause *= 2
        }
    }

    private func start(
        _ line: String, on channel: SessionHandle.Channel, until deadline: ContinuousClock.Instant
    ) async throws(SSHError) {
        let status = try await complete(.exec, until: deadline) { $0.execute(line, on: channel) }
        guard status != 0 else { return }
        let error = try use { $0.lastError }
        _ = try await complete(.exec, until: deadline) { $0.free(channel) }
        throw failure(error, "starting the command")
    }

    /// Moves bytes both ways until the server says there is no more output, or a limit is reached.
    private func run(
        _ exchange: inout Exchange, on channel: SessionHandle.Channel, until deadline: ContinuousClock.Instant
    ) async throws(SSHError) {
        while true {
            let progress = try use { exchange.step(&$0, channel) }
            switch progress {
            case .moved:
                try use { $0.intake.noteProgress() }
                try check(await reactor.turn(until: deadline), .exec)
            case .ended: return
            case .failed: throw failure(try use { $0.lastError }, "running the command")
            case .blocked: try await waitUntilUnblocked(.exec, until: deadline)
            case .full:
                let descriptor = try use { $0.descriptor }
                try check(await reactor.ready(descriptor, reads: true, writes: true, until: deadline), .exec)
            }
        }
    }

    private func finish(
        _ result: inout ExecResult, _ channel: SessionHandle.Channel, until deadline: ContinuousClock.Instant
    ) async throws(SSHError) {
        let status = try await complete(.exec, until: deadline) { $0.close(channel) }
        guard status == 0 else { throw failure(try use { $0.lastError }, "closing the channel") }
        result.outcome = try use { $0.outcome(of: channel) }
        _ = try await complete(.exec, until: deadline) { $0.free(channel) }
    }

    private func failure(_ error: (code: CInt, message: String), _ operation: String) -> SSHError {
        switch error.code {
        case LIBSSH2_ERROR_CHANNEL_FAILURE, LIBSSH2_ERROR_CHANNEL_REQUEST_DENIED:
            SSHError(
                .channelRefused, .exec, host: target.name, "\(target.name) refused \(operation)",
                remedy: "check MaxSessions, ForceCommand and the account's shell on the host")
        case LIBSSH2_ERROR_SOCKET_DISCONNECT, LIBSSH2_ERROR_SOCKET_RECV, LIBSSH2_ERROR_SOCKET_SEND,
            LIBSSH2_ERROR_CHANNEL_CLOSED:
            SSHError(
                .connectionLost, .exec, host: target.name,
                "the connection to \(target.name)\(way) was lost while \(operation)")
        default:
            SSHError(
                .library(error.code), .exec, host: target.name,
                "\(target.name): \(operation) failed: \(error.message.lowercased()) (libssh2 \(error.code))")
        }
    }
}

/// The bytes of one command, in both directions.
private struct Exchange {
    enum Progress {
        case moved, blocked, ended, failed
        /// The end of the input waits for room in the socket.
        case full
    }

    /// Pieces of 32 KiB read in one go; then other hosts have their turn.
    private static let mostPieces = 16

    var unsent: ArraySlice<UInt8>
    let limit: OutputLimit
    let output: (@Sendable (ArraySlice<UInt8>) -> Void)?
    let receive: (@Sendable (OutputStream, ArraySlice<UInt8>) -> Void)?
    var result = ExecResult()
    private var isInputEnded = false
    /// A read that has half sent a window adjustment: it comes first until that is out.
    private var unfinished: OutputStream?
    /// Bytes that went to `output`.
    private var handedOn = 0

    init(
        unsent: ArraySlice<UInt8>, limit: OutputLimit, output: (@Sendable (ArraySlice<UInt8>) -> Void)?,
        receive: (@Sendable (OutputStream, ArraySlice<UInt8>) -> Void)?
    ) {
        self.unsent = unsent
        self.limit = limit
        self.output = output
        self.receive = receive
    }

    /// One round: write what the server takes, read what is there.
    ///
    /// Both in each round: writing makes libssh2 take in output as well, which must not pile up there until all input is sent.
    /// While a packet is half written nothing else may be sent, and reading may send (window adjustments), so a write
    /// that blocks on the socket comes first in the next round too, and so does a read that does.
    mutating func step(_ handle: inout SessionHandle, _ channel: SessionHandle.Channel) -> Progress {
        var moved = false
        if let stream = unfinished {
            switch read(stream, &handle, channel) {
            case .moved: moved = true
            case .ended: return .ended
            case .failed: return .failed
            case .blocked, .full: break
            }
            if unfinished != nil { return moved ? .moved : .blocked }
        }
        if !isInputEnded {
            switch write(&handle, channel) {
            case .failed: return .failed
            case .blocked where handle.blocked.writes: return .blocked
            case .moved: moved = true
            default: break
            }
        }
        for stream in OutputStream.allCases {
            switch read(stream, &handle, channel) {
            case .moved: moved = true
            case .ended: return .ended
            case .failed: return .failed
            case .blocked, .full: break
            }
            if unfinished != nil { return moved ? .moved : .blocked }
        }
        if handle.isAtEnd(channel) { return .ended }
        let waitsForRoom = !isInputEnded && unsent.isEmpty
        return moved ? .moved : waitsForRoom ? .full : .blocked
    }

    private mutating func write(_ handle: inout SessionHandle, _ channel: SessionHandle.Channel) -> Progress {
        if unsent.isEmpty {
            // libssh2 builds this packet on the stack and, once it is half sent, takes no other address for the rest.
            guard handle.isWritable else { return .blocked }
            let status = handle.sendEOF(on: channel)
            if status == SessionHandle.wouldBlock { return .blocked }
            isInputEnded = true
            // A command may end without reading its input: what it wrote still counts.
            return .moved
        }
        let count = handle.write(unsent, to: channel)
        if count == Int(SessionHandle.wouldBlock) { return .blocked }
        if count == Int(LIBSSH2_ERROR_CHANNEL_CLOSED) || count == Int(LIBSSH2_ERROR_CHANNEL_EOF_SENT) {
            isInputEnded = true
            return .moved
        }
        guard count >= 0 else { return .failed }
        // A server that takes packets of no bytes only would have us send those for ever.
        guard count > 0 else { return .blocked }
        unsent = unsent.dropFirst(count)
        return .moved
    }

    private mutating func read(
        _ stream: OutputStream, _ handle: inout SessionHandle, _ channel: SessionHandle.Channel
    ) -> Progress {
        var moved = false
        for _ in 0..<Self.mostPieces {
            var count = 0
            // 32 KiB is SSH's largest packet (RFC 4253, 6.1), so one call takes one packet whole.
            let piece = [UInt8](unsafeUninitializedCapacity: 32 * 1024) { buffer, filled in
                count = buffer.withMemoryRebound(to: CChar.self) { handle.read(stream, of: channel, into: $0) }
                filled = max(count, 0)
            }
            unfinished = count == Int(SessionHandle.wouldBlock) && handle.blocked.writes ? stream : nil
            if count == Int(SessionHandle.wouldBlock) || count == 0 { return moved ? .moved : .blocked }
            guard count > 0 else { return .failed }
            moved = true
            if keep(piece[...], of: stream) { return .ended }
        }
        return .moved
    }

    /// Keeps what the limit allows. Answers whether the limit is passed.
    private mutating func keep(_ piece: ArraySlice<UInt8>, of stream: OutputStream) -> Bool {
        if stream == .standardOutput, let output {
            let room = limit[stream] - handedOn
            let kept = piece.prefix(max(room, 0))
            handedOn += kept.count
            if !kept.isEmpty { output(kept) }
            guard piece.count > room else { return false }
            result.cut = stream
            return true
        }
        let path: WritableKeyPath<ExecResult, [UInt8]> =
            stream == .standardOutput ? \.standardOutput : \.standardError
        let room = limit[stream] - result[keyPath: path].count
        let kept = piece.prefix(max(room, 0))
        result[keyPath: path] += kept
        if !kept.isEmpty { receive?(stream, kept) }
        guard piece.count > room else { return false }
        result.cut = stream
        return true
    }
}
