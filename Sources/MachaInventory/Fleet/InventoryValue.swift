// SPDX-License-Identifier: MIT
import MachaModel

/// The meaning of each single value an inventory can hold.
package enum InventoryValue {
    /// `22`, from 1 to 65535.
    static func port(_ text: String) throws(ValueValidationError) -> UInt16 {
        guard let number = decimal(text), let port = UInt16(exactly: number), port > 0 else {
            throw ValueValidationError("\(text.quoted) is not a valid port; use a number from 1 to 65535")
        }
        return port
    }

    /// A positive count.
    static func count(_ text: String) throws(ValueValidationError) -> Int {
        guard let number = decimal(text), number > 0 else {
            throw ValueValidationError("\(text.quoted) is not a valid count; use a whole number from 1")
        }
        return number
    }

    /// `true`, `false` and the other YAML 1.1 Booleans (yaml.org/type/bool.html, without `y` and `n`).
    static func bool(_ text: String) throws(ValueValidationError) -> Bool {
        switch text {
        case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON": return true
        case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF": return false
        default:
            throw ValueValidationError(
                "\(text.quoted) is neither true nor false", suggestion: text.nearest(in: ["true", "false"]))
        }
    }

    /// One of an enumeration's raw values.
    static func word<Word: RawRepresentable<String> & CaseIterable>(_ text: String) throws(ValueValidationError) -> Word
    {
        if let word = Word(rawValue: text) { return word }
        let known = Word.allCases.map(\.rawValue)
        throw ValueValidationError(
            "\(text.quoted) is not one of \(known.joined(separator: ", "))", suggestion: text.nearest(in: known))
    }

    /// Seconds in `90s`, `5m`, `1h`, `2d` or a sum such as `1h30m`; at least one, at most 365 days.
    static func interval(_ text: String) throws(ValueValidationError) -> Int {
        guard let seconds = DurationText.seconds(text) else {
            throw ValueValidationError(
                "\(text.quoted) is not a valid interval; use a number and a unit: 90s, 5m, 1h or 2d")
        }
        guard (1...365 * 86400).contains(seconds) else {
            throw ValueValidationError("interval \(text.quoted) must be between 1s and 365d")
        }
        return seconds
    }

    /// `22:00-06:30`, or `none`. The end may be `24:00`.
    static func quietHours(_ text: String) throws(ValueValidationError) -> QuietHours? {
        if text == "none" { return nil }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { minute(String($0)) }
        guard ends.count == 2, let start = ends[0], let end = ends[1], start < 1440 else {
            throw ValueValidationError("\(text.quoted) is not a valid range of hours; write it as \"22:00-06:30\"")
        }
        guard start != end % 1440 else {
            throw ValueValidationError(
                "quiet hours \(text.quoted) begin and end at the same time; leave them out, or write none")
        }
        return QuietHours(start: start, end: end % 1440)
    }

    /// A time of day, as minutes after midnight: `3:30` or `03:30`.
    static func clock(_ text: String) throws(ValueValidationError) -> Int {
        guard let minute = minute(text), minute < 1440 else {
            throw ValueValidationError("\(text.quoted) is not a time of day; write it as \"03:30\"")
        }
        return minute
    }

    /// Minutes after midnight in `6:30` or `06:30`, up to 1440.
    static func minute(_ text: String) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...2).contains(parts[0].count), parts[1].count == 2,
            let hour = decimal(String(parts[0])), let minute = decimal(String(parts[1])), minute < 60,
            hour * 60 + minute <= 1440
        else { return nil }
        return hour * 60 + minute
    }

    private static func decimal(_ text: String) -> Int? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
    }
}
