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
    ///
    /// What the account's shell prints before the command is in the result's `preamble`. An account that runs something else in the
    /// command's place is an error, ``SSHError/Code/notRun``: status 0 of any other program would prove nothing. Input waits until
    /// the command has begun, but for `sh`, whose input any shell may read.
    package func execute(
        _ words: [String], input: [UInt8] = [], limit: OutputLimit = OutputLimit(),
        until deadline: ContinuousClock.Instant, patience: Duration? = nil,
        receive: (@Sendable (OutputStream, ArraySlice<UInt8>) -> Void)? = nil,
        output: (@Sendable (ArraySlice<UInt8>) -> Void)? = nil
    ) async throws(SSHError) -> ExecResult {
        guard !words.contains(where: { $0.utf8.contains(0) }) else {
            var error = SSHError(
                .channelRefused, .exec, host: target.name, "\(target.name): an argument contains a NUL byte")
            error.wasSent = false
            throw error
        }
        while true {
            let frame = CommandLineFrame(isRestricted: isRestricted)
            let exchange = Exchange(
                unsent: input[...], limit: limit, scratch: reactor.scratch, output: output, receive: receive,
                frame: frame, holdsInput: words.first != "sh")
            let done = try await execute(frame.line(words), exchange, until: deadline, patience: patience)
            guard done.result.cut == nil else { return done.result }
            guard done.marked.isMarked else { throw notRun(done.result, done.marked) }
            guard done.marked.saysNotRun, frame.isRefused(done.result, words) else { return done.result }
            // The shell itself said that nothing ran, so this is no second time.
            isRestricted = true
        }
    }

    private func execute(
        _ line: String, _ exchange: Exchange, until deadline: ContinuousClock.Instant, patience: Duration?
    ) async throws(SSHError) -> Exchange {
        guard line.utf8.count <= Self.longestLine else { throw tooLong(line.utf8.count) }
        var isSent = false
        do throws(SSHError) {
            return try await exclusively(.exec, until: deadline) { () async throws(SSHError) -> Exchange in
                let channel = try await openChannel(until: min(deadline, patience.map { .now + $0 } ?? deadline))
                isSent = true
                return try await run(line, exchange, on: channel, until: deadline)
            }
        } catch {
            var error = error
            // Whatever ended the session, also somebody else's command: nothing of this one has left.
            error.mayReconnect = !isSent && !Task.isCancelled && deadline > .now
            // A server that answered no to the request itself has not begun it.
            error.wasSent = isSent && error.wasSent != false
            if error.wasSent == true { error.message += "; it may still be running there" }
            throw error
        }
    }

    private func run(
        _ line: String, _ exchange: Exchange, on channel: SessionHandle.Channel,
        until deadline: ContinuousClock.Instant
    ) async throws(SSHError) -> Exchange {
        var exchange = exchange
        try await start(line, &exchange, on: channel, until: deadline)
        try await run(&exchange, on: channel, until: deadline)
        exchange.endOutput()
        if exchange.result.cut == nil {
            try await finish(&exchange, channel, until: deadline)
        } else {
            // Without the connection the command meets a closed pipe; otherwise it would wait for us to go on reading.
            abandon(
                SSHError(
                    .closed, .exec, host: target.name,
                    "the session with \(target.name) was closed because a command wrote more than its limit"))
        }
        return exchange
    }

    /// Opens a channel. A host that refuses one is asked again for a while: the place of a command that has just ended may
    /// not be free yet (sshd_config, MaxSessions), and no command has been sent so far.
    private func openChannel(until deadline: ContinuousClock.Instant) async throws(SSHError) -> SessionHandle.Channel {
        var pause = Duration.milliseconds(50)
        while true {
            let (channel, error) = try use { handle in (handle.openChannel(), handle.lastError) }
            if let channel { return channel }
            if error.code == SessionHandle.wouldBlock {
                try await waitForAnswer(.exec, until: deadline)
                continue
            }
            guard error.code == LIBSSH2_ERROR_CHANNEL_FAILURE, pause < .seconds(1), .now + pause < deadline else {
                throw failure(error, "opening a channel")
            }
            try look { $0.bePrompt() }
            let wake = await reactor.park(reactor.makeID(), until: .now + pause)
            if case .cancelled = wake { try check(wake, .exec) }
            pause *= 2
        }
    }

    private func start(
        _ line: String, _ exchange: inout Exchange, on channel: SessionHandle.Channel,
        until deadline: ContinuousClock.Instant
    ) async throws(SSHError) {
        let status = try await complete(.exec, until: deadline) { exchange.start(line, &$0, channel) }
        guard status != 0 else { return }
        let error = try use { $0.error(of: status) }
        _ = try await complete(.exec, until: deadline) { $0.free(channel) }
        var refusal = failure(error, "starting the command")
        if error.code == LIBSSH2_ERROR_CHANNEL_REQUEST_DENIED { refusal.wasSent = false }
        throw refusal
    }

    /// Moves bytes both ways until the server says there is no more output, or a limit is reached.
    private func run(
        _ exchange: inout Exchange, on channel: SessionHandle.Channel, until deadline: ContinuousClock.Instant
    ) async throws(SSHError) {
        while true {
            let progress = try use { exchange.step(&$0, channel) }
            switch progress {
            case .moved:
                try look { $0.intake.noteProgress() }
                try check(await reactor.turn(until: deadline), .exec)
            case .heard: try check(await reactor.turn(until: deadline), .exec)
            case .ended: return
            case .failed: throw failure(try use { $0.lastError }, "running the command")
            case .drained:
                try look { $0.intake.noteProgress() }
                try await waitUntilUnblocked(.exec, until: deadline)
            case .blocked: try await waitUntilUnblocked(.exec, until: deadline)
            }
        }
    }

    private func finish(
        _ exchange: inout Exchange, _ channel: SessionHandle.Channel, until deadline: ContinuousClock.Instant
    ) async throws(SSHError) {
        // OpenSSH closes by itself when the command has ended. A server that waits for more input, or is another, may wait for us.
        let second = exchange.isInputEnded && isOpenSSH
        let status = try await complete(.exec, until: deadline) {
            $0.conclude(channel, &exchange.result.outcome, second: second)
        }
        guard status == 0 else { throw failure(try use { $0.error(of: status) }, "closing the channel") }
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
