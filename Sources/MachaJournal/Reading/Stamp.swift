// SPDX-License-Identifier: MIT

/// Reads times as logs write them, and writes them back: civil time to microseconds since 1970.
///
/// The calendar is arithmetic on days (howardhinnant.github.io/date_algorithms.html), without time zones but the written offset.
package enum Stamp {
    /// Days since 1970-01-01 of a date in the proleptic Gregorian calendar.
    static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthIndex = (5 * dayOfYear + 2) / 153
        let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthIndex + 2) / 5 + 1)
    }

    /// `HH:MM:SS` in UTC.
    package static func clock(_ micros: Int64) -> String {
        let seconds = Int((micros / 1_000_000) % 86_400)
        let inDay = seconds < 0 ? seconds + 86_400 : seconds
        return "\(two(inDay / 3600)):\(two(inDay / 60 % 60)):\(two(inDay % 60))"
    }

    /// Reads `YYYY-MM-DD HH:MM:SS`, with or without a zone; `nil` for anything else.
    package static func read(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        return bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress, let found = iso(ByteSlice(base, buffer.count), at: 0) else {
                return nil
            }
            return found.end == buffer.count ? found.micros : nil
        }
    }

    /// `YYYY-MM-DD HH:MM:SS` in UTC.
    package static func full(_ micros: Int64) -> String {
        let date = civil(Int((micros / 1_000_000).quotientFloor(86_400)))
        return "\(date.year)-\(two(date.month))-\(two(date.day)) \(clock(micros))"
    }

    private static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

    /// What was read at the start of a line: the time, and where the text goes on.
    struct Found {
        var micros: Int64
        var end: Int
    }

    /// `2025-03-01T00:00:00.123+00:00`, with `T` or a blank, `,` or `.`, `/` or `-`, and any zone or none.
    static func iso(_ text: ByteSlice, at start: Int) -> Found? {
        guard text.count >= start + 19, let year = number(text, start, 4), let month = number(text, start + 5, 2),
            let day = number(text, start + 8, 2), text[start + 4] == text[start + 7],
            text[start + 4] == UInt8(ascii: "-") || text[start + 4] == UInt8(ascii: "/"),
            text[start + 10] == UInt8(ascii: "T") || text[start + 10] == 0x20,
            (1...12).contains(month), (1...31).contains(day), let time = timeOfDay(text, start + 11)
        else { return nil }
        var micros = (Int64(days(year, month, day)) * 86_400) * 1_000_000 + time.micros
        var at = time.end
        if at < text.count, text[at] == UInt8(ascii: "Z") { return Found(micros: micros, end: at + 1) }
        if let zone = offset(text, at) {
            micros -= zone.micros
            at = zone.end
        }
        return Found(micros: micros, end: at)
    }

    /// `+0100` or `+01:00` as microseconds east of UTC.
    static func offset(_ text: ByteSlice, _ at: Int) -> Found? {
        guard at + 4 < text.count, text[at] == UInt8(ascii: "+") || text[at] == UInt8(ascii: "-"),
            let hours = number(text, at + 1, 2)
        else { return nil }
        let colon = text[at + 3] == UInt8(ascii: ":") ? 1 : 0
        guard let minutes = number(text, at + 3 + colon, 2) else { return nil }
        let micros = Int64(hours * 3600 + minutes * 60) * 1_000_000
        return Found(micros: text[at] == UInt8(ascii: "+") ? micros : -micros, end: at + 5 + colon)
    }

    /// `Mar  1 00:00:00[.123456]`, as syslog writes it, in the year given; a day of the week before and a year behind are read too.
    static func syslog(_ text: ByteSlice, at start: Int, year: Int) -> Found? {
        var at = start
        if text.count > at + 4, weekdays.contains(letters(text, at)), text[at + 3] == 0x20 { at += 4 }
        guard text.count >= at + 15, let month = month(text, at), text[at + 3] == 0x20 else {
            return nil
        }
        var cursor = at + 4
        while cursor < text.count, text[cursor] == 0x20 { cursor += 1 }
        var day = 0
        let dayStart = cursor
        while cursor < text.count, cursor < dayStart + 2, text[cursor] >= 0x30, text[cursor] <= 0x39 {
            day = day * 10 + Int(text[cursor] - 0x30)
            cursor += 1
        }
        guard cursor > dayStart, (1...31).contains(day), cursor < text.count, text[cursor] == 0x20,
            let time = timeOfDay(text, cursor + 1)
        else { return nil }
        var end = time.end
        var written = year
        if end + 5 <= text.count, text[end] == 0x20, let behind = number(text, end + 1, 4), behind > 1969,
            behind < 2200,
            end + 5 == text.count || text[end + 5] <= 0x20 || text[end + 5] == UInt8(ascii: "]")
        {
            written = behind
            end += 5
        }
        return Found(micros: Int64(days(written, month, day)) * 86_400_000_000 + time.micros, end: end)
    }

    /// `HH:MM:SS` with an optional fraction behind `.` or `,`.
    static func timeOfDay(_ text: ByteSlice, _ start: Int) -> Found? {
        guard text.count >= start + 8, let hour = number(text, start, 2), let minute = number(text, start + 3, 2),
            let second = number(text, start + 6, 2), text[start + 2] == UInt8(ascii: ":"),
            text[start + 5] == UInt8(ascii: ":"),
            hour < 24, minute < 60, second < 61
        else { return nil }
        var micros = Int64(hour * 3600 + minute * 60 + second) * 1_000_000
        var at = start + 8
        if at + 1 < text.count, text[at] == UInt8(ascii: ".") || text[at] == UInt8(ascii: ","), text[at + 1] >= 0x30,
            text[at + 1] <= 0x39
        {
            at += 1
            var unit: Int64 = 100_000
            while at < text.count, text[at] >= 0x30, text[at] <= 0x39 {
                micros += Int64(text[at] - 0x30) * unit
                unit /= 10
                at += 1
            }
        }
        return Found(micros: micros, end: at)
    }

    static func number(_ text: ByteSlice, _ start: Int, _ digits: Int) -> Int? {
        guard start + digits <= text.count else { return nil }
        var value = 0
        for at in start..<(start + digits) {
            guard text[at] >= 0x30, text[at] <= 0x39 else { return nil }
            value = value * 10 + Int(text[at] - 0x30)
        }
        return value
    }

    static func isWeekday(_ text: ByteSlice, _ at: Int) -> Bool { weekdays.contains(letters(text, at)) }

    /// The month that three letters name: asked of every line, so without a table.
    static func month(_ text: ByteSlice, _ at: Int) -> Int? {
        switch letters(text, at) {
        case 0x4a_616e: 1  // Jan
        case 0x46_6562: 2  // Feb
        case 0x4d_6172: 3  // Mar
        case 0x41_7072: 4  // Apr
        case 0x4d_6179: 5  // May
        case 0x4a_756e: 6  // Jun
        case 0x4a_756c: 7  // Jul
        case 0x41_7567: 8  // Aug
        case 0x53_6570: 9  // Sep
        case 0x4f_6374: 10  // Oct
        case 0x4e_6f76: 11  // Nov
        case 0x44_6563: 12  // Dec
        default: nil
        }
    }

    private static func letters(_ text: ByteSlice, _ at: Int) -> UInt32 {
        UInt32(text[at]) << 16 | UInt32(text[at + 1]) << 8 | UInt32(text[at + 2])
    }

    private static func codes(_ names: String) -> [UInt32] {
        names.split(separator: " ").map { $0.utf8.reduce(0) { $0 << 8 | UInt32($1) } }
    }

    private static let weekdays = codes("Mon Tue Wed Thu Fri Sat Sun")
}

extension Int64 {
    func quotientFloor(_ divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
