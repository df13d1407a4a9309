// SPDX-License-Identifier: MIT
import MachaModel

/// What the configuration says of the backups that `macha serve` makes, below `backup`.
package struct BackupSettings: Hashable, Sendable {
    /// The keys.
    package enum Key: String, CaseIterable, Sendable {
        case folder, every, at, keep
    }

    /// When one is due.
    package enum Pace: Hashable, Sendable {
        /// So many seconds after the last one.
        case every(Int)
        /// At so many minutes after midnight, by the controller's local time.
        case at(Int)

        /// Seconds from one backup to the next.
        package var span: Double {
            switch self {
            case .every(let seconds): Double(seconds)
            case .at: 86_400
            }
        }
    }

    /// An absolute path; `nil` for the folder in the state directory.
    package var folder: String?
    package var pace = Pace.every(86_400)
    /// Backups that stay in the folder.
    package var keep = 14

    package init() {}

    /// `nil` with a mistake when nothing stands there: `backup: {}` is one backup a day.
    static func read(_ node: YAMLNode, home: String, mistakes: inout [Mistake]) -> BackupSettings? {
        guard case .mapping(let entries) = node.kind else {
            mistakes.append(
                Mistake(
                    "'backup' must be a mapping, not \(node.kindName); write backup: {} for a backup every day",
                    at: node.position))
            return nil
        }
        var settings = BackupSettings()
        var paces: Set<Key> = []
        for entry in entries {
            guard let key = Key(rawValue: entry.key) else {
                mistakes.append(.unknownKey(entry, "in 'backup'", known: Key.allCases.map(\.rawValue)))
                continue
            }
            if key == .every || key == .at { paces.insert(key) }
            settings.read(key, entry, home: home, &mistakes)
        }
        if paces.count == 2 {
            mistakes.append(Mistake("'backup' has both 'every' and 'at'; write one", at: node.position))
        }
        return settings
    }

    private mutating func read(_ key: Key, _ entry: YAMLEntry, home: String, _ mistakes: inout [Mistake]) {
        switch key {
        case .folder:
            folder = Configuration.single(entry, &mistakes) { (text) throws(ValueValidationError) in
                try InventoryValue.path(text, home: home)
            }
        case .every:
            if let seconds = Configuration.single(entry, &mistakes, InventoryValue.interval) { pace = .every(seconds) }
        case .at:
            if let minute = Configuration.single(entry, &mistakes, InventoryValue.clock) { pace = .at(minute) }
        case .keep:
            let count = Configuration.single(entry, &mistakes) { (text) throws(ValueValidationError) in
                let count = try InventoryValue.count(text)
                guard count <= 10_000 else { throw ValueValidationError("\(text.quoted) must lie between 1 and 10000") }
                return count
            }
            if let count { keep = count }
        }
    }
}
