// SPDX-License-Identifier: MIT
import HTTP
import MachaModel

/// What the notifiers that speak HTTP share: deadlines, and what an answer means.
struct NotifierHTTP: Sendable {
    let name: String
    let client: HTTPClient
    let trust: HTTPRequest.Trust

    /// A server that needs longer is met again later.
    static let deadlines = HTTPDeadlines(
        connect: .seconds(5), firstByte: .seconds(10), betweenPieces: .seconds(5), total: .seconds(15))

    func post(
        _ url: String, _ headers: [(name: String, value: String)], body: [UInt8]
    ) async throws(NotifierError) {
        let request = HTTPRequest(
            .post, url, headers: [("Content-Type", "application/json")] + headers, body: body,
            deadlines: Self.deadlines, bodyLimit: 64 << 10, trust: trust)
        let answer: HTTPAnswer
        do throws(HTTPError) {
            answer = try await client.fetch(request)
        } catch {
            throw Self.failure(error, of: name)
        }
        guard (200..<300).contains(answer.status) else { throw refusal(answer) }
    }

    static func failure(_ error: HTTPError, of name: String) -> NotifierError {
        switch error.code {
        case .invalidRequest: NotifierError(.permanent, "\(name): \(error)")
        default: NotifierError(.retryable(after: nil), "\(name): \(error)")
        }
    }

    /// 4xx speaks of the request and is final, but for those that speak of the moment or of the configuration
    /// (rfc-editor.org/rfc/rfc9110#status.4xx).
    private func refusal(_ answer: HTTPAnswer) -> NotifierError {
        let said = Self.words(answer)
        let text = "\(name): the server returned status \(answer.status)\(said.isEmpty ? "" : ": \(said)")"
        switch answer.status {
        // A person can mend these, and then wants what waited.
        case 401, 403: return NotifierError(.retryable(after: 900), "\(text); check the token, and what it may do")
        case 404: return NotifierError(.retryable(after: 900), "\(text); check the URL")
        case 408, 425, 429: return NotifierError(.retryable(after: Self.wait(answer)), text)
        case 400..<500: return NotifierError(.permanent, text)
        // A redirect is not followed: the token would go elsewhere.
        case 300..<400: return NotifierError(.retryable(after: 900), "\(text); give the URL that the server points to")
        default: return NotifierError(.retryable(after: Self.wait(answer)), text)
        }
    }

    /// `Retry-After` in seconds; dates are left to our own rhythm.
    private static func wait(_ answer: HTTPAnswer) -> Double? {
        answer.head["retry-after"].flatMap { Double($0) }.flatMap { $0.isFinite && $0 >= 0 ? min($0, 86_400) : nil }
    }

    /// What Gotify and ntfy say in their JSON, or the beginning of any other text.
    private static func words(_ answer: HTTPAnswer) -> String {
        if let json = try? JSONValue.parse(answer.body) {
            return (json["errorDescription"]?.string ?? json["error"]?.string ?? "").printable(limit: 200)
        }
        return answer.text.printable(limit: 120)
    }
}
