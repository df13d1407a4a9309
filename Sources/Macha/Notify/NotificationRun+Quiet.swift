// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel
import struct Foundation.Date

extension NotificationRun {
    /// Fifth stage: in quiet hours only what is severe enough goes on. The rest waits for the morning, where one notice
    /// tells all of it, also what came and went meanwhile.
    mutating func keepQuiet(_ due: [DueGroup]) -> [DueGroup] {
        guard let hours = settings.quietHours,
            let end = LocalTime(pipeline.zone).end(of: hours, at: now)
        else { return due }
        return due.compactMap { group in
            var loud = group
            loud.firing = group.firing.filter { isLoud($0.severity) }
            loud.ended = group.ended.filter { isLoud($0.what.severity) }
            if loud.ended.count < group.ended.count { noteDue(end) }
            for alert in group.firing where !isLoud(alert.severity) && news(of: alert, for: group.receiver) != nil {
                noteDue(end)
                if state(of: group.receiver).overnight[alert.id] == nil {
                    change(group.receiver) { $0.overnight[alert.id] = alert.told }
                }
                hold(alert.told, from: group.receiver, .quietHours, "quiet hours are from \(hours.text)")
            }
            return loud.firing.isEmpty && loud.ended.isEmpty ? nil : loud
        }
    }

    private func isLoud(_ severity: Severity) -> Bool { settings.quietExcept.map { severity >= $0 } ?? false }

    /// Whether what waited for the morning may be told.
    var isMorning: Bool {
        guard let hours = settings.quietHours else { return true }
        return !hours.contains(minute: LocalTime(pipeline.zone).minute(of: now))
    }
}
