// SPDX-License-Identifier: MIT
import Foundation
import MachaInventory

/// Times of day in one time zone, daylight saving included.
struct LocalTime: Sendable {
    private let calendar: Calendar

    init(_ zone: TimeZone) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        self.calendar = calendar
    }

    /// Minutes after midnight, 0…1439.
    func minute(of date: Date) -> Int {
        let parts = calendar.dateComponents([.hour, .minute], from: date)
        return (parts.hour ?? 0) * 60 + (parts.minute ?? 0)
    }

    /// So many minutes after midnight on the day of `date`. A time that a spring day leaves out is the first one after it, and
    /// one that an autumn day has twice is the first of both.
    func time(_ minute: Int, onDayOf date: Date) -> Date? {
        let time = DateComponents(hour: minute / 60, minute: minute % 60, second: 0)
        return calendar.nextDate(
            after: calendar.startOfDay(for: date).addingTimeInterval(-1), matching: time, matchingPolicy: .nextTime,
            repeatedTimePolicy: .first)
    }

    /// When the span that holds `now` ends; `nil` when `now` lies outside of it.
    func end(of hours: QuietHours, at now: Date) -> Date? {
        guard hours.contains(minute: minute(of: now)) else { return nil }
        let time = DateComponents(hour: hours.end / 60, minute: hours.end % 60, second: 0)
        return calendar.nextDate(after: now, matching: time, matchingPolicy: .nextTime)
    }

    /// `30 Nov 17:42`
    func words(_ date: Date) -> String {
        let parts = calendar.dateComponents([.hour, .minute], from: date)
        func two(_ number: Int?) -> String { (number ?? 0) < 10 ? "0\(number ?? 0)" : "\(number ?? 0)" }
        return "\(day(date)) \(two(parts.hour)):\(two(parts.minute))"
    }

    /// `30 Nov`
    func day(_ date: Date) -> String {
        let parts = calendar.dateComponents([.day, .month], from: date)
        let month = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let name = parts.month.flatMap { month.indices.contains($0 - 1) ? month[$0 - 1] : nil } ?? ""
        return "\(parts.day ?? 0) \(name)"
    }
}
