// SPDX-License-Identifier: MIT
import Foundation
import MachaModel

/// A time as a person writes it: `2h`, `3d` before now, `2026-11-20`, `2026-11-20 08:00`, `08:00` (today), local unless
/// an offset follows.
enum TimeArgument {
    /// The time in `--since`, which lies before `now`.
    static func begin(_ text: String, now: Date) throws -> Date {
        guard let date = date(text, now: now) else {
            throw Failure(.usage, "cannot read --since \(text): write 2h, 3d, 08:00, 2026-11-20 or '2026-11-20 08:00'")
        }
        guard date < now else { throw Failure(.usage, "--since \(text) is in the future") }
        return date
    }

    static func date(_ text: String, now: Date, zone: TimeZone = .current) -> Date? {
        if let seconds = DurationText.seconds(text), seconds > 0 { return now.addingTimeInterval(-Double(seconds)) }
        let pattern =
            /(?:(\d{4})-(\d\d)-(\d\d))?[T ]?(?:(\d\d):(\d\d)(?::(\d\d))?)?\s*(Z|[+-]\d\d:?\d\d)?/
        guard !text.isEmpty, let match = text.wholeMatch(of: pattern)?.output, match.1 != nil || match.4 != nil else {
            return nil
        }
        var calendar = Calendar(identifier: .gregorian)
        if let offset = match.7 {
            guard let zone = Self.zone(offset) else { return nil }
            calendar.timeZone = zone
        } else {
            calendar.timeZone = zone
        }
        var parts = calendar.dateComponents([.year, .month, .day], from: now)
        if let year = match.1.flatMap({ Int($0) }), let month = match.2.flatMap({ Int($0) }),
            let day = match.3.flatMap({ Int($0) })
        {
            (parts.year, parts.month, parts.day) = (year, month, day)
        }
        parts.hour = match.4.flatMap { Int($0) } ?? 0
        parts.minute = match.5.flatMap { Int($0) } ?? 0
        parts.second = match.6.flatMap { Int($0) } ?? 0
        // The calendar would make the first of May of the 31st of April; and no clock shows 25:00.
        guard let date = calendar.date(from: parts) else { return nil }
        let back = calendar.dateComponents([.year, .month, .day, .hour, .minute], from: date)
        let isReal =
            back.month == parts.month && back.day == parts.day && (parts.minute ?? 0) < 60 && (parts.hour ?? 0) < 24
        return isReal ? date : nil
    }

    private static func zone(_ text: Substring) -> TimeZone? {
        if text == "Z" { return TimeZone(secondsFromGMT: 0) }
        let digits = text.filter(\.isNumber)
        guard let hours = Int(digits.prefix(2)), let minutes = Int(digits.suffix(2)), hours < 24, minutes < 60 else {
            return nil
        }
        return TimeZone(secondsFromGMT: (text.hasPrefix("-") ? -1 : 1) * (hours * 3600 + minutes * 60))
    }
}
