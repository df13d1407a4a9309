// SPDX-License-Identifier: MIT

/// Why there is no answer that may be used: what, at which model, and what a person can do about it.
package struct ModelError: Error, Hashable, Sendable {
    /// What went wrong, for programs.
    package enum Code: Hashable, Sendable {
        /// Our own request is at fault.
        case invalidRequest
        case unreachable
        /// No connection, no first byte, silence in the middle, or too long altogether.
        case timedOut
        case connectionLost
        /// The certificate does not prove who the server is.
        case untrusted
        /// A key is missing or wrong, or the server does not accept requests from this machine.
        case refused
        /// Something else answers at this URL.
        case wrongServer
        case modelNotFound
        case unsupported(ModelCapability)
        /// Refused by us before it was sent, or by the server. `tokens` is a count or our estimate.
        case promptTooLong(tokens: Int?, context: Int?)
        /// The server is overloaded: wait and ask again.
        case busy
        /// The model is not loaded yet.
        case loading
        /// The server failed at its work.
        case serverFailed
        /// What came over the wire is not what the protocol says.
        case malformed
        /// There is an answer, and it must not be used.
        case unusable(Reason)
        case cancelled
    }

    /// Why an answer must not be used.
    package enum Reason: String, Hashable, Sendable, CaseIterable, Codable {
        /// The server did not read the prompt whole, or does not tell whether it did.
        case promptTruncated = "prompt-truncated"
        /// It ended at its limit.
        case cutShort = "cut-short"
        case notJSON = "not-json"
        case wrongSchema = "wrong-schema"
        case unknownTool = "unknown-tool"
        case brokenToolCall = "broken-tool-call"
        case empty
        /// The server's content filter ended it.
        case filtered
        /// The server does not tell how much of the prompt it read, and it might have been too much for it.
        case uncounted
        /// It answers, and the answer shows that its analyses would be worth nothing.
        case unfit
    }

    package var code: Code
    package var model: ModelName
    /// Starts lower case; names the model and its endpoint.
    package var message: String
    /// What to do next; empty when nothing is known.
    package var remedy: String
    /// Seconds that the server asks to wait; `nil` when it does not.
    package var retryAfter: Double?

    package init(_ code: Code, _ model: ModelName, _ message: String, remedy: String = "") {
        self.code = code
        self.model = model
        self.message = message
        self.remedy = remedy
    }
}

extension ModelError: CustomStringConvertible {
    package var description: String { remedy.isEmpty ? message : "\(message); \(remedy)" }
}

extension ModelError {
    /// Whether the same request may well succeed later.
    package var isTransient: Bool {
        switch code {
        case .unreachable, .timedOut, .connectionLost, .busy, .loading, .serverFailed, .malformed: true
        case .invalidRequest, .untrusted, .refused, .wrongServer, .modelNotFound, .unsupported,
            .promptTooLong,
            .unusable, .cancelled:
            false
        }
    }

    /// Whether the endpoint, not this request, is at fault, so that others should be asked meanwhile.
    package var blamesEndpoint: Bool {
        switch code {
        case .unreachable, .timedOut, .connectionLost, .untrusted, .refused, .wrongServer,
            .modelNotFound, .busy,
            .loading, .serverFailed, .malformed:
            true
        case .invalidRequest, .unsupported, .promptTooLong, .unusable, .cancelled: false
        }
    }
}

extension ModelError.Code {
    /// A word for tables, records and `--json`.
    package var word: String {
        switch self {
        case .invalidRequest: "invalid-request"
        case .unreachable: "unreachable"
        case .timedOut: "timed-out"
        case .connectionLost: "connection-lost"
        case .untrusted: "untrusted"
        case .refused: "refused"
        case .wrongServer: "wrong-server"
        case .modelNotFound: "model-not-found"
        case .unsupported: "unsupported"
        case .promptTooLong: "prompt-too-long"
        case .busy: "busy"
        case .loading: "loading"
        case .serverFailed: "server-failed"
        case .malformed: "malformed"
        case .unusable(let reason): reason.rawValue
        case .cancelled: "cancelled"
        }
    }
}
