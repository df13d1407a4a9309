// SPDX-License-Identifier: MIT
import MachaModel

/// What the configuration file says. JSON is read as the YAML it is.
package struct Configuration: Hashable, Sendable {
    /// The top-level keys.
    package enum Key: String, CaseIterable, Sendable {
        case modelEndpoints = "model-endpoints"
        case auditHeadFile = "audit-head-file"
        case auditHeadSyslog = "audit-head-syslog"
        case daemon
        case backup
        case notifications
    }

    /// In order of preference.
    package var modelEndpoints: [ModelEndpoint] = []
    /// A file in another place that keeps the ends of the audit's chain; an absolute path.
    package var auditHeadFile: String?
    /// The system's log keeps them too.
    package var auditHeadSyslog = false
    package var daemon = DaemonSettings()
    /// The backups that the daemon makes; `nil` when it makes none.
    package var backup: BackupSettings?
    /// What the keys of the first Macha say.
    package var seeds = SeedSettings()
    /// Every value that the file holds, in its order.
    package private(set) var given: [GivenValue] = []
    /// Who is told of what; `nil` when nobody is.
    package var notifications: NotificationSettings?

    package init() {}

    /// Reads a whole file; `file` is its name in messages, `home` what `~` stands for.
    ///
    /// - Throws: all mistakes at once. An empty file is an empty configuration.
    package static func parse(_ text: String, file: String, home: String) throws(InventoryError) -> Configuration {
        let document = YAMLDocument(text, file: file)
        var mistakes = document.mistakes
        var configuration = Configuration()
        if let root = document.root, !root.isNull {
            if case .mapping(let entries) = root.kind {
                for entry in entries { configuration.read(entry, home: home, mistakes: &mistakes) }
                configuration.given = GivenValue.all(entries, below: nil)
                configuration.notifications = configuration.seeds.notifications(beside: configuration.notifications)
                if let endpoint = configuration.seeds.endpoint { configuration.modelEndpoints.append(endpoint) }
            } else {
                mistakes.append(Mistake("the configuration must be a mapping, not \(root.kindName)", at: root.position))
            }
        }
        guard mistakes.isEmpty else { throw InventoryError(mistakes) }
        return configuration
    }

    private mutating func read(_ entry: YAMLEntry, home: String, mistakes: inout [Mistake]) {
        switch Key(rawValue: entry.key) {
        case .modelEndpoints: modelEndpoints = ModelEndpoint.read(entry.value, home: home, mistakes: &mistakes)
        case .auditHeadFile:
            auditHeadFile = Self.single(entry, &mistakes) { (text) throws(ValueValidationError) in
                try InventoryValue.path(text, home: home)
            }
        case .auditHeadSyslog:
            auditHeadSyslog =
                Self.single(entry, &mistakes) { (text) throws(ValueValidationError) in try InventoryValue.bool(text) }
                ?? false
        case .daemon: daemon = DaemonSettings.read(entry.value, home: home, mistakes: &mistakes)
        case .backup: backup = BackupSettings.read(entry.value, home: home, mistakes: &mistakes)
        case .notifications:
            notifications = NotificationSettings.read(entry.value, home: home, mistakes: &mistakes)
        case nil:
            if let key = SeedSettings.Key(spelled: entry.key) { return seeds.read(key, entry, &mistakes) }
            let own = Key.allCases.map(\.rawValue)
            let guess = entry.key.nearest(in: own + SeedSettings.Key.allCases.map(\.rawValue))
            mistakes.append(.unknownKey(entry, "at the top level", known: own, instead: guess))
        }
    }

    static func single<Value>(
        _ entry: YAMLEntry, _ mistakes: inout [Mistake], _ convert: (String) throws(ValueValidationError) -> Value
    ) -> Value? {
        guard case .scalar(let text, _) = entry.value.kind, !entry.value.isNull else {
            let message = "\(entry.key.quoted) must be a single value, not \(entry.value.kindName)"
            mistakes.append(Mistake(message, at: entry.value.position))
            return nil
        }
        do throws(ValueValidationError) {
            return try convert(text)
        } catch {
            mistakes.append(Mistake("\(entry.key.quoted): \(error.description)", at: entry.value.position))
            return nil
        }
    }
}
