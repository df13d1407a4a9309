// SPDX-License-Identifier: MIT

/// One mail to hand to a server.
package struct MailRequest: Sendable {
    package enum Encryption: Hashable, Sendable {
        /// Plain at first, then TLS or nothing.
        case startTLS
        /// From the first byte.
        case tls
        case none
    }

    /// A host name, or an address without brackets.
    package var server: String
    package var port: UInt16
    package var encryption: Encryption
    package var trust: HTTPRequest.Trust
    /// Never sent without TLS.
    package var login: (user: String, password: String)?
    /// `name@host`.
    package var sender: String
    package var recipients: [String]
    /// Headers and body, lines ended by CR and LF.
    package var message: [UInt8]
    /// All of it.
    package var deadline: Duration

    package init(
        server: String, port: UInt16, encryption: Encryption, trust: HTTPRequest.Trust,
        login: (user: String, password: String)?, sender: String, recipients: [String], message: [UInt8],
        deadline: Duration
    ) {
        self.server = server
        self.port = port
        self.encryption = encryption
        self.trust = trust
        self.login = login
        self.sender = sender
        self.recipients = recipients
        self.message = message
        self.deadline = deadline
    }
}

/// Why a mail was not taken.
package struct MailError: Error, Hashable, Sendable {
    package enum Code: Hashable, Sendable {
        /// The request is at fault: nothing was sent.
        case invalidRequest
        /// Name, network, TLS or time.
        case transport(HTTPError.Code)
        /// The server said no, with its status code (rfc-editor.org/rfc/rfc5321): 4xx for now, 5xx for good.
        case refused(Int)
        case loginRefused
    }

    package var code: Code
    /// Starts lower case; names the server.
    package var message: String
    /// What to do next; empty when nothing is known.
    package var remedy: String
}

extension MailError: CustomStringConvertible {
    package var description: String { remedy.isEmpty ? message : "\(message); \(remedy)" }
}
