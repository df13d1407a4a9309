// SPDX-License-Identifier: MIT

/// A length of time as systemd writes it: `1h 30min`, `5s`, `2w 1d`, `infinity`. Source: systemd.time(7).
enum TimeSpan {
    /// Whole seconds; `nil` for `infinity` and for what is no span.
    static func seconds(_ text: some StringProtocol) -> Int? {
        var sum = 0.0
        var rest = Substring(text).drop { $0 == " " }
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            let unit = rest.dropFirst(digits.count).prefix { $0.isASCII && $0.isLetter }
            guard let amount = Double(digits), let each = units[String(unit)] else { return nil }
            sum += amount * each
            rest = rest.dropFirst(digits.count + unit.count).drop { $0 == " " }
        }
        return sum < 1e12 ? Int(sum) : nil
    }

    private static let units = [
        "us": 1e-6, "ms": 1e-3, "s": 1, "min": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400.0, "month": 2_629_800,
        "y": 31_557_600, "": 1,
    ]
}

/// How far apart the runs of a timer lie at most, judged by its schedule. Source: systemd.time(7), calendar events.
///
/// An upper bound is wanted, not the exact next moment: it says from when a timer is overdue.
enum CalendarPeriod {
    /// `schedules` are the lines `TimersCalendar` and `TimersMonotonic` as `systemctl show` prints them. A timer with
    /// several schedules runs at least as often as its most frequent one.
    static func period(schedules: String) -> Int? {
        let spans = schedules.matches(of: /OnCalendar=([^;}]*)/).compactMap { period(of: String($0.1)) }
        let repeats = schedules.matches(of: /On(?:UnitActive|UnitInactive)(?:U)?Sec=([^;}]*)/)
            .compactMap { TimeSpan.seconds($0.1.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed().asText) }
        return (spans + repeats).filter { $0 > 0 }.min()
    }

    /// Of one normalised event: `[Weekdays ]Date Time[ Zone]`, as in `Mon *-*-* 03:00:00`.
    static func period(of event: String) -> Int? {
        var words = ProbeText.words(event)[...]
        var days: Substring?
        if let first = words.first, first.first?.isLetter == true {
            days = first
            words = words.dropFirst()
        }
        guard words.count >= 2 else { return nil }
        let date = words[words.startIndex].split(separator: "-", omittingEmptySubsequences: false)
        let time = words[words.startIndex + 1].split(separator: ":", omittingEmptySubsequences: false)
        guard date.count == 3, time.count == 3 || time.count == 2 else { return nil }
        // A certain year comes once; such a timer is not overdue but done.
        guard date[0] == "*" else { return nil }
        if date[1] != "*" { return gap(date[1], each: 31 * 86_400, around: 366 * 86_400) }
        if date[2] != "*" { return days == nil ? gap(date[2], each: 86_400, around: 31 * 86_400) : 366 * 86_400 }
        if let days { return weekdayGap(days) }
        if time[0] != "*" { return gap(time[0], each: 3600, around: 86_400) }
        if time[1] != "*" { return gap(time[1], each: 60, around: 3600) }
        return 60
    }

    /// Of `a/b` (every b) and `a,b,c`: the step, or the span around when the values are listed.
    private static func gap(_ part: Substring, each: Int, around: Int) -> Int {
        let values = part.split(separator: ",")
        if values.count == 1, let slash = part.firstIndex(of: "/"),
            let step = Int(part[part.index(after: slash)...].prefix { $0.isNumber })
        {
            return min(max(1, min(step, 10_000)) * each, around)
        }
        if values.count == 1, part.contains("..") { return around }
        let numbers = values.compactMap { Int($0) }.filter { (0...9999).contains($0) }.sorted()
        guard numbers.count == values.count, numbers.count > 1 else { return around }
        let between = zip(numbers.dropFirst(), numbers).map { ($0 - $1) * each }
        let turn = around - (numbers[numbers.count - 1] - numbers[0]) * each
        return min(max(between.max() ?? around, turn), around)
    }

    /// `Mon..Fri` leaves a weekend of three days between; a list of single days at most a week.
    private static func weekdayGap(_ days: Substring) -> Int {
        let names: [Substring] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        var chosen: Set<Int> = []
        for part in days.split(separator: ",") {
            let ends = part.split(separator: ".", omittingEmptySubsequences: true)
            guard let first = ends.first.flatMap({ names.firstIndex(of: $0.prefix(3)) }),
                let last = ends.last.flatMap({ names.firstIndex(of: $0.prefix(3)) })
            else { return 7 * 86_400 }
            for day in first...(last < first ? last + 7 : last) { chosen.insert(day % 7) }
        }
        let sorted = chosen.sorted()
        guard let low = sorted.first, let high = sorted.last else { return 7 * 86_400 }
        let between = zip(sorted.dropFirst(), sorted).map { $0 - $1 }
        return max(between.max() ?? 0, low + 7 - high) * 86_400
    }
}

extension Sequence where Element == Character {
    fileprivate var asText: String { String(self) }
}
