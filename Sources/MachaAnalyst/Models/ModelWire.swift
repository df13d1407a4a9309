// SPDX-License-Identifier: MIT
import HTTP
import MachaCore

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

    func get(_ path: String) async throws(ModelError) -> JSONValue { try await document(request(.get, path, nil)) }

    func post(_ path: String, _ body: JSONValue) async throws(ModelError) -> JSONValue {
        try await document(request(.post, path, body))
    }

    /// Posts and hands over each line of the answer, until `take` answers false or the answer ends.
    func stream(
        _ path: String, _ body: JSONValue, _ take: ([UInt8]) throws(ModelError) -> Bool
    ) async throws(ModelError) {
        let request = request(.post, path, body)
        let response = try await translate { () async throws(HTTPError) in try await client.send(request) }
        guard response.status == 200 else {
            let body = try await translate { () async throws(HTTPError) in try await response.collect() }
            throw refusal(response.status, String(decoding: body, as: UTF8.self))
        }
        var splitter = LineSplitter()
        while let piece = try await translate({ () async throws(HTTPError) in try await response.next() }) {
            guard let lines = splitter.take(piece) else { throw malformed("a line of its answer has no end") }
            for line in lines where try !take(line) { return }
        }
        if let rest = splitter.finish() { _ = try take(rest) }
    }

    private func document(_ request: HTTPRequest) async throws(ModelError) -> JSONValue {
        let answer = try await translate { () async throws(HTTPError) in try await client.fetch(request) }
        guard answer.status == 200 else { throw refusal(answer.status, answer.text) }
        do throws(JSONError) {
            return try JSONValue.parse(answer.body)
        } catch {
            throw malformed("its answer is not JSON: \(error.message)")
        }
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

    func stopped() -> ModelError {
        ModelError(
            .connectionLost, name, "\(name) stopped in the middle of its answer", remedy: "look into the server's log")
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
        let bytes = text.utf8.drop { $0 <= 0x20 }
        let trimmed = String(Substring(bytes)).reversed().drop { $0.isWhitespace }.reversed()
        guard !trimmed.isEmpty else { return nil }
        self.text = String(trimmed)
    }

    package var description: String { "[key]" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
