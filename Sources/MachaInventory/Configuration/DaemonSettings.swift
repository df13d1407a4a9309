// SPDX-License-Identifier: MIT
package import MachaModel

/// What the configuration says of `macha serve`, below `daemon`.
package struct DaemonSettings: Hashable, Sendable {
    /// The keys.
    package enum Key: String, CaseIterable, Sendable {
        case width
        case analysesPerDay = "analyses-per-day"
        case heartbeatURL = "heartbeat-url"
        case heartbeatURLFile = "heartbeat-url-file"
        case heartbeatInterval = "heartbeat-interval"
    }

    /// Hosts asked at once; `nil` for the program's own number.
    package var width: Int?
    /// Analyses that are asked for within 24 hours at most, of all hosts together; `nil` for as many as are needed.
    package var analysesPerDay: Int?
    /// Where a sign of life is sent.
    package var heartbeatURL: String?
    /// A file that holds it instead.
    package var heartbeatURLFile: String?
    /// Seconds between two signs of life.
    package var heartbeatInterval = 60

    package init() {}

    static func read(_ node: YAMLNode, home: String, mistakes: inout [Mistake]) -> DaemonSettings {
        var settings = DaemonSettings()
        guard case .mapping(let entries) = node.kind else {
            if !node.isNull {
                mistakes.append(Mistake("'daemon' must be a mapping, not \(node.kindName)", at: node.position))
            }
            return settings
        }
        for entry in entries {
            guard let key = Key(rawValue: entry.key) else {
                mistakes.append(.unknownKey(entry, "in 'daemon'", known: Key.allCases.map(\.rawValue)))
                continue
            }
            settings.read(key, entry, home: home, &mistakes)
        }
        if settings.heartbeatURL != nil, settings.heartbeatURLFile != nil {
            mistakes.append(
                Mistake("'daemon' has both 'heartbeat-url' and 'heartbeat-url-file'; write one", at: node.position))
        }
        return settings
    }

    private mutating func read(_ key: Key, _ entry: YAMLEntry, home: String, _ mistakes: inout [Mistake]) {
        switch key {
        case .width:
            width = Configuration.single(entry, &mistakes) { (text) throws(ValueValidationError) in
                let count = try InventoryValue.count(text)
                guard (1...10_000).contains(count) else {
                    throw ValueValidationError("\(text.quoted) must lie between 1 and 10000")
                }
                return count
            }
        case .analysesPerDay: analysesPerDay = Configuration.single(entry, &mistakes, InventoryValue.count)
        case .heartbeatURL: heartbeatURL = Configuration.single(entry, &mistakes, Self.url)
        case .heartbeatURLFile:
            heartbeatURLFile = Configuration.single(entry, &mistakes) { (text) throws(ValueValidationError) in
                try InventoryValue.secretPath(text, home: home)
            }
        case .heartbeatInterval:
            if let seconds = Configuration.single(entry, &mistakes, InventoryValue.interval) {
                heartbeatInterval = seconds
            }
        }
    }

    /// The URL of a monitoring service; it may hold a secret, so it is not repeated in messages.
    package static func url(_ text: String) throws(ValueValidationError) -> String {
        let rest = ["http://", "https://"].first { text.lowercased().hasPrefix($0) }.map { text.dropFirst($0.count) }
        guard let rest, let first = rest.utf8.first, first != UInt8(ascii: "/"),
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
        else { throw ValueValidationError("this is no URL; write https://host/path") }
        return text
    }
}
