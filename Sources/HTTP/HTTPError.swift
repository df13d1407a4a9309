// SPDX-License-Identifier: MIT

/// Why a request got no whole answer: what, where, at which stage, and what a person can do about it.
package struct HTTPError: Error, Hashable, Sendable {
    /// What went wrong, for programs.
    package enum Code: Hashable, Sendable {
        /// The request itself is at fault: its URL, or a header that is none.
        case invalidRequest
        case nameNotFound
        /// Refused, no route, or no such Unix socket.
        case unreachable
        case timedOut
        /// The server's certificate does not prove who it is.
        case untrusted
        /// TLS fails in another way.
        case tlsFailed
        /// The connection ended in the middle of something.
        case connectionLost
        /// The answer is not HTTP.
        case malformed
        /// The answer exceeds the request's bound.
        case tooLarge
        case tooManyRedirects
        case cancelled
        /// The client was closed.
        case closed
        /// Another error of libcurl, by its number (curl.h, `CURLE_…`).
        case library(Int)
    }

    package var code: Code
    package var stage: HTTPStage
    /// Scheme, host, port and path; without user, password, query and fragment.
    package var place: String
    /// Starts lower case; names the place.
    package var message: String
    /// What to do next; empty when nothing is known.
    package var remedy: String

    package init(_ code: Code, _ stage: HTTPStage, place: String, _ message: String, remedy: String = "") {
        self.code = code
        self.stage = stage
        self.place = place
        self.message = message
        self.remedy = remedy
    }
}

extension HTTPError: CustomStringConvertible {
    package var description: String { remedy.isEmpty ? message : "\(message); \(remedy)" }
}

/// How far an exchange got, in the order of its life.
package enum HTTPStage: String, Hashable, Sendable, CaseIterable {
    case request, resolve, connect, tls
    /// The connection stands and the status line has not come.
    case answer
    case body
}

extension HTTPStage {
    /// The stage as a noun in a sentence.
    package var words: String {
        switch self {
        case .request: "the request"
        case .resolve: "name resolution"
        case .connect: "connecting"
        case .tls: "the TLS handshake"
        case .answer: "waiting for the answer"
        case .body: "reading the answer"
        }
    }
}
