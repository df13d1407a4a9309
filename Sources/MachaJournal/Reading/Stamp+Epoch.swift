// SPDX-License-Identifier: MIT

/// Times that are numbers, and the rarer ways of writing a date.
extension Stamp {
    /// Microseconds of a number that counts from 1970 in seconds, milli-, micro- or nanoseconds: its size tells which.
    ///
    /// `nil` outside the years 2001 to 2286, and for what is no plain decimal number.
    static func epoch(_ text: ByteSlice) -> Int64? {
        var whole: Int64 = 0
        var digits = 0
        var at = 0
        while at < text.count, text[at] >= 0x30, text[at] <= 0x39 {
            guard digits < 19 else { return nil }
            let next = whole.multipliedReportingOverflow(by: 10)
            let sum = next.partialValue.addingReportingOverflow(Int64(text[at] - 0x30))
            guard !next.overflow, !sum.overflow else { return nil }
            whole = sum.partialValue
            digits += 1
            at += 1
        }
        var fraction: Int64 = 0
        var unit: Int64 = 100_000
        if at < text.count, text[at] == UInt8(ascii: ".") {
            at += 1
            while at < text.count, text[at] >= 0x30, text[at] <= 0x39 {
                fraction += Int64(text[at] - 0x30) * unit
                unit /= 10
                at += 1
            }
        } else if at + 1 < text.count, text[at] | 0x20 == UInt8(ascii: "e") {
            return scientific(text, whole: whole, digits: digits)
        }
        guard at == text.count else { return nil }
        switch digits {
        case 10: return whole * 1_000_000 + fraction
        case 13: return whole * 1000 + fraction / 1000
        case 16: return whole
        case 19: return whole / 1000
        default: return nil
        }
    }

    /// `1.709290800123e9`, as some encoders write a float.
    private static func scientific(_ text: ByteSlice, whole: Int64, digits: Int) -> Int64? {
        guard text.count < 32, let value = Double(text.text), value >= 1e9, value < 1e10 else { return nil }
        return Int64(value * 1e6)
    }

    /// A time as a program's own field holds it: ISO 8601 or a number.
    static func field(_ text: ByteSlice, year: Int) -> Int64? {
        guard text.count >= 10 else { return nil }
        if let found = iso(text, at: 0) { return found.micros }
        return epoch(text) ?? syslog(text, at: 0, year: year)?.micros ?? dayFirst(text, at: 0)?.micros
    }

    /// `01/Mar/2026:10:00:00 +0000` as access logs write it, `01-Mar-2026 10:00:00` and `01 Mar 2026 10:00:00.123`.
    static func dayFirst(_ text: ByteSlice, at start: Int) -> Found? {
        guard text.count >= start + 20, let day = number(text, start, 2), (1...31).contains(day),
            let month = month(text, start + 3), let year = number(text, start + 7, 4), (1970...2200).contains(year),
            text[start + 2] == text[start + 6], let time = timeOfDay(text, start + 12)
        else { return nil }
        let between = text[start + 2]
        guard between == UInt8(ascii: "/") || between == UInt8(ascii: "-") || between == 0x20,
            text[start + 11] == UInt8(ascii: ":") || text[start + 11] == 0x20
        else { return nil }
        var micros = Int64(days(year, month, day)) * 86_400_000_000 + time.micros
        var end = time.end
        if end + 6 <= text.count, text[end] == 0x20, let offset = offset(text, end + 1), offset.end == end + 6 {
            micros -= offset.micros
            end = offset.end
        }
        return Found(micros: micros, end: end)
    }

    /// `Sat 2026-03-01 10:00:00 UTC`, as systemd writes times for people.
    static func weekday(_ text: ByteSlice, at start: Int) -> Found? {
        guard text.count >= start + 23, text[start + 3] == 0x20, isWeekday(text, start), text[start + 4] >= 0x30,
            text[start + 4] <= 0x39, var found = iso(text, at: start + 4)
        else { return nil }
        var at = found.end
        guard at < text.count, text[at] == 0x20 else { return found }
        at += 1
        while at < text.count, text[at] > 0x20, at - found.end <= 6 {
            let byte = text[at]
            guard
                (byte >= 0x41 && byte <= 0x5a) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
                    || (byte >= 0x30 && byte <= 0x39)
            else { return found }
            at += 1
        }
        guard at - found.end >= 4 || text.slice(found.end, at).equals(" Z") else { return found }
        found.end = at
        return found
    }

    /// `0301 10:00:00.123456`, the time of a klog line, in the year given.
    static func klog(_ text: ByteSlice, at start: Int, year: Int) -> Found? {
        guard text.count >= start + 13, let month = number(text, start, 2), (1...12).contains(month),
            let day = number(text, start + 2, 2), (1...31).contains(day), text[start + 4] == 0x20,
            let time = timeOfDay(text, start + 5)
        else { return nil }
        return Found(micros: Int64(days(year, month, day)) * 86_400_000_000 + time.micros, end: time.end)
    }
}
