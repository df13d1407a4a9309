// SPDX-License-Identifier: MIT
package import Foundation
package import MachaInventory
package import MachaModel

/// When reports are due, by a clock on the wall: daylight saving included. A time that a spring day leaves out is the first
/// one after it, and one that an autumn day has twice is the first of both. Pure.
package struct ReportSchedule: Sendable {
    private let settings: ReportSettings
    private let calendar: Calendar
    private let clock: LocalTime

    package init(_ settings: ReportSettings, zone: TimeZone) {
        self.settings = settings
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        self.calendar = calendar
        clock = LocalTime(zone)
    }

    /// The newest time at `now` or before; `nil` when no such report is wanted.
    package func last(_ kind: ReportKind, at now: Date) -> Date? { times(kind, around: now).last { $0 <= now } }

    /// The first time after `now`; `nil` when no such report is wanted.
    package func next(_ kind: ReportKind, after now: Date) -> Date? { times(kind, around: now).first { $0 > now } }

    /// Whether both are on one day: no day has two reports of a kind, whatever becomes of the configuration.
    package func isSameDay(_ one: Date, _ other: Date) -> Bool { calendar.isDate(one, inSameDayAs: other) }

    /// Ascending, from more than a week before to more than a week after.
    private func times(_ kind: ReportKind, around now: Date) -> [Date] {
        let (minute, day): (Int?, MaintenanceHours.Day?) =
            switch kind {
            case .daily: (settings.daily, nil)
            case .weekly: (settings.weekly?.minute, settings.weekly?.day)
            }
        guard let minute else { return [] }
        return (-8...8).compactMap { offset in
            // Noon is on every day; midnight is not.
            guard let noon = calendar.date(bySettingHour: 12, minute: 0, second: 0, of: now),
                let date = calendar.date(byAdding: .day, value: offset, to: noon),
                day.map({ isOn($0, date) }) ?? true
            else { return nil }
            return clock.time(minute, onDayOf: date)
        }
    }

    /// Foundation counts from Sunday as 1.
    private func isOn(_ day: MaintenanceHours.Day, _ date: Date) -> Bool {
        let index = MaintenanceHours.Day.allCases.firstIndex(of: day) ?? 0
        return calendar.component(.weekday, from: date) == (index + 1) % 7 + 1
    }
}
