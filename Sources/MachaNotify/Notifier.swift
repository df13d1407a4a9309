// SPDX-License-Identifier: MIT
package import MachaModel

/// A way to tell somebody something. What conforms passes one conformance suite.
package protocol Notifier: Sendable {
    /// The receiver's name in the configuration.
    var name: String { get }

    /// Hands `message` over; returns once the receiver's server has it. Ends by its own deadline, and when its task is
    /// cancelled.
    func send(_ message: NoticeMessage) async throws(NotifierError)
}

/// Why a notice did not arrive.
package struct NotifierError: Error, Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// It may arrive later; `after` is what the server asked for, in seconds.
        case retryable(after: Double?)
        /// The receiver will never take this message.
        case permanent
    }

    package var kind: Kind
    /// Starts lower case, names the receiver and what to do next; safe to print, without secrets.
    package var message: String

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message.printable(limit: 500)
    }

    package var isPermanent: Bool { kind == .permanent }
}

extension NotifierError: CustomStringConvertible {
    package var description: String { message }
}
