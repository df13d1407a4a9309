// SPDX-License-Identifier: MIT
import Foundation
import MachaInventory
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
        let path =
            switch secret {
            case .file(let file): file
            case .credential(let name): "credential:\(name)"
            }
        switch SecretFile.text(of: path) {
        case .success(let text): return text
        case .failure(let refusal): throw NotifierError(.retryable(after: 900), refusal.reason)
        }
    }
}
