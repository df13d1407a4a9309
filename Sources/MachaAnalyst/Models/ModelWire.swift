// SPDX-License-Identifier: MIT
import Foundation
import HTTP
import MachaModel

/// Puts an answer together from the lines that a server sends.
protocol AnswerReader {
    /// Takes one line, and gives what it holds of the answer to `onPiece`. Returns false after the last.
    mutating func take(_ line: [UInt8], _ onPiece: (ChatPiece) -> Void) throws(ModelError) -> Bool
}

/// The HTTP side of a model client: one server, one key, JSON both ways, errors as ``ModelError``.
struct ModelWire: Sendable {
    let name: ModelName
    let client: HTTPClient
    /// Without a slash at its end.
    let base: String
    let options: ModelOptions
    /// Turns a refusal (status and body) into what it means with this protocol.
    let refusal: @Sendable (_ status: Int, _ body: String) -> ModelError

    /// More than any answer of a model is long.
    private static let bodyLimit = 64 << 20

    /// `limit` bounds a page that is only useful: some gateways never answer what they do not know.
    func get(_ path: String, within limit: Duration? = nil) async throws(ModelError) -> JSONValue {
        var request = request(.get, path, nil)
        if let limit { request.deadlines.total = min(request.deadlines.total, limit) }
        return try await document(request)
    }

    func post(_ path: String, _ body: JSONValue) async throws(ModelError) -> JSONValue {
        try await document(request(.post, path, body))
    }

    /// How many times its `timeout` an answer may take in all while it is being written.
    private static let patience = 6

    /// Posts, and hands each line of the answer to `reader`, until it has had the last or the answer ends.
    ///
    /// An answer must begin before the total deadline. One that is being written then is not cut by the clock: its length is
    /// bounded already, and silence ends it, also one that is filled with signs of life.
    func stream(
        _ path: String, _ body: JSONValue, into reader: inout some AnswerReader, _ onPiece: (ChatPiece) -> Void
    ) async throws(ModelError) {
        var request = request(.post, path, body)
        let deadlines = options.deadlines
        request.deadlines.total = deadlines.total * Self.patience
        let begun = ContinuousClock.now
        let response = try await translate { () async throws(HTTPError) in try await client.send(request) }
        if let error = packed(response.head) { throw error }
        guard response.status == 200 else {
            let body = try await translate { () async throws(HTTPError) in try await response.collect() }
            throw refused(response.head, String(decoding: body, as: UTF8.self))
        }
        var splitter = LineSplitter()
        var last: ContinuousClock.Instant?
        func heard(_ piece: ChatPiece) {
            last = .now
            onPiece(piece)
        }
        while let piece = try await translate({ () async throws(HTTPError) in try await response.next() }) {
            guard let lines = splitter.take(piece) else { throw malformed("a line of its answer has no end") }
            for line in lines where try !reader.take(line, heard) { return }
            let now = ContinuousClock.now
            guard begun.duration(to: now) > deadlines.total else { continue }
            guard let last, last.duration(to: now) <= deadlines.betweenPieces else {
                throw idle(after: begun.duration(to: now), begins: last == nil)
            }
        }
        if let rest = splitter.finish() { _ = try reader.take(rest, heard) }
    }

    private func document(_ request: HTTPRequest) async throws(ModelError) -> JSONValue {
        let answer = try await translate { () async throws(HTTPError) in try await client.fetch(request) }
        if let error = packed(answer.head) { throw error }
        guard answer.status == 200 else { throw refused(answer.head, answer.text) }
        do throws(JSONError) {
            return try JSONValue.parse(answer.body)
        } catch {
            guard Self.page(answer.text) == nil else { throw foreign(answer.text) }
            throw malformed("its answer is not JSON: \(error.message)")
        }
    }

    /// An answer that is packed, which nothing here asked for: a proxy that does so to everything (RFC 9110, 8.4).
    private func packed(_ head: HTTPHead) -> ModelError? {
        guard let coding = head["content-encoding"], !["", "identity"].contains(coding.lowercased()) else { return nil }
        return ModelError(
            .wrongServer, name,
            "\(name): the server compresses its responses (\(coding.printable(limit: 40))) without being asked",
            remedy: "turn off compression in the server or the proxy in front of it")
    }

    /// What a status other than 200 means, with what its headers add.
    private func refused(_ head: HTTPHead, _ body: String) -> ModelError {
        var error = refusal(head.status, Self.page(body) ?? body)
        if (300..<400).contains(head.status), let place = head["location"] {
            error.message += "; it redirects to \(place.printable(limit: 200))"
            error.remedy = "set the endpoint's url to that address"
        }
        guard let wait = head["retry-after"].flatMap({ Self.seconds($0) }) else { return error }
        // A quota of the minute is no quota of the account: who says when to come back has one of the former kind.
        if error.code == .refused, head.status == 429, !body.contains("insufficient_quota") { error.code = .busy }
        if error.code == .busy || error.code == .loading {
            error.retryAfter = wait
            error.remedy = "the server asks to wait \(Self.span(wait))"
        }
        return error
    }

    /// `40 s`, `90 min`, `24 h`
    private static func span(_ seconds: Double) -> String {
        switch seconds {
        case ...180: "\(Int(seconds.rounded(.up))) s"
        case ...10_800: "\(Int((seconds / 60).rounded(.up))) min"
        default: "\(Int((seconds / 3_600).rounded(.up))) h"
        }
    }

    /// The longest wait that a server may ask for, in seconds.
    private static let longestWait = 86_400.0

    /// The value of Retry-After, seconds or a date (RFC 9110, 10.2.3), as seconds from now, at most a day.
    private static func seconds(_ text: String) -> Double? {
        if let seconds = Double(text), seconds > 0 { return min(seconds, longestWait) }
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "GMT")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
        guard let wait = format.date(from: text)?.timeIntervalSinceNow, wait > 0 else { return nil }
        return min(wait, longestWait)
    }

    /// The title of an HTML page, or what it is; `nil` when this is none. Gateways report their troubles as pages.
    private static func page(_ body: String) -> String? {
        let start = body.prefix(2_000).drop { $0.isWhitespace }
        guard ["<html", "<!doctype html", "<head"].contains(where: { start.lowercased().hasPrefix($0) }) else {
            return nil
        }
        guard let open = start.firstRange(of: "<title>"),
            let close = start[open.upperBound...].firstRange(of: "</title>")
        else { return "a web page" }
        return "a web page, \(String(start[open.upperBound..<close.lowerBound]).quoted)"
    }

    /// An answer that is neither JSON nor a stream of events.
    func foreign(_ body: String) -> ModelError {
        let what = Self.page(body) ?? body.printable(limit: 200).quoted
        return ModelError(
            .wrongServer, name, "\(name): the server sent \(what) where an answer of its API was expected",
            remedy:
                "check the URL of the endpoint \(name.endpoint.quoted): a web interface's API often has a path of its own, such as /api or /v1"
        )
    }

    private func request(_ method: HTTPRequest.Method, _ path: String, _ body: JSONValue?) -> HTTPRequest {
        var headers: [(name: String, value: String)] = []
        if body != nil { headers.append(("Content-Type", "application/json")) }
        if let key = options.key { headers.append(("Authorization", "Bearer \(key.text)")) }
        return HTTPRequest(
            method, base + path, headers: headers, body: Array((body?.text ?? "").utf8), deadlines: options.deadlines,
            bodyLimit: Self.bodyLimit,
            trust: options.certificates.map { .file($0) } ?? .system)
    }

    private func idle(after time: Duration, begins: Bool) -> ModelError {
        ModelError(
            .timedOut, name,
            "\(name) \(begins ? "did not begin to write" : "stopped writing"), \(time.components.seconds) s after it was asked",
            remedy: "check the server's load, or raise the timeout of the endpoint \(name.endpoint.quoted)")
    }

    func stopped() -> ModelError {
        ModelError(
            .connectionLost, name, "\(name) stopped in the middle of its answer", remedy: "check the server's log")
    }

    func malformed(_ what: String) -> ModelError {
        ModelError(
            .malformed, name, "\(name): \(what)",
            remedy: "check the URL and the kind of the endpoint \(name.endpoint.quoted)")
    }

    private func translate<Value>(
        _ work: () async throws(HTTPError) -> Value
    ) async throws(ModelError) -> Value {
        do throws(HTTPError) {
            return try await work()
        } catch {
            let code: ModelError.Code =
                switch error.code {
                case .nameNotFound, .unreachable, .tlsFailed: .unreachable
                case .untrusted: .untrusted
                case .timedOut: .timedOut
                case .connectionLost, .library: .connectionLost
                case .malformed, .tooLarge, .tooManyRedirects: .malformed
                case .invalidRequest: .invalidRequest
                case .cancelled, .closed: .cancelled
                }
            throw ModelError(code, name, "\(name): \(error.message)", remedy: error.remedy)
        }
    }
}

/// A secret that opens an endpoint. It is shown to nobody.
package struct APIKey: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    let text: String

    /// `nil` for an empty key. White space around it, as files have it at their end, is no part of it.
    package init?(_ text: String) {
        // Editors of other systems put a byte order mark first.
        let key = text.unicodeScalars.first == "\u{feff}" ? String(text.unicodeScalars.dropFirst()) : text
        let bytes = key.utf8.drop { $0 <= 0x20 }
        let trimmed = String(Substring(bytes)).reversed().drop { $0.isWhitespace }.reversed()
        guard !trimmed.isEmpty else { return nil }
        self.text = String(trimmed)
    }

    package var description: String { "[key]" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
