// SPDX-License-Identifier: MIT

/// What a line of text says before its message: `[<pri>] time host identifier[pid]: message`, any part of which may be missing.
struct PlainHeader {
    var time: Int64?
    var host = ByteSlice.empty
    var identifier = ByteSlice.empty
    var priority: UInt8?
    /// Where the message starts.
    var end = 0
    /// Whether the message is another program's line, with a header of its own.
    var wraps = false

    static func parse(_ text: ByteSlice, year: Int) -> PlainHeader {
        var header = PlainHeader()
        guard text.count >= 8 else { return header }
        var at = 0
        let first = text[0]
        if first == UInt8(ascii: "<") {
            at = header.readPriority(text)
            if at > 0, header.readVersioned(text, at) { return header }
        }
        let bracket = at < text.count && text[at] == UInt8(ascii: "[") ? 1 : 0
        guard at + bracket < text.count else { return header }
        let lead = text[at + bracket]
        var found: Stamp.Found?
        if lead >= 0x30, lead <= 0x39 {
            found = Stamp.iso(text, at: at + bracket)
            if found == nil, at == 0 {
                if header.readRarer(text, bracket: bracket) { return header }
                found = Stamp.dayFirst(text, at: bracket)
            }
        } else if lead >= 0x41, lead <= 0x5a {
            found = Stamp.syslog(text, at: at + bracket, year: year) ?? Stamp.weekday(text, at: at + bracket)
            if found == nil, at == 0, bracket == 0, header.readKlog(text, year) { return header }
        } else if bracket == 1, lead == 0x20, header.readMonotonic(text) {
            return header
        }
        guard let found else {
            if at == 0 { header.readWithin(text, year: year) }
            return header
        }
        at = found.end
        if bracket == 1 {
            guard at < text.count, text[at] == UInt8(ascii: "]") else { return header }
            at += 1
        }
        if at < text.count, text[at] == UInt8(ascii: ",") { at += 1 }
        guard at == text.count || text[at] <= 0x20 else { return header }
        header.time = found.micros
        while at < text.count, text[at] == 0x20 { at += 1 }
        let rest = text.slice(at, text.count)
        if rest.hasPrefix("UTC ") || rest.hasPrefix("GMT ") { at += 4 }
        header.end = at
        if header.readContainer(text) || header.readLevel(text) { return header }
        header.readSource(text)
        return header
    }

    /// `<14>` as syslog sends it, or `<4>` as a service prints it: the lower three bits are the priority.
    private mutating func readPriority(_ text: ByteSlice) -> Int {
        var at = 1
        var value = 0
        while at < min(text.count, 4), text[at] >= 0x30, text[at] <= 0x39 {
            value = value * 10 + Int(text[at] - 0x30)
            at += 1
        }
        guard at > 1, at < text.count, text[at] == UInt8(ascii: ">"), value < 192 else { return 0 }
        priority = UInt8(value & 7)
        end = at + 1
        return at + 1
    }

    /// A level behind a time, which is no host. It stays in the message.
    private mutating func readLevel(_ text: ByteSlice) -> Bool {
        var at = end
        while at < text.count, at - end < 2, text[at] == UInt8(ascii: "[") || text[at] == 0x09 { at += 1 }
        let start = at
        while at < text.count, at - start < 9, text[at] | 0x20 >= 0x61, text[at] | 0x20 <= 0x7a { at += 1 }
        guard at - start >= 4, at - start <= 8,
            at == text.count || ByteClass.table[Int(text[at])] & ByteClass.delimiter != 0,
            let level = LogLevel.priority(packed: KnownWords.packed(text.base + start, at - start))
        else { return false }
        priority = level
        return true
    }

    /// `host identifier[pid]: ` behind a time. Without the colon it is the message that starts here.
    mutating func readSource(_ text: ByteSlice) {
        let start = end
        var at = start
        while at < text.count, text[at] > 0x20, text[at] != UInt8(ascii: ":"), at - start < 256 { at += 1 }
        let hostEnd = at
        guard hostEnd > start, at < text.count, text[at] == 0x20 else { return }
        at += 1
        let nameStart = at
        var nameEnd = 0
        while at < text.count, text[at] > 0x20, at - nameStart < 128 {
            if text[at] == UInt8(ascii: "["), nameEnd == 0 { nameEnd = at }
            if text[at] == UInt8(ascii: ":"), at + 1 == text.count || text[at + 1] == 0x20 { break }
            at += 1
        }
        guard at < text.count, text[at] == UInt8(ascii: ":"), at > nameStart else { return }
        if nameEnd == 0 { nameEnd = at }
        guard nameEnd > nameStart, Self.isName(text, start, hostEnd) else { return }
        host = text.slice(start, hostEnd)
        identifier = text.slice(nameStart, nameEnd)
        at += 1
        if at < text.count, text[at] == 0x20 { at += 1 }
        end = at
    }

    private static func isName(_ text: ByteSlice, _ start: Int, _ end: Int) -> Bool {
        for at in start..<end {
            let kind = ByteClass.table[Int(text[at])]
            guard kind & ByteClass.delimiter == 0 else { return false }
        }
        return true
    }
}
