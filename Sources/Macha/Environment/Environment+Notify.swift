// SPDX-License-Identifier: MIT
import Foundation
import MachaInventory
import MachaModel
import MachaNotify
import MachaStore

extension Environment {
    /// What tells people; `nil` when the configuration names no receiver.
    func makeNotifications() throws(ControllerError) -> Notifications? {
        guard let settings = try configuration().notifications else { return nil }
        let notifiers = notifiers()
        return Notifications(
            store: try store(), settings: settings, inventory: hasInventory ? try inventory() : .empty, zone: .current,
            retry: .standard, now: now
        ) { (receiver) throws(NotifierError) in try notifiers.notifier(receiver) }
    }

    /// Makes the ways to receivers.
    func notifiers() -> Notifiers {
        let now = now
        return Notifiers(
            read: { (secret) throws(NotifierError) in try Self.read(secret) },
            now: { Int(now().timeIntervalSince1970) })
    }

    /// A token or password. A file that somebody else may read or write is not used.
    private static func read(_ secret: ReceiverSettings.Secret) throws(NotifierError) -> String {
        let path: String
        switch secret {
        case .file(let file):
            path = file
            if let refusal = TrustedPath.refusal(file, for: .secret) {
                throw NotifierError(.retryable(after: 900), refusal)
            }
        case .credential(let name):
            guard let folder = ProcessInfo.processInfo.environment["CREDENTIALS_DIRECTORY"] else {
                throw NotifierError(
                    .retryable(after: 900),
                    "the credential \(name.quoted) cannot be read: there is no CREDENTIALS_DIRECTORY; systemd makes one for a unit with LoadCredential="
                )
            }
            path = "\(folder)/\(name)"
        }
        let text = FileManager.default.contents(atPath: path).flatMap { String(validating: $0, as: UTF8.self) }?
            .trimmingCharacters(in: .whitespacesAndNewlines)
        guard let text, !text.isEmpty else {
            throw NotifierError(
                .retryable(after: 900),
                "\(path): the secret cannot be read; check that the file exists, is not empty, and its permissions")
        }
        return text
    }
}
