// SPDX-License-Identifier: MIT

/// Whether a host could be asked at all.
package enum Contact: Hashable, Codable, Sendable {
    case reached
    case failed(ContactFailure)
}

/// Why a host could not be asked, in words that say what to do.
package struct ContactFailure: Error, Hashable, Codable, Sendable {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        /// No route, refused, no such name, or silence.
        case unreachable
        /// The host key is unknown, changed or revoked; nothing was sent.
        case untrusted
        /// The host refused our login.
        case authentication
        /// The two sides share no algorithm.
        case incompatible
        /// The connection was there and was lost, or the script could not run.
        case broken
        /// Something is wrong on our side: a key file that cannot be read, a local limit.
        case local
    }

    package var kind: Kind
    /// How far we got: `resolve`, `connect`, `handshake`, `host-key`, `authentication`, `exec`, `collect`.
    package var stage: String
    /// Starts lower case; names host and operation.
    package var message: UntrustedText
    /// What a person can do next; empty when nothing is known.
    package var remedy: String

    package init(_ kind: Kind, stage: String, message: String, remedy: String = "") {
        self.kind = kind
        self.stage = stage
        self.message = UntrustedText(message)
        self.remedy = remedy
    }
}
