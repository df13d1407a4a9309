// SPDX-License-Identifier: MIT
import Foundation
import MachaInventory
import MachaNotify
import MachaStore

extension Environment {
    /// What tells people; `nil` when the configuration names no receiver.
    func makeNotifications() throws(ControllerError) -> Notifications? {
        let configuration = try configuration()
        for warning in configurationWarnings(configuration) { warn(.configurationDoubtful(warning)) }
        guard let settings = configuration.notifications else { return nil }
        let notifiers = notifiers()
        return Notifications(
            store: try store(), settings: settings, inventory: hasInventory ? try inventory() : .empty, zone: .current,
            retry: .standard, analysesPerDay: configuration.daemon.analysesPerDay, now: now
        ) { (receiver) throws(NotifierError) in try notifiers.notifier(receiver) }
    }

    /// What the first Macha's keys for Gotify make doubtful.
    func configurationWarnings(_ configuration: Configuration) -> [String] {
        guard let file = existingConfiguration else { return [] }
        var warnings = configuration.seeds.gotifyNotes.map { "\($0.position): \($0.text)" }
        if configuration.seeds.gotifyToken != nil, let refusal = TrustedPath.refusal(file, for: .secret) {
            warnings.append(
                "\(refusal), or keep the token in a file of its own and name that as token-file of a receiver "
                    + "below 'notifications'")
        }
        return warnings
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
        case .file(let file): path = file
        case .credential(let name): path = "credential:\(name)"
        case .given(let secret): return secret.text
        }
        switch SecretFile.text(of: path) {
        case .success(let text): return text
        case .failure(let refusal): throw NotifierError(.retryable(after: 900), refusal.reason)
        }
    }
}
