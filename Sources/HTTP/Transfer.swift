// SPDX-License-Identifier: MIT
import CCurl

/// One exchange: its libcurl handle, how far it has come, and the mailbox its reader waits at.
final class Transfer: @unchecked Sendable {
    // @unchecked: the mailbox locks for itself; after init everything else that changes, the handle included, is touched
    // on the driver's thread only.

    let mailbox = Mailbox()
    let address: Address
    let easy: EasyHandle
    private let deadlines: HTTPDeadlines
    private let bodyLimit: Int
    private let usesUnixSocket: Bool
    private var reader: HeadReader
    private var hasHead = false
    private var received = 0
    private var isPaused = false
    private let began = ContinuousClock.now
    private var progress = ContinuousClock.now
    /// Why we made libcurl give up.
    private var verdict: HTTPError?

    init(_ request: HTTPRequest) throws(HTTPError) {
        try CurlLibrary.load()
        address = try Address(request.url)
        deadlines = request.deadlines
        bodyLimit = request.bodyLimit
        usesUnixSocket = request.unixSocket != nil
        reader = HeadReader(followsRedirects: request.redirects > 0)
        guard var easy = EasyHandle() else {
            throw HTTPError(.library(Int(CURLE_OUT_OF_MEMORY.rawValue)), .request, place: "", "no memory for libcurl")
        }
        try easy.prepare(request, address)
        self.easy = easy
        let context = Unmanaged.passUnretained(self).toOpaque()
        macha_curl_set_receivers(self.easy.raw, receiveHeader, receiveBody, context)
    }

    // MARK: What libcurl calls

    /// Answers how many bytes were taken; any other number than all of them ends the transfer.
    fileprivate func take(header line: UnsafeRawBufferPointer) -> Int {
        guard !hasHead else { return line.count }  // trailers
        progress = .now
        switch reader.take(String(decoding: line, as: UTF8.self)) {
        case .more: return line.count
        case .tooLarge:
            verdict = error(.tooLarge, "the headers of \(address.place) are larger than 256 KiB")
            return 0
        case .complete(let head):
            hasHead = true
            mailbox.put(head)
            return line.count
        }
    }

    fileprivate func take(body piece: UnsafeRawBufferPointer) -> Int {
        guard hasHead else { return piece.count }  // the body of a redirect
        guard received + piece.count <= bodyLimit else {
            verdict = error(.tooLarge, "the answer of \(address.place) is larger than \(bodyLimit) bytes")
            return 0
        }
        guard mailbox.put(piece) else {
            isPaused = true
            return Int(CURL_WRITEFUNC_PAUSE)
        }
        received += piece.count
        progress = .now
        return piece.count
    }

    // MARK: What the driver does

    /// Goes on after a pause. libcurl may call the receivers from in here.
    func resume() {
        guard isPaused else { return }
        isPaused = false
        progress = .now
        macha_curl_easy_pause(easy.raw, CURLPAUSE_CONT)
    }

    /// When this exchange has taken too long, as things stand.
    var deadline: ContinuousClock.Instant {
        let total = began + deadlines.total
        if !hasHead { return min(total, began + deadlines.firstByte) }
        return isPaused ? total : min(total, progress + deadlines.betweenPieces)
    }

    /// The exchange ran into `deadline`.
    func expire() {
        let now = ContinuousClock.now
        let (limit, what) =
            began + deadlines.total <= now
            ? (deadlines.total, "did not answer in full")
            : hasHead
                ? (deadlines.betweenPieces, "stopped in the middle of its response and sent nothing")
                : (deadlines.firstByte, "did not begin to answer")
        mailbox.fail(
            error(
                .timedOut, "\(address.place) \(what) within \(limit.words)",
                remedy: "check what the server is doing, or allow more time"))
    }

    /// libcurl has ended the exchange.
    func finish(_ code: CURLcode) {
        if let verdict { return mailbox.fail(verdict) }
        guard code != CURLE_OK else {
            guard !hasHead else { return mailbox.finish() }
            return mailbox.fail(error(.malformed, "\(address.place) ended its answer before the headers were complete"))
        }
        mailbox.fail(failure(code))
    }

    /// The reader has left, or the client was closed.
    func abandon(_ code: HTTPError.Code) {
        let why = code == .closed ? "the client was closed" : "the request was cancelled"
        mailbox.abandon(HTTPError(code, .request, place: address.place, "\(address.place): \(why)"))
    }

    // MARK: Errors

    private func error(_ code: HTTPError.Code, _ message: String, remedy: String = "") -> HTTPError {
        HTTPError(code, stage, place: address.place, message, remedy: remedy)
    }

    private func failure(_ code: CURLcode) -> HTTPError {
        let stage = stage
        if code == CURLE_OPERATION_TIMEDOUT {  // the other deadlines are ours, so this is the one of connecting
            return error(
                .timedOut, "\(stage.words) took longer than \(deadlines.connect.words) for \(address.place)",
                remedy: "check that the machine is on and that no firewall drops the packets"
                    + (address.isHTTPS ? "; if the server speaks plain HTTP, write http:// in the URL" : ""))
        }
        // Once connected, what libcurl calls an unsupported protocol is the server's: HTTP/0.9, or no HTTP at all.
        let meaning: HTTPError.Code =
            code == CURLE_UNSUPPORTED_PROTOCOL && stage == .answer ? .malformed : HTTPError.Code(code)
        // libcurl counts the TLS handshake as part of connecting.
        let isTLS = meaning == .untrusted || meaning == .tlsFailed
        return HTTPError(
            meaning, isTLS ? .tls : stage, place: address.place,
            "\(stage.words) failed for \(address.place): \(easy.explanation(of: code))", remedy: meaning.remedy)
    }

    /// How far the exchange has come, by what libcurl has measured.
    private var stage: HTTPStage {
        if hasHead { return .body }
        func reached(_ info: CURLINFO) -> Bool { macha_curl_time(easy.raw, info) > 0 }
        if reached(CURLINFO_PRETRANSFER_TIME_T) { return .answer }
        if reached(CURLINFO_CONNECT_TIME_T) { return address.isHTTPS ? .tls : .answer }
        return reached(CURLINFO_NAMELOOKUP_TIME_T) || usesUnixSocket ? .connect : .resolve
    }
}

private func transfer(_ context: UnsafeMutableRawPointer) -> Transfer {
    Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
}

private let receiveHeader: macha_curl_receive = { bytes, size, count, context in
    guard let context else { return 0 }
    return transfer(context).take(header: UnsafeRawBufferPointer(start: bytes, count: size * count))
}

private let receiveBody: macha_curl_receive = { bytes, size, count, context in
    guard let context else { return 0 }
    return transfer(context).take(body: UnsafeRawBufferPointer(start: bytes, count: size * count))
}

extension Duration {
    /// `90 s` or `250 ms`.
    fileprivate var words: String {
        self < .seconds(1) ? "\(Int(self / .milliseconds(1))) ms" : "\(components.seconds) s"
    }
}
