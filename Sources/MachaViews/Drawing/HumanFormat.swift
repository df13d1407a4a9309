// SPDX-License-Identifier: MIT
package import Foundation

/// Figures as people read them. No figure is rounded to a better or a fuller one than it is where that would mislead.
package enum HumanFormat {
    /// `512 B`, `1.5 KiB`, `7.4 GiB`.
    package static func bytes(_ count: some BinaryInteger) -> String {
        let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
        var value = Double(count)
        var unit = 0
        // 1023.95 would be shown as 1024.0.
        while value.magnitude >= 1023.95, unit < units.count - 1 {
            value /= 1024
            unit += 1
        }
        return unit == 0 ? "\(count) B" : "\(fixed(value, digits: 1)) \(units[unit])"
    }

    /// A share from 0 to 1 as `0 %`, `<1 %`, `42 %`, `>99 %`, `100 %`; `?` when it is no number.
    static func percent(_ share: Double) -> String {
        guard share.isFinite else { return "?" }
        let value = share * 100
        if value > 0 && value < 1 { return "<1 %" }
        if value > 99 && value < 100 { return ">99 %" }
        return "\(fixed(value, digits: 0)) %"
    }

    /// A time span in its two largest units, cut off rather than rounded: `3 d 4 h`, `12 min 5 s`, `12 s`, `0.4 s`.
    package static func duration(seconds: Double) -> String {
        guard seconds.isFinite else { return "?" }
        if seconds < 0 { return "-" + duration(seconds: -seconds) }
        if seconds < 10 { return "\(fixed((seconds * 10).rounded(.down) / 10, digits: 1)) s" }
        guard seconds < 1e15 else { return "?" }
        let (larger, smaller) = split(Int(seconds))
        return smaller.count == 0 ? larger.text : "\(larger.text) \(smaller.text)"
    }

    /// A time span in its largest unit, as it is said: `3 d`, `12 min`; months and years from 60 days on.
    static func span(seconds: Double) -> String {
        guard seconds.isFinite, seconds.magnitude < 1e15 else { return "?" }
        let days = Int(seconds) / 86_400
        if days >= 730 { return "\(days / 365) years" }
        if days >= 60 { return "\(days / 30) months" }
        return split(Int(max(0, seconds))).larger.text
    }

    /// A share as eight cells of a bar, `██████▌░`; a little more than nothing is never drawn as nothing.
    static func bar(_ share: Double, cells: Int = 8) -> String {
        guard share.isFinite else { return "" }
        let rounded = Int((min(1, max(0, share)) * Double(cells) * 2).rounded())
        let halves = min(share < 1 ? cells * 2 - 1 : cells * 2, max(share > 0 ? 1 : 0, rounded))
        let half = halves % 2 == 1 ? "▌" : ""
        return String(repeating: "█", count: halves / 2) + half
            + String(repeating: "░", count: cells - halves / 2 - half.count)
    }

    /// How long ago `time` was: `just now`, `2 min ago`, `3 d ago`; `in 5 min` when the clock that made it runs ahead.
    package static func age(of time: Date, now: Date) -> String {
        let seconds = now.timeIntervalSince(time)
        guard seconds.magnitude < 1e15 else { return "?" }
        if seconds.magnitude < 5 { return "just now" }
        let text = split(Int(seconds.magnitude)).larger.text
        return seconds < 0 ? "in \(text)" : "\(text) ago"
    }

    /// `2026-11-21 08:30:26 +01:00`: the local time, and what it means elsewhere.
    package static func localTime(_ time: Date, in zone: TimeZone = .current) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: time)
        let offset = zone.secondsFromGMT(for: time) / 60
        let date = [parts.year, parts.month, parts.day].map { padded($0 ?? 0) }.joined(separator: "-")
        let clock = [parts.hour, parts.minute, parts.second].map { padded($0 ?? 0) }.joined(separator: ":")
        let sign = offset < 0 ? "-" : "+"
        return "\(date) \(clock) \(sign)\(padded(abs(offset) / 60)):\(padded(abs(offset) % 60))"
    }

    /// The local time to the minute, where the page says elsewhere which zone that is: `2026-11-21 08:30`.
    static func minute(_ time: Date, in zone: TimeZone) -> String { String(localTime(time, in: zone).prefix(16)) }

    private typealias Part = (count: Int, text: String)

    private static func split(_ seconds: Int) -> (larger: Part, smaller: Part) {
        let units = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")]
        let index = units.firstIndex { seconds >= $0.0 } ?? units.count - 1
        let count = seconds / units[index].0
        let larger = (count, "\(count) \(units[index].1)")
        guard index + 1 < units.count else { return (larger, (0, "")) }
        let rest = (seconds % units[index].0) / units[index + 1].0
        return (larger, (rest, "\(rest) \(units[index + 1].1)"))
    }

    /// One digit after the point: `0.4`, `12.0`.
    static func decimal(_ value: Double) -> String { fixed(value, digits: 1) }

    /// Independent of the locale, unlike a formatter.
    private static func fixed(_ value: Double, digits: Int) -> String { String(format: "%.\(digits)f", value) }

    private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
