// SPDX-License-Identifier: MIT
import CLibSSH2

/// The bytes of one command, in both directions.
struct Exchange {
    enum Progress {
        case moved, blocked, ended, failed
        /// Something moved, and nothing is left that could: as ``blocked`` from here.
        case drained
        /// Nothing moved, but libssh2 has taken something in: look again before waiting.
        case heard
    }

    /// Pieces of 32 KiB read in one go; then other hosts have their turn.
    private static let mostPieces = 16

    var unsent: ArraySlice<UInt8>
    let limit: OutputLimit
    let output: (@Sendable (ArraySlice<UInt8>) -> Void)?
    let receive: (@Sendable (OutputStream, ArraySlice<UInt8>) -> Void)?
    /// Finds where the command's own output begins.
    var marked: MarkedOutput
    /// Whether input waits for the mark. A shell that the account starts in the command's place would run the input as commands.
    let holdsInput: Bool
    var result = ExecResult()
    private(set) var isInputEnded = false
    /// Where one packet of output is read to.
    private let scratch: UnsafeMutableBufferPointer<CChar>
    /// Bytes that went to `output`.
    private var handedOn = 0

    init(
        unsent: ArraySlice<UInt8>, limit: OutputLimit, scratch: UnsafeMutableBufferPointer<CChar>,
        output: (@Sendable (ArraySlice<UInt8>) -> Void)?,
        receive: (@Sendable (OutputStream, ArraySlice<UInt8>) -> Void)?, frame: CommandLineFrame, holdsInput: Bool
    ) {
        marked = MarkedOutput(frame)
        self.holdsInput = holdsInput && !unsent.isEmpty
        self.scratch = scratch
        self.unsent = unsent
        self.limit = limit
        self.output = output
        self.receive = receive
    }

    /// One round: write what the server takes, read what is there.
    ///
    /// Both in each round: writing makes libssh2 take in output as well, which must not pile up there until all input is sent.
    mutating func step(_ handle: inout SessionHandle, _ channel: SessionHandle.Channel) -> Progress {
        var moved = false
        if !isInputEnded {
            switch write(&handle, channel) {
            case .moved: moved = true
            case .failed: return .failed
            case .blocked, .heard, .drained, .ended: break
            }
        }
        var isEmptied = true
        for stream in OutputStream.allCases {
            switch read(stream, &handle, channel) {
            case .drained: moved = true
            case .moved: (moved, isEmptied) = (true, false)
            case .ended: return .ended
            case .failed: return .failed
            case .blocked, .heard: break
            }
            // While the socket gives more, a look at the next stream can bring some for this one.
            isEmptied = isEmptied && handle.isDry
        }
        if handle.isAtEnd(channel) { return .ended }
        // What was heard may also have made room for input.
        if isInputEnded, isEmptied { return moved ? .drained : .blocked }
        return moved ? .moved : handle.hasHeard ? .heard : .blocked
    }

    /// Asks for the command. When there is no input, its end goes along in the same segment.
    ///
    /// It cannot overtake the request, which waits while the server exchanges keys again: a call that would block has taken in all
    /// that this turn may (``InboundLimits``), so what made the request wait makes the end of input wait too.
    mutating func start(_ line: String, _ handle: inout SessionHandle, _ channel: SessionHandle.Channel) -> CInt {
        let status = handle.execute(line, on: channel)
        if status == SessionHandle.wouldBlock, unsent.isEmpty, !isInputEnded {
            _ = endInput(&handle, channel)
        }
        return status
    }

    private mutating func endInput(_ handle: inout SessionHandle, _ channel: SessionHandle.Channel) -> Progress {
        if handle.sendEOF(on: channel) == SessionHandle.wouldBlock { return .blocked }
        // A command may end without reading its input: what it wrote still counts.
        isInputEnded = true
        return .moved
    }

    private mutating func write(_ handle: inout SessionHandle, _ channel: SessionHandle.Channel) -> Progress {
        if unsent.isEmpty { return endInput(&handle, channel) }
        guard !holdsInput || marked.isMarked else { return .blocked }
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
        // The end leaves in the same segment as the last of the input.
        if unsent.isEmpty { _ = endInput(&handle, channel) }
        return .moved
    }

    private mutating func read(
        _ stream: OutputStream, _ handle: inout SessionHandle, _ channel: SessionHandle.Channel
    ) -> Progress {
        var moved = false
        for _ in 0..<Self.mostPieces {
            let count = handle.read(stream, of: channel, into: scratch)
            if count == Int(SessionHandle.wouldBlock) || count == 0 { return moved ? .drained : .blocked }
            guard count > 0 else { return .failed }
            moved = true
            if keep(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(scratch)[..<count]), of: stream) {
                return .ended
            }
        }
        return .moved
    }

    /// Keeps what is the command's and the limit allows. Answers whether the limit is passed.
    private mutating func keep(_ piece: UnsafeRawBufferPointer, of stream: OutputStream) -> Bool {
        guard stream == .standardOutput, let own = marked.take(piece) else { return keepOwn(piece, of: stream) }
        guard marked.foreign <= MarkedOutput.mostForeign else {
            result.cut = stream
            return true
        }
        return own.withUnsafeBytes { keepOwn($0, of: stream) }
    }

    /// The server has said that no more output comes.
    mutating func endOutput() {
        let last = marked.end()
        _ = last.withUnsafeBytes { keepOwn($0, of: .standardOutput) }
        result.preamble = marked.preamble
    }

    private mutating func keepOwn(_ piece: UnsafeRawBufferPointer, of stream: OutputStream) -> Bool {
        guard !piece.isEmpty else { return false }
        let room: Int
        if stream == .standardOutput, let output {
            room = limit[stream] - handedOn
            let kept = piece.prefix(max(room, 0))
            handedOn += kept.count
            if !kept.isEmpty { output(ArraySlice(kept)) }
        } else {
            let path: WritableKeyPath<ExecResult, [UInt8]> =
                stream == .standardOutput ? \.standardOutput : \.standardError
            room = limit[stream] - result[keyPath: path].count
            let kept = piece.prefix(max(room, 0))
            result[keyPath: path] += kept
            if !kept.isEmpty { receive?(stream, ArraySlice(kept)) }
        }
        guard piece.count > room else { return false }
        result.cut = stream
        return true
    }
}
