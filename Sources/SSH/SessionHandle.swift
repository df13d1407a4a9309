// SPDX-License-Identifier: MIT
import CEpoll
import CLibSSH2
import CSSHWatchdog

/// Sole owner of one `LIBSSH2_SESSION`, its channels, and the socket beneath it.
///
/// Each method is one libssh2 call in non-blocking mode; the pointers never leave this file. What a server sends is understood
/// under a watchdog (CSSHWatchdog), because libssh2 has messages over which it does not come back. A result of
/// ``wouldBlock`` means: wait for input, and for room while ``holdsOutput``, and make the same call again. Other calls may
/// come between, because no packet is ever sent in part (``OutboundBuffer``).
struct SessionHandle: ~Copyable {
    static let wouldBlock = CInt(LIBSSH2_ERROR_EAGAIN)

    /// A channel of this session. It is an index, not a pointer, so that it cannot outlive what it names.
    struct Channel: Hashable { fileprivate let number: Int }

    let intake = InboundLimits()
    private let socket: Socket
    private let raw: OpaquePointer
    private var channels: [Int: OpaquePointer] = [:]
    private var lastChannel = 0
    private var isEncrypted = false

    /// Takes over a connected socket; `nil` when memory runs out.
    init?(_ socket: consuming Socket) {
        let context = Unmanaged.passUnretained(intake).toOpaque()
        guard
            let raw = macha_ssh2_session(
                InboundLimits.allocate, InboundLimits.reallocate, InboundLimits.release, context)
        else {
            return nil
        }
        self.raw = raw
        self.socket = socket
        libssh2_session_set_blocking(raw, 0)
        macha_ssh2_set_receive(raw, InboundLimits.receive)
        macha_ssh2_set_send(raw, InboundLimits.send)
    }

    deinit {
        macha_shutdown(socket.descriptor)
        intake.close()
        // Freeing an open channel says goodbye first and waits for the same. Only a look for a banner tells libssh2 that a
        // socket is gone, and then it frees without a word.
        if isEncrypted { _ = watched { macha_ssh2_handshake($0, socket.descriptor) } }
        _ = watched { macha_ssh2_session_free($0) }  // frees open channels too
        if !isEncrypted || intake.isStuck { intake.sweep() }
    }

    var descriptor: CInt { socket.descriptor }

    /// Whether the peer has closed the connection. Nobody reads while no command runs, so nobody else would notice.
    var isHungUp: Bool { macha_is_hung_up(socket.descriptor) != 0 }

    /// Whether something has come in during this turn. libssh2 keeps it for whoever it is for, who may have looked before: as long
    /// as this is so, nobody may wait for the socket.
    var hasHeard: Bool { intake.hasHeard }

    /// Whether libssh2 can take nothing more in until epoll says that there is something.
    var isDry: Bool { intake.isDry }

    /// Lends the handle for one turn on the reactor, so that an optional one can be used in one expression. What the socket had no
    /// room for goes out first, as far as there is room now, and what is said in the turn at its end.
    mutating func use<Value>(_ body: (inout SessionHandle) -> Value) -> Value {
        intake.beginTurn()
        intake.outlet.beginTurn(socket.descriptor)
        defer { intake.outlet.endTurn(socket.descriptor) }
        return body(&self)
    }

    /// The server has refused a channel: from now on it hears at once when a command's place is free.
    func bePrompt() { intake.outlet.isPrompt = true }

    /// Lends the handle to somebody who only asks. Nothing is sent: who could not write because something was held would not
    /// learn that there is room again.
    mutating func look<Value>(_ body: (inout SessionHandle) -> Value) -> Value { body(&self) }

    /// Ends the connection beneath without freeing anything: the next call meets the error.
    func shutDown() { macha_shutdown(socket.descriptor) }

    /// Whether something is held until the socket has room.
    var holdsOutput: Bool { intake.outlet.isBlocked }

    /// Makes a call that understands what the server sent. One that had to be ended looks like a broken connection, and is the last
    /// that libssh2 hears of this session; its memory goes with the ``InboundLimits``.
    private func watched(_ call: (OpaquePointer) -> CInt) -> CInt {
        guard !intake.isStuck else { return CInt(LIBSSH2_ERROR_SOCKET_RECV) }
        let status = call(raw)
        guard status == MACHA_SSH2_STUCK else { return status }
        intake.noteStuck()
        return CInt(LIBSSH2_ERROR_SOCKET_RECV)
    }

    /// The same for a channel; `gone` is the answer for one that is freed already.
    private func watched(
        _ channel: Channel, gone: CInt = CInt(LIBSSH2_ERROR_CHANNEL_UNKNOWN), _ call: (OpaquePointer) -> CInt
    ) -> CInt {
        guard let pointer = channels[channel.number] else { return gone }
        return watched { _ in call(pointer) }
    }

    /// The library's last error, in its words.
    var lastError: (code: CInt, message: String) {
        guard !intake.isStuck else { return (CInt(LIBSSH2_ERROR_SOCKET_RECV), "libssh2 did not come back") }
        var text: UnsafeMutablePointer<CChar>?
        let code = libssh2_session_last_error(raw, &text, nil, 0)
        return (code, text.map { String(cString: $0) } ?? "error \(code)")
    }

    /// Why a call answered `status`. Not every call that fails notes an error (`libssh2_channel_close` on a lost connection), and
    /// then the last one is an older one.
    func error(of status: CInt) -> (code: CInt, message: String) {
        let last = lastError
        return last.code == status ? last : (status, "error \(status)")
    }

    // MARK: Handshake

    /// Says what to offer.
    func prefer(_ offered: AlgorithmOffer, hostKeys: [String]) {
        for (method, names) in [
            (LIBSSH2_METHOD_KEX, offered.keyExchanges),
            (LIBSSH2_METHOD_HOSTKEY, hostKeys.filter(offered.hostKeys.contains)),
            (LIBSSH2_METHOD_CRYPT_CS, offered.ciphers), (LIBSSH2_METHOD_CRYPT_SC, offered.ciphers),
            (LIBSSH2_METHOD_MAC_CS, offered.macs), (LIBSSH2_METHOD_MAC_SC, offered.macs),
        ] {
            // libssh2 1.10 takes an unknown name out of the list with a memcpy onto itself, so it gets none.
            libssh2_session_method_pref(raw, method, names.joined(separator: ","))
        }
    }

    mutating func handshake() -> CInt {
        let status = watched { macha_ssh2_handshake($0, socket.descriptor) }
        if status == 0 { isEncrypted = true }
        return status
    }

    /// The names of one method list that this libssh2 can speak.
    func supported(_ method: CInt, of names: [String]) -> [String] {
        var list: UnsafeMutablePointer<UnsafePointer<CChar>?>?
        let count = libssh2_session_supported_algs(raw, method, &list)
        guard count > 0, let list else { return names }
        defer { libssh2_free(raw, list) }
        let known = Set((0..<Int(count)).compactMap { list[$0].map { String(cString: $0) } })
        return names.filter(known.contains)
    }

    var algorithms: NegotiatedAlgorithms {
        NegotiatedAlgorithms(
            keyExchange: method(LIBSSH2_METHOD_KEX), hostKey: method(LIBSSH2_METHOD_HOSTKEY),
            cipher: method(LIBSSH2_METHOD_CRYPT_CS), mac: method(LIBSSH2_METHOD_MAC_CS))
    }

    private func method(_ kind: CInt) -> String {
        libssh2_session_methods(raw, kind).map { String(cString: $0) } ?? "none"
    }

    /// The server's public host key, as on the wire.
    var hostKey: [UInt8]? {
        var length = 0
        var type: CInt = 0
        guard let bytes = libssh2_session_hostkey(raw, &length, &type) else { return nil }
        return Array(UnsafeRawBufferPointer(start: bytes, count: length))
    }

    var serverBanner: String? { libssh2_session_banner_get(raw).map { String(cString: $0) } }

    // MARK: Authentication

    /// Logs in with a key whose private half is elsewhere. When the server wants a signature, `SignatureRequest.wanted`
    /// holds the bytes and the call would block; once it is answered, the same call goes on.
    func authenticate(user: String, publicKey: [UInt8], signing request: SignatureRequest) -> CInt {
        var context: UnsafeMutableRawPointer? = Unmanaged.passUnretained(request).toOpaque()
        return watched {
            macha_ssh2_userauth_sign($0, user, publicKey, publicKey.count, SignatureRequest.callback, &context)
        }
    }

    // MARK: Channels

    /// Opens a channel; `nil` when the call would block or failed (``lastError`` tells which).
    mutating func openChannel() -> Channel? {
        guard let channel = open({ macha_ssh2_open_session_channel($0, &$1) }) else { return nil }
        intake.forgetOutcome()
        return channel
    }

    /// Opens a channel through which the server connects to `host`; `nil` as with ``openChannel()``.
    mutating func openForward(to host: String, port: UInt16) -> Channel? {
        open { macha_ssh2_open_forward($0, host, CInt(port), &$1) }
    }

    /// Asks for what every server refuses: 0 once it has, ``wouldBlock``, or an error of the connection.
    mutating func ping() -> CInt {
        if open({ macha_ssh2_open_unknown($0, &$1) }) != nil { return 0 }
        let code = lastError.code
        return code == LIBSSH2_ERROR_CHANNEL_FAILURE ? 0 : code
    }

    private mutating func open(_ call: (OpaquePointer, inout CInt) -> OpaquePointer?) -> Channel? {
        var opened: OpaquePointer?
        _ = watched { session in
            var status: CInt = 0
            opened = call(session, &status)
            return status
        }
        guard let opened else { return nil }
        lastChannel += 1
        channels[lastChannel] = opened
        return Channel(number: lastChannel)
    }

    func execute(_ command: String, on channel: Channel) -> CInt {
        watched(channel) { macha_ssh2_exec($0, command, CUnsignedInt(command.utf8.count)) }
    }

    /// Bytes written, or a negative error. While the socket has no room this would block, whatever the channel: what is
    /// held stays one packet of data, and the host sets the pace.
    func write(_ bytes: ArraySlice<UInt8>, to channel: Channel) -> Int {
        // One call sends one packet, so its count is small.
        guard !holdsOutput else { return Int(Self.wouldBlock) }
        return bytes.withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) { bytes in
                Int(watched(channel) { CInt(macha_ssh2_write($0, bytes.baseAddress, bytes.count)) })
            }
        }
    }

    func sendEOF(on channel: Channel) -> CInt {
        watched(channel) { macha_ssh2_send_eof($0) }
    }

    /// Bytes read into `buffer`, 0 for nothing more just now, or a negative error.
    func read(_ stream: OutputStream, of channel: Channel, into buffer: UnsafeMutableBufferPointer<CChar>) -> Int {
        Int(
            watched(channel) {
                CInt(macha_ssh2_read($0, stream == .standardOutput ? 0 : 1, buffer.baseAddress, buffer.count))
            })
    }

    /// Whether the server has said that no more output comes.
    func isAtEnd(_ channel: Channel) -> Bool {
        guard !intake.isStuck else { return true }
        return channels[channel.number].map { libssh2_channel_eof($0) != 0 } ?? true
    }

    /// Closes the channel on both sides and frees it. Then `outcome` is how the command ended.
    ///
    /// With `second` the server closes first, or tells at least how the command ended. Nobody waits for our word once the
    /// server has closed: it leaves with the next command or the goodbye. Until then the server keeps the place of a command that
    /// has ended; one with few of them is told at once (``bePrompt()``).
    mutating func conclude(_ channel: Channel, _ outcome: inout ExitOutcome, second: Bool) -> CInt {
        if second {
            let status = watched(channel, gone: 0) { macha_ssh2_wait_closed($0) }
            guard status == 0 || (status == Self.wouldBlock && intake.knowsOutcome) else { return status }
        }
        let status = watched(channel, gone: 0) { macha_ssh2_close($0) }
        guard status == 0 else { return status }
        outcome = self.outcome(of: channel)
        intake.outlet.postpone()
        // How the command ended is known, whatever freeing meets.
        return free(channel) == Self.wouldBlock ? Self.wouldBlock : 0
    }

    private func outcome(of channel: Channel) -> ExitOutcome {
        guard let pointer = channels[channel.number] else { return .unknown }
        var name: UnsafeMutablePointer<CChar>?
        var length = 0
        libssh2_channel_get_exit_signal(pointer, &name, &length, nil, nil, nil, nil)
        if let name {
            defer { libssh2_free(raw, name) }
            return .signal(String(cString: name))
        }
        guard intake.knowsOutcome else { return .unknown }
        return .status(libssh2_channel_get_exit_status(pointer))
    }

    mutating func free(_ channel: Channel) -> CInt {
        let status = watched(channel, gone: 0) { macha_ssh2_channel_free($0) }
        if status != Self.wouldBlock { channels[channel.number] = nil }
        return status
    }

    /// Tells the server goodbye.
    func disconnect() -> CInt { watched { macha_ssh2_disconnect($0, "done") } }
}
