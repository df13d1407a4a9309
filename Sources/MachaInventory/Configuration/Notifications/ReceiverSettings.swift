// SPDX-License-Identifier: MIT

/// One place where notices go.
package struct ReceiverSettings: Hashable, Sendable {
    /// Where a token, password or key is kept. It stands in the configuration itself only as the first Macha's
    /// `gotifyToken`.
    package enum Secret: Hashable, Sendable {
        /// An absolute path; white space around the content does not count.
        case file(String)
        /// A name in systemd's credentials directory (systemd.exec(5), `LoadCredential=`).
        case credential(String)
        /// The secret itself.
        case given(GivenSecret)
    }

    package enum Kind: Hashable, Sendable {
        case gotify(url: String, token: Secret)
        case ntfy(url: String, topic: String, token: Secret?)
        /// JSON, signed with the secret when there is one.
        case webhook(url: String, secret: Secret?)
        case smtp(MailSettings)
    }

    package var name: String
    package var kind: Kind
    /// A file of certificates (PEM) to trust instead of the system's, for a server with one of its own.
    package var certificateFile: String?

    package init(name: String, kind: Kind, certificateFile: String?) {
        self.name = name
        self.kind = kind
        self.certificateFile = certificateFile
    }
}

extension ReceiverSettings {
    /// The Gotify server of the first Macha's configuration.
    init(gotify url: String, token: String) {
        self.init(
            name: "gotify", kind: .gotify(url: url, token: .given(GivenSecret(token))), certificateFile: nil)
    }

    /// The protocol's word in the file.
    package var kindName: String {
        switch kind {
        case .gotify: "gotify"
        case .ntfy: "ntfy"
        case .webhook: "webhook"
        case .smtp: "smtp"
        }
    }
}

/// A mail server, and from whom to whom.
package struct MailSettings: Hashable, Sendable {
    package enum Encryption: String, Hashable, Sendable, CaseIterable {
        /// Plain at first, then TLS or nothing (port 587).
        case starttls
        /// From the first byte (port 465).
        case tls
        /// For a server on this machine.
        case none
    }

    /// A host name or address.
    package var server: String
    package var port: UInt16
    package var encryption: Encryption
    package var user: String?
    package var password: ReceiverSettings.Secret?
    /// Addresses as `name@host`, without display names.
    package var from: String
    /// Never empty.
    package var to: [String]

    package init(
        server: String, port: UInt16, encryption: Encryption, user: String?, password: ReceiverSettings.Secret?,
        from: String, to: [String]
    ) {
        self.server = server
        self.port = port
        self.encryption = encryption
        self.user = user
        self.password = password
        self.from = from
        self.to = to
    }
}

/// A secret that was written into the configuration. It is not shown, wherever it is printed.
package struct GivenSecret: Hashable, Sendable, CustomStringConvertible {
    package let text: String
    package var description: String { "(a secret)" }

    package init(_ text: String) { self.text = text }
}
