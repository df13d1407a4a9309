// SPDX-License-Identifier: MIT
import HTTP
import MachaInventory
import MachaModel

/// Mail over SMTP, one server for all of them.
struct SMTPNotifier: Notifier {
    let name: String
    let settings: MailSettings
    let password: String?
    let trust: HTTPRequest.Trust
    let client = MailClient()

    func send(_ message: NoticeMessage) async throws(NotifierError) {
        let mail = MailRequest(
            server: settings.server, port: settings.port, encryption: encryption, trust: trust, login: login,
            sender: settings.from, recipients: settings.to,
            message: MailMessage(message: message, from: settings.from, to: settings.to).bytes, deadline: .seconds(20))
        do throws(MailError) {
            try await client.send(mail)
        } catch {
            throw NotifierError(Self.kind(of: error), "\(name): \(error)")
        }
    }

    private var login: (user: String, password: String)? {
        guard let user = settings.user, let password else { return nil }
        return (user, password)
    }

    private var encryption: MailRequest.Encryption {
        switch settings.encryption {
        case .starttls: .startTLS
        case .tls: .tls
        case .none: .none
        }
    }

    private static func kind(of error: MailError) -> NotifierError.Kind {
        switch error.code {
        case .invalidRequest: .permanent
        case .loginRefused: .retryable(after: 900)
        case .refused(let status): status >= 500 ? .permanent : .retryable(after: nil)
        // A server without TLS, or with a wrong certificate, may be mended.
        case .transport: .retryable(after: nil)
        }
    }
}
