// SPDX-License-Identifier: MIT
import MachaModel
package import struct Foundation.TimeZone

/// When fleet reports are sent, and to whom.
package struct ReportSettings: Hashable, Sendable {
    package enum Key: String, CaseIterable, Sendable {
        case daily, weekly, receivers
        case timeZone = "time-zone"
    }

    /// A weekday and a time of day.
    package struct Weekly: Hashable, Sendable {
        package var day: MaintenanceHours.Day
        /// After midnight, 0…1439.
        package var minute: Int

        package init(day: MaintenanceHours.Day, minute: Int) {
            self.day = day
            self.minute = minute
        }
    }

    /// Minutes after midnight, 0…1439; `nil` for no daily report.
    package var daily: Int?
    package var weekly: Weekly?
    /// All when nothing is said.
    package var receivers: [String]?
    /// The controller's when nothing is said.
    package var timeZone: TimeZone?

    package init() {}
}

extension ReportSettings {
    /// Reads what stands below `notifications.reports`.
    static func read(_ node: YAMLNode, _ outer: inout SettingsReader) -> ReportSettings? {
        var reader = SettingsReader(title: "'reports'", home: outer.home)
        defer { outer.mistakes += reader.mistakes }
        guard case .mapping(let entries) = node.kind else {
            reader.mistakes.append(
                Mistake("'reports' must be a mapping with 'daily' or 'weekly', not \(node.kindName)", at: node.position)
            )
            return nil
        }
        var settings = ReportSettings()
        for entry in entries {
            switch Key(rawValue: entry.key) {
            case .daily: settings.daily = reader.single(entry, InventoryValue.timeOfDay) ?? nil
            case .weekly: settings.weekly = reader.single(entry, NotificationValue.weekly) ?? nil
            case .receivers: settings.receivers = reader.list(entry, NotificationValue.word)
            case .timeZone: settings.timeZone = reader.single(entry, NotificationValue.timeZone)
            case nil: reader.unknown(entry, known: Key.allCases.map(\.rawValue))
            }
        }
        if let entry = entries.first(where: { $0.key == Key.receivers.rawValue }), settings.receivers == [] {
            reader.complain("name at least one receiver", at: entry.value.position, of: entry.key)
        }
        let times = [Key.daily, .weekly].map(\.rawValue)
        if !entries.contains(where: { times.contains($0.key) }), reader.mistakes.isEmpty {
            reader.mistakes.append(
                Mistake("'reports' has neither 'daily' nor 'weekly'; write daily: \"07:30\"", at: node.position))
        }
        return settings
    }
}

extension InventoryValue {
    /// Minutes after midnight in `07:30`; `nil` for `none`.
    static func timeOfDay(_ text: String) throws(ValueValidationError) -> Int? {
        if text == "none" { return nil }
        guard let minute = minute(text), minute < 1_440 else {
            throw ValueValidationError("\(text.quoted) is not a valid time of day; write it as \"07:30\", in quotes")
        }
        return minute
    }
}

extension NotificationValue {
    /// `mon 07:30`, or `none`.
    static func weekly(_ text: String) throws(ValueValidationError) -> ReportSettings.Weekly? {
        if text == "none" { return nil }
        let words = text.split(separator: " ")
        guard words.count == 2, let minute = try InventoryValue.timeOfDay(String(words[1])) else {
            throw ValueValidationError(
                "\(text.quoted) is not a weekday and a time of day; write it as \"mon 07:30\", in quotes")
        }
        let day: MaintenanceHours.Day = try InventoryValue.word(words[0].lowercased())
        return ReportSettings.Weekly(day: day, minute: minute)
    }

    /// A name of the time zone database.
    static func timeZone(_ text: String) throws(ValueValidationError) -> TimeZone {
        guard let zone = TimeZone(identifier: text) else {
            throw ValueValidationError(
                "\(text.quoted) is no time zone; write it as Europe/Zurich or UTC",
                suggestion: text.nearest(in: TimeZone.knownTimeZoneIdentifiers))
        }
        return zone
    }
}
