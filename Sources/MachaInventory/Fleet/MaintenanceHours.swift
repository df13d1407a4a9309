// SPDX-License-Identifier: MIT
import MachaModel
package import struct Foundation.Date
package import struct Foundation.TimeZone

/// Hours of the week in which a host is in maintenance: `sun 02:00-04:00`, `mon-fri 22:00-01:00`, `03:00-03:30`.
package struct MaintenanceHours: Hashable, Codable, Sendable {
    package enum Day: String, Hashable, Codable, Sendable, CaseIterable {
        case mon, tue, wed, thu, fri, sat, sun

        fileprivate var number: Int { Self.allCases.firstIndex(of: self) ?? 0 }
        fileprivate var before: Day { Self.allCases[(number + 6) % 7] }
    }

    /// The days on which it begins.
    package var days: Set<Day>
    /// Minutes after midnight, 0…1439.
    package var start: Int
    /// Minutes after midnight, not included; before `start` on the next day.
    package var end: Int

    package init(days: Set<Day>, start: Int, end: Int) {
        self.days = days
        self.start = start
        self.end = end
    }

    package func contains(_ time: LocalTime) -> Bool {
        if start < end { return days.contains(time.day) && (start..<end).contains(time.minute) }
        return days.contains(time.day) && time.minute >= start
            || days.contains(time.day.before) && time.minute < end
    }

    /// As the inventory writes it.
    package var text: String {
        func clock(_ minute: Int) -> String {
            [minute / 60, minute % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
        }
        let names =
            days.count == 7 ? "" : Day.allCases.filter(days.contains).map(\.rawValue).joined(separator: ",") + " "
        return "\(names)\(clock(start))-\(clock(end))"
    }
}

/// A weekday and a minute by a host's own clock on the wall.
package struct LocalTime: Hashable, Sendable {
    package var day: MaintenanceHours.Day
    /// Minutes after midnight, 0…1439.
    package var minute: Int

    package init(day: MaintenanceHours.Day, minute: Int) {
        self.day = day
        self.minute = minute
    }

    package init(_ now: Date, in zone: TimeZone) {
        let seconds = Int(now.timeIntervalSince1970.rounded(.down)) + zone.secondsFromGMT(for: now)
        let (days, rest) = (Int((Double(seconds) / 86_400).rounded(.down)), ((seconds % 86_400) + 86_400) % 86_400)
        // 1 January 1970 was a Thursday.
        day = MaintenanceHours.Day.allCases[(((days + 3) % 7) + 7) % 7]
        minute = rest / 60
    }
}

extension InventoryValue {
    /// `sun 02:00-04:00`; several days as `sat,sun` or `mon-fri`; every day without any.
    static func maintenanceHours(_ text: String) throws(ValueValidationError) -> MaintenanceHours {
        let remedy = "write it as \"sun 02:00-04:00\", \"mon-fri 22:00-23:30\" or \"03:00-03:30\""
        let words = text.split(separator: " ")
        guard (1...2).contains(words.count), let last = words.last,
            let hours = try? quietHours(String(last)) ?? nil
        else { throw ValueValidationError("\(text.quoted) are no hours of maintenance; \(remedy)") }
        let days = words.count == 1 ? Set(MaintenanceHours.Day.allCases) : try days(String(words[0]), remedy)
        return MaintenanceHours(days: days, start: hours.start, end: hours.end)
    }

    private static func days(
        _ text: String, _ remedy: String
    ) throws(ValueValidationError) -> Set<MaintenanceHours.Day> {
        var days: Set<MaintenanceHours.Day> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
            guard (1...2).contains(ends.count) else {
                throw ValueValidationError("\(part.description.quoted) is no day; \(remedy)")
            }
            let first = try day(String(ends[0]), remedy)
            let last = ends.count == 2 ? try day(String(ends[1]), remedy) : first
            var next = first
            days.insert(next)
            while next != last {
                next = MaintenanceHours.Day.allCases[(next.number + 1) % 7]
                days.insert(next)
            }
        }
        return days
    }

    private static func day(_ text: String, _ remedy: String) throws(ValueValidationError) -> MaintenanceHours.Day {
        if let day = MaintenanceHours.Day(rawValue: text.lowercased()) { return day }
        throw ValueValidationError(
            "\(text.quoted) is no day; \(remedy)",
            suggestion: text.lowercased().nearest(in: MaintenanceHours.Day.allCases.map(\.rawValue)))
    }
}
