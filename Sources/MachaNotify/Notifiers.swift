// SPDX-License-Identifier: MIT
import HTTP
package import MachaInventory

/// Makes notifiers of what the configuration says.
package struct Notifiers: Sendable {
    private let client = HTTPClient()
    private let read: @Sendable (ReceiverSettings.Secret) throws(NotifierError) -> String
    private let now: @Sendable () -> Int

    /// `read` returns a secret, or throws with the reason why there is none; it is asked at each attempt, so that a token
    /// that is replaced counts at once. `now` is in seconds since 1970.
    package init(
        read: @escaping @Sendable (ReceiverSettings.Secret) throws(NotifierError) -> String,
        now: @escaping @Sendable () -> Int
    ) {
        self.read = read
        self.now = now
    }

    /// The notifier of `receiver`. Throws when its secret cannot be had.
    package func notifier(_ receiver: ReceiverSettings) throws(NotifierError) -> any Notifier {
        let trust: HTTPRequest.Trust = receiver.certificateFile.map { .file($0) } ?? .system
        let http = NotifierHTTP(name: receiver.name, client: client, trust: trust)
        switch receiver.kind {
        case .gotify(let url, let token):
            return GotifyNotifier(http: http, url: Self.base(url), token: try read(token))
        case .ntfy(let url, let topic, let token):
            return NtfyNotifier(http: http, url: url, topic: topic, token: try optional(token))
        case .webhook(let url, let secret):
            return WebhookNotifier(http: http, url: url, secret: try optional(secret), now: now)
        case .smtp(let settings):
            return SMTPNotifier(
                name: receiver.name, settings: settings, password: try optional(settings.password), trust: trust)
        }
    }

    private func optional(_ secret: ReceiverSettings.Secret?) throws(NotifierError) -> String? {
        guard let secret else { return nil }
        return try read(secret)
    }

    private static func base(_ url: String) -> String { url.hasSuffix("/") ? String(url.dropLast()) : url }
}
