// SPDX-License-Identifier: MIT

/// Small readers that the probes share. None of them can fail on odd input; what is not there is `nil` or empty.
package enum ProbeText {
    /// `key=value` lines; the first `=` parts them, and the last line with a key wins. Quotes around a value are removed.
    package static func fields(_ text: some StringProtocol) -> [String: String] { fields(lines(text)) }

    /// The same for texts that are parted already.
    static func fields(_ parts: some Sequence<Substring>) -> [String: String] {
        var result: [String: String] = [:]
        for part in parts {
            guard let equals = part.utf8.firstIndex(of: 0x3d) else { continue }
            var value = part[part.utf8.index(after: equals)...]
            if value.utf8.count >= 2, let quote = value.utf8.first, quote == value.utf8.last,
                quote == 0x22 || quote == 0x27
            {
                value = Substring(value.utf8.dropFirst().dropLast())
            }
            result[String(part[..<equals])] = String(value)
        }
        return result
    }

    /// The parts between empty lines.
    static func blocks(_ text: String) -> [String] {
        var blocks: [String] = []
        var rest = Substring(text)
        while let gap = range(of: "\n\n", in: rest) {
            if gap.lowerBound > rest.startIndex { blocks.append(String(rest[..<gap.lowerBound])) }
            rest = rest[gap.upperBound...]
        }
        return rest.isEmpty ? blocks : blocks + [String(rest)]
    }

    /// Where `part` first stands in `text`. By bytes, for the same reason as ``lines(_:)``; `part` is not empty.
    static func range(of part: String, in text: some StringProtocol) -> Range<String.Index>? {
        let (all, sought) = (Substring(text).utf8, part.utf8)
        guard let first = sought.first else { return nil }
        var rest = all
        while let start = rest.firstIndex(of: first) {
            rest = all[start...]
            if rest.starts(with: sought) { return start..<all.index(start, offsetBy: sought.count) }
            rest = rest.dropFirst()
        }
        return nil
    }

    /// `number` of `unit`, a letter of BKMGTPE, each 1024 of the one before; `nil` for anything else.
    static func amount(_ number: Substring, _ unit: Character) -> Double? {
        guard let amount = Double(number), let place = "BKMGTPE".firstIndex(of: unit) else { return nil }
        return amount * Double(1 << (10 * "BKMGTPE".distance(from: "BKMGTPE".startIndex, to: place)))
    }

    /// The lines that are not empty, whatever ends them: LF, CR, both, VT or FF.
    package static func lines(_ text: some StringProtocol) -> [Substring] { parts(text) { (0x0a...0x0d).contains($0) } }

    /// The parts between spaces and tabs.
    package static func words(_ line: some StringProtocol) -> [Substring] { parts(line) { $0 == 0x20 || $0 == 0x09 } }

    /// The parts between single spaces, or whatever byte of ASCII parts them; between two of them there is an empty one.
    static func columns(_ line: some StringProtocol, at gap: UInt8 = 0x20) -> [Substring] {
        parts(line, keepingEmpty: true) { $0 == gap }
    }

    /// The parts between bytes of ASCII. By bytes, as a host's tables run to thousands of words and characters cost twenty times as
    /// much to find; in the text's own storage, which spares an index for each byte.
    @inline(__always)
    private static func parts(
        _ text: some StringProtocol, keepingEmpty: Bool = false, between isGap: (UInt8) -> Bool
    ) -> [Substring] {
        var text = Substring(text)
        text.makeContiguousUTF8()
        let bytes = text.utf8
        var parts: [Substring] = []
        bytes.withContiguousStorageIfAvailable { buffer in
            var (start, first) = (0, bytes.startIndex)
            func keep(to end: Int) {
                let last = bytes.index(first, offsetBy: end - start)
                if end > start || keepingEmpty { parts.append(text[first..<last]) }
                guard end < buffer.count else { return }
                (start, first) = (end + 1, bytes.index(after: last))
            }
            for offset in buffer.indices where isGap(buffer[offset]) { keep(to: offset) }
            keep(to: buffer.count)
        }
        return parts
    }

    /// `nil` for an empty text, and for what systemd prints for a property without a value.
    static func present(_ text: String?) -> String? {
        guard let text, !text.isEmpty, text != "[not set]", text != "n/a" else { return nil }
        return text
    }

    /// A host's clock in seconds since 1970, as `date +%s` prints it; `nil` for anything before 1970 or after the year 5000.
    static func clock(_ text: (some StringProtocol)?) -> Int? {
        text.flatMap { Int($0) }.flatMap { (1...100_000_000_000).contains($0) ? $0 : nil }
    }

    /// The seconds since 1970 of a time as `systemctl show` prints it: `@1795247554` with `--timestamp=unix`, else
    /// `Sat 2026-11-21 08:32:34 UTC`; `nil` for an empty or zero one, and for any zone but UTC.
    static func moment(_ text: String?) -> Int? {
        guard let text = present(text) else { return nil }
        if text.hasPrefix("@") { return clock(text.dropFirst()) }
        let words = words(text)
        guard words.count == 4, words[3] == "UTC" || words[3] == "GMT" else { return nil }
        let date = words[1].split(separator: "-").map { Int($0) }
        let time = words[2].prefix(8).split(separator: ":").map { Int($0) }
        guard date.count == 3, time.count == 3, let year = date[0], let month = date[1], let day = date[2],
            let hour = time[0], let minute = time[1], let second = time[2]
        else { return nil }
        return moment(year, month, day, hour, minute, second)
    }

    /// Seconds since 1970 of a moment in UTC; `nil` when there is no such moment between 1970 and 9999.
    static func moment(_ year: Int, _ month: Int, _ day: Int, _ hour: Int, _ minute: Int, _ second: Int) -> Int? {
        guard (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(day),
            (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        // Days from the civil date, years beginning in March. Source: howardhinnant.github.io/date_algorithms.html.
        let shifted = month > 2 ? year : year - 1
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
        return days * 86_400 + hour * 3600 + minute * 60 + second
    }

    /// `2026-11-21T08:32:34.5Z`, with an offset in place of the `Z` where there is one.
    static func moment(rfc3339 text: String?) -> Int? {
        guard let text, let match = text.wholeMatch(of: rfc3339) else { return nil }
        func number(_ part: Substring?) -> Int { part.flatMap { Int($0) } ?? 0 }
        let (_, year, month, day, hour, minute, second, sign, hours, minutes) = match.output
        let local = moment(
            number(year), number(month), number(day), number(hour), number(minute), number(second))
        let offset = number(hours) * 3600 + number(minutes) * 60
        return local.map { $0 - (sign == "-" ? -offset : offset) }
    }

    // Never changed after it was made; Regex is not Sendable.
    nonisolated(unsafe) private static let rfc3339 =
        /(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:Z|([+-])(\d\d):(\d\d))/

    /// What a fragment prints when what it asks for is no part of this host.
    static func isAbsent(_ body: String) -> Bool { body == "absent\n" || body == "absent" }

    /// The start of `body`, to say which answer was not understood.
    static func unparsable(_ what: String, _ body: some StringProtocol) -> ProbeFailure {
        ProbeFailure(.unparsable, "\(what): \(body.prefix(120))")
    }
}
