// SPDX-License-Identifier: MIT
import MachaModel

extension NotificationSettings {
    /// Reads what stands below `notifications`. Everything that is wrong is added to `mistakes`.
    static func read(_ node: YAMLNode, home: String, mistakes: inout [Mistake]) -> NotificationSettings? {
        guard case .mapping(let entries) = node.kind else {
            if !node.isNull {
                mistakes.append(
                    Mistake(
                        "'notifications' must be a mapping with 'receivers', not \(node.kindName)", at: node.position))
            }
            return nil
        }
        var settings = NotificationSettings()
        var reader = SettingsReader(title: "'notifications'", home: home)
        // What routes inherit is read before they are, wherever it stands.
        for entry in entries { settings.timing.read(entry, &reader) }
        for entry in entries where RouteTiming.Key(rawValue: entry.key) == nil { settings.read(entry, &reader) }
        if settings.receivers.isEmpty, reader.mistakes.isEmpty {
            reader.mistakes.append(Mistake("'notifications' has no 'receivers'", at: node.position))
        }
        settings.checkNames(entries, &reader)
        mistakes += reader.mistakes
        return reader.mistakes.isEmpty ? settings : nil
    }

    private mutating func read(_ entry: YAMLEntry, _ reader: inout SettingsReader) {
        switch Key(rawValue: entry.key) {
        case .receivers: receivers = ReceiverSettings.read(entry.value, home: reader.home, &reader.mistakes)
        case .routes: routes = NotificationRoute.read(entry.value, inheriting: timing, &reader)
        case .reports: reports = ReportSettings.read(entry.value, &reader)
        case .fallback: fallback = reader.list(entry, NotificationValue.word)
        case .resolved: sendsResolved = reader.single(entry, InventoryValue.bool) ?? sendsResolved
        case .link: link = reader.single(entry, NotificationValue.url)
        case .quietHours: quietHours = reader.single(entry, InventoryValue.quietHours) ?? nil
        case .quietExcept: if let value = reader.single(entry, NotificationValue.severityOrNone) { quietExcept = value }
        case .rateLimit: rateLimit = reader.single(entry, InventoryValue.count) ?? rateLimit
        case .approvalReminder:
            approvalReminder = reader.single(entry, InventoryValue.interval) ?? approvalReminder
        case nil:
            reader.unknown(entry, known: Key.allCases.map(\.rawValue) + RouteTiming.Key.allCases.map(\.rawValue))
        }
    }

    /// Whoever is named has to be there.
    private func checkNames(_ entries: [YAMLEntry], _ reader: inout SettingsReader) {
        let known = receivers.map(\.name)
        func check(_ names: [String], at place: SourcePosition, _ what: String) {
            for name in names where !known.contains(name) {
                reader.mistakes.append(
                    Mistake(
                        "\(what) names the receiver \(name.quoted), which is not there", at: place,
                        suggestion: name.nearest(in: known)))
            }
        }
        guard !known.isEmpty else { return }
        for entry in entries {
            switch Key(rawValue: entry.key) {
            case .fallback: check(fallback ?? [], at: entry.value.position, "'fallback'")
            case .reports: check(reports?.receivers ?? [], at: entry.value.position, "'reports'")
            case .routes:
                guard case .sequence(let nodes) = entry.value.kind, nodes.count == routes.count else { continue }
                for (index, (node, route)) in zip(nodes, routes).enumerated() {
                    check(route.receivers, at: node.position, "route \(index + 1)")
                }
            default: continue
            }
        }
    }
}

extension RouteTiming {
    /// Takes one of its keys; whether `entry` is one.
    @discardableResult
    mutating func read(_ entry: YAMLEntry, _ reader: inout SettingsReader) -> Bool {
        guard let key = Key(rawValue: entry.key) else { return false }
        switch key {
        case .groupBy: groupBy = reader.list(entry, NotificationValue.label)
        case .groupWait: groupWait = reader.single(entry, NotificationValue.wait) ?? groupWait
        case .groupInterval: groupInterval = reader.single(entry, InventoryValue.interval) ?? groupInterval
        case .repeatInterval: repeatInterval = reader.single(entry, InventoryValue.interval) ?? repeatInterval
        }
        return true
    }
}

extension NotificationRoute {
    fileprivate static func read(
        _ node: YAMLNode, inheriting timing: RouteTiming, _ outer: inout SettingsReader
    ) -> [NotificationRoute] {
        guard case .sequence(let nodes) = node.kind else {
            outer.mistakes.append(Mistake("'routes' must be a list of routes, not \(node.kindName)", at: node.position))
            return []
        }
        return nodes.enumerated().compactMap { index, node in
            var reader = SettingsReader(title: "route \(index + 1)", home: outer.home)
            defer { outer.mistakes += reader.mistakes }
            return NotificationRoute(node, inheriting: timing, &reader)
        }
    }

    private init?(_ node: YAMLNode, inheriting timing: RouteTiming, _ reader: inout SettingsReader) {
        guard case .mapping(let entries) = node.kind else {
            reader.mistakes.append(
                Mistake("\(reader.title) must be a mapping with 'receivers', not \(node.kindName)", at: node.position))
            return nil
        }
        self.init(timing: timing)
        var hasReceivers = false
        for entry in entries where !self.timing.read(entry, &reader) {
            switch Key(rawValue: entry.key) {
            case .receivers:
                hasReceivers = true
                receivers = reader.list(entry, NotificationValue.word)
            case .severity: severity = reader.single(entry, NotificationValue.severity) ?? severity
            case .kinds: kinds = reader.list(entry, NotificationValue.pattern)
            case .hosts: hosts = reader.single(entry, NotificationValue.selector)
            case .hours: hours = reader.single(entry, InventoryValue.quietHours) ?? nil
            case .continue: continues = reader.single(entry, InventoryValue.bool) ?? continues
            case nil:
                reader.unknown(entry, known: Key.allCases.map(\.rawValue) + RouteTiming.Key.allCases.map(\.rawValue))
            }
        }
        guard !hasReceivers else { return }
        reader.mistakes.append(
            Mistake("\(reader.title) has no 'receivers'; write [] where nobody is to be told", at: node.position))
    }
}
