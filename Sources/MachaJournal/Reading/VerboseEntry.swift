// SPDX-License-Identifier: MIT

/// `journalctl -o verbose`: a time with a cursor in brackets, below it one indented `FIELD=value` a line.
enum VerboseEntry {
    /// Whether a line begins such an entry: `Sat 2026-03-01 10:00:00.123456 UTC [s=…;i=…]`.
    static func begins(_ text: ByteSlice) -> Bool {
        guard text.count > 40, text[text.count - 1] == UInt8(ascii: "]"), let found = Stamp.weekday(text, at: 0) else {
            return false
        }
        return text.slice(found.end, text.count).hasPrefix(" [s=")
    }

    /// Fills in the fields of a whole entry; a value of several lines is indented further.
    static func read(_ text: ByteSlice, _ scratch: inout Scratch, _ entry: inout EntryView) {
        var at = 0
        var name = ByteSlice.empty
        var value = ByteSlice.empty
        func end() { if !name.isEmpty { Field.assign(name, value, &entry) } }
        entry.time = Stamp.weekday(text, at: 0)?.micros
        while at < text.count, text[at] != 0x0a { at += 1 }
        while at < text.count {
            let start = at + 1
            at = start
            while at < text.count, text[at] != 0x0a { at += 1 }
            let line = text.slice(start, at)
            if let equals = field(line) {
                end()
                (name, value) = (line.slice(4, equals), line.slice(equals + 1, line.count))
            } else if !name.isEmpty {
                value = joined(value, line, &scratch)
            }
        }
        end()
    }

    private static func field(_ line: ByteSlice) -> Int? {
        guard line.count > 5, line.hasPrefix("    "), line[4] != 0x20 else { return nil }
        var at = 4
        while at < line.count, line[at] != UInt8(ascii: "=") {
            let byte = line[at]
            guard byte == 0x5f || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x30 && byte <= 0x39) else { return nil }
            at += 1
        }
        return at < line.count && at > 4 ? at : nil
    }

    private static func joined(_ value: ByteSlice, _ line: ByteSlice, _ scratch: inout Scratch) -> ByteSlice {
        var from = 0
        while from < line.count, line[from] <= 0x20 { from += 1 }
        let more = line.slice(from, line.count)
        let room = scratch.take(value.count + more.count + 1)
        for at in 0..<value.count { room[at] = value[at] }
        room[value.count] = 0x0a
        for at in 0..<more.count { room[value.count + 1 + at] = more[at] }
        return ByteSlice(UnsafePointer(room), value.count + 1 + more.count)
    }
}
