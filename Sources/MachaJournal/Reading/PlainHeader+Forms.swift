// SPDX-License-Identifier: MIT

/// Headers of other writers than syslog. Each reads all of its form or leaves the header as it was.
extension PlainHeader {
    /// RFC 5424 behind its priority: `1 2026-03-01T10:00:00Z host app procid msgid [data] message`.
    mutating func readVersioned(_ text: ByteSlice, _ start: Int) -> Bool {
        guard start + 22 < text.count, text[start] == UInt8(ascii: "1"), text[start + 1] == 0x20 else { return false }
        var at = start + 2
        if text[at] == UInt8(ascii: "-") {
            at += 1
        } else {
            guard let found = Stamp.iso(text, at: at) else { return false }
            time = found.micros
            at = found.end
        }
        var words: [ByteSlice] = []
        while words.count < 4, at < text.count, text[at] == 0x20 {
            let from = at + 1
            at = from
            while at < text.count, text[at] > 0x20 { at += 1 }
            words.append(text.slice(from, at))
        }
        guard words.count == 4 else { return false }
        if !words[0].equals("-") { host = words[0] }
        if !words[1].equals("-") { identifier = words[1] }
        if at < text.count { at += 1 }
        end = skipData(text, at)
        return true
    }

    /// Structured data: `-`, or `[id name="value" …]` any number of times.
    private func skipData(_ text: ByteSlice, _ start: Int) -> Int {
        var at = start
        if at < text.count, text[at] == UInt8(ascii: "-"), at + 1 == text.count || text[at + 1] == 0x20 {
            at += 1
        } else {
            while at < text.count, text[at] == UInt8(ascii: "[") {
                var quoted = false
                while at < text.count, quoted || text[at] != UInt8(ascii: "]") {
                    if text[at] == 0x5c { at += 1 } else if text[at] == 0x22 { quoted.toggle() }
                    at += 1
                }
                at = min(at + 1, text.count)
            }
        }
        while at < text.count, text[at] == 0x20 { at += 1 }
        if at + 2 < text.count, text[at] == 0xef, text[at + 1] == 0xbb, text[at + 2] == 0xbf { at += 3 }
        return at
    }

    /// `1 2026-03-01T… host app …` without a priority, `1709290800.123 host app[1]: …`, `[ 12.345678] host app: …`.
    mutating func readRarer(_ text: ByteSlice, bracket: Int) -> Bool {
        if bracket == 1 { return readMonotonic(text) }
        if text[0] == UInt8(ascii: "1"), text[1] == 0x20, readVersioned(text, 0) { return true }
        // Ten digits at least: most lines that begin with a digit are told apart here.
        guard text[1] >= 0x30, text[1] <= 0x39, text[3] >= 0x30, text[3] <= 0x39, text[7] >= 0x30, text[7] <= 0x39
        else {
            return false
        }
        var at = 0
        while at < min(text.count, 32), text[at] == UInt8(ascii: ".") || (text[at] >= 0x30 && text[at] <= 0x39) {
            at += 1
        }
        guard at >= 13, at < text.count, text[at] == 0x20, let micros = Stamp.epoch(text.slice(0, at)) else {
            return false
        }
        time = micros
        end = at + 1
        readSource(text)
        return true
    }

    /// Seconds since the start of the machine, as the kernel and `-o short-monotonic` write them. They are no time of day,
    /// so the entry gets none.
    mutating func readMonotonic(_ text: ByteSlice) -> Bool {
        var at = 1
        while at < text.count, text[at] == 0x20 { at += 1 }
        let start = at
        while at < min(text.count, 24), text[at] == UInt8(ascii: ".") || (text[at] >= 0x30 && text[at] <= 0x39) {
            at += 1
        }
        guard at - start >= 8, at + 1 < text.count, text[at] == UInt8(ascii: "]"), text[at + 1] == 0x20,
            text[at - 7] == UInt8(ascii: ".")
        else { return false }
        end = at + 2
        readSource(text)
        return true
    }

    /// `I0301 10:00:00.123456    1234 file.go:12] message`, as Kubernetes and glog write. The place in the code stays.
    mutating func readKlog(_ text: ByteSlice, _ year: Int) -> Bool {
        guard text[1] >= 0x30, text[1] <= 0x39, let found = Stamp.klog(text, at: 1, year: year) else { return false }
        switch text[0] {
        case UInt8(ascii: "I"): priority = 6
        case UInt8(ascii: "W"): priority = 4
        case UInt8(ascii: "E"): priority = 3
        case UInt8(ascii: "F"): priority = 2
        default: return false
        }
        var at = found.end
        while at < text.count, text[at] == 0x20 { at += 1 }
        while at < text.count, text[at] >= 0x30, text[at] <= 0x39 { at += 1 }
        while at < text.count, text[at] == 0x20 { at += 1 }
        time = found.micros
        end = at
        return true
    }

    /// `stderr F message` behind a time: a container's line as the runtime files it.
    mutating func readContainer(_ text: ByteSlice) -> Bool {
        let rest = text.slice(end, text.count)
        guard rest.count >= 8, rest.hasPrefix("stdout ") || rest.hasPrefix("stderr "),
            rest[7] == UInt8(ascii: "F") || rest[7] == UInt8(ascii: "P"), rest.count == 8 || rest[8] == 0x20
        else { return false }
        end += min(9, rest.count)
        wraps = true
        return true
    }

    /// `web-1  | message`, as docker compose puts the container's name before each line.
    mutating func readService(_ text: ByteSlice) {
        var at = 0
        while at < min(text.count, 64), ByteClass.table[Int(text[at])] & ByteClass.delimiter == 0 { at += 1 }
        let nameEnd = at
        guard nameEnd > 2, text[0] | 0x20 >= 0x61, text[0] | 0x20 <= 0x7a else { return }
        let isNumbered =
            text[nameEnd - 1] >= 0x30 && text[nameEnd - 1] <= 0x39
            && (text[nameEnd - 2] == UInt8(ascii: "-") || text[nameEnd - 2] == UInt8(ascii: "_"))
        while at < text.count, text[at] == 0x20 { at += 1 }
        // A name without a number is one only where compose's two blanks follow it and an object behind them.
        guard at > nameEnd, at + 2 < text.count, text[at] == UInt8(ascii: "|"), text[at + 1] == 0x20,
            isNumbered || (at - nameEnd > 1 && text[at + 2] == UInt8(ascii: "{"))
        else { return }
        identifier = text.slice(0, nameEnd)
        end = at + 2
        wraps = true
    }

    /// What stands further in: the time of an access log, or pairs as in logfmt. The text stays as it is.
    mutating func readWithin(_ text: ByteSlice, year: Int) {
        if text[0] >= 0x30 {
            var at = 1
            // Address, identity and user come before the time.
            while at < min(text.count - 21, 160), text[at] != UInt8(ascii: "[") { at += 1 }
            if at < text.count - 21, text[at] == UInt8(ascii: "["), text[at + 3] == UInt8(ascii: "/"),
                let found = Stamp.dayFirst(text, at: at + 1)
            {
                time = found.micros
                return
            }
        }
        if text[0] >= 0x61, text[0] <= 0x7a { readPairs(text, year) }
    }

    /// `time=… level=… msg="…"`: time and level by their names. A time that comes first is taken off.
    private mutating func readPairs(_ text: ByteSlice, _ year: Int) {
        var at = 0
        var pairs = 0
        while at < min(text.count, 400), pairs < 12 {
            let start = at
            while at < text.count, ByteClass.table[Int(text[at])] & ByteClass.delimiter == 0 { at += 1 }
            guard at > start, at < text.count, text[at] == UInt8(ascii: "=") else { return }
            let name = text.slice(start, at)
            at += 1
            let quoted = at < text.count && text[at] == 0x22
            let from = quoted ? at + 1 : at
            at = from
            while at < text.count, quoted ? text[at] != 0x22 : text[at] > 0x20 {
                if quoted, text[at] == 0x5c { at += 1 }
                at += 1
            }
            let value = text.slice(from, min(at, text.count))
            if quoted { at += 1 }
            while at < text.count, text[at] == 0x20 { at += 1 }
            pairs += 1
            if time == nil, Self.isTimeName(name), let micros = Stamp.field(value, year: year) {
                time = micros
                if start == 0 { end = min(at, text.count) }
            } else if priority == nil, name.equals("level") || name.equals("lvl") || name.equals("severity") {
                priority = LogLevel.priority(word: value)
            }
            if time != nil, priority != nil { return }
        }
    }

    private static func isTimeName(_ name: ByteSlice) -> Bool {
        name.equals("time") || name.equals("ts") || name.equals("t") || name.equals("timestamp")
    }
}
