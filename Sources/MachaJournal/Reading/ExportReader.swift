// SPDX-License-Identifier: MIT

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Reads `journalctl -o export`: `FIELD=value` lines, binary fields with a length, a blank line between entries.
///
/// Source: systemd.io/JOURNAL_EXPORT_FORMATS. What is no field at all is handed on as raw text.
struct ExportReader {
    /// Bytes of a field too long to be held that are still to come.
    private var skip = 0
    /// Set after an entry was cut: its other fields are passed over.
    private var passOver = false

    mutating func drain(
        _ base: UnsafePointer<UInt8>, _ count: Int, final: Bool, force: Bool, _ emit: (EntryView) -> Void
    ) -> Int {
        var used = 0
        if skip > 0 {
            used = min(skip, count)
            skip -= used
        }
        while used < count {
            var entry = EntryView()
            var at = used
            var sawField = false
            var complete = false
            scan: while at < count {
                if base[at] == 0x0a {
                    at += 1
                    if sawField || passOver {
                        complete = true
                        break scan
                    }
                    used = at
                    continue
                }
                let lineEnd: Int
                if let found = memchr(base + at, 0x0a, count - at) {
                    lineEnd = UnsafeRawPointer(found) - UnsafeRawPointer(base)
                } else if final || force {
                    lineEnd = count
                } else {
                    break scan
                }
                let text = ByteSlice(base + at, lineEnd - at)
                if let equals = Self.fieldEnd(text) {
                    sawField = true
                    if !passOver { Field.assign(text.slice(0, equals), text.slice(equals + 1, text.count), &entry) }
                    at = min(lineEnd + 1, count)
                } else if Self.isName(text), lineEnd < count {
                    guard lineEnd + 9 <= count else {
                        if final || force { at = count }
                        break scan
                    }
                    let length = UnsafeRawPointer(base + lineEnd + 1).loadUnaligned(as: UInt64.self).littleEndian
                    let start = lineEnd + 9
                    let size = length > UInt64(Int.max / 2) ? Int.max / 2 : Int(length)
                    if start + size >= count, !final, !force { break scan }
                    sawField = true
                    let here = min(size, count - start)
                    if !passOver { Field.assign(text, ByteSlice(base + start, here), &entry) }
                    if start + size + 1 > count {
                        skip = final ? 0 : start + size + 1 - count
                        at = count
                        break scan
                    }
                    at = start + size + 1
                } else {
                    // No field: a stranger's line. An entry before it ends here.
                    if sawField {
                        complete = true
                        break scan
                    }
                    entry.message = text
                    entry.isRaw = true
                    sawField = true
                    at = min(lineEnd + 1, count)
                    complete = true
                    break scan
                }
            }
            guard complete || final || force else { return used }
            if sawField, !passOver {
                emit(entry)
            }
            passOver = !complete && !final && sawField || (passOver && !complete)
            used = max(at, used)
            if !complete { return used }
        }
        return used
    }

    /// Where the name of a `NAME=value` line ends.
    @inline(__always)
    private static func fieldEnd(_ text: ByteSlice) -> Int? {
        var at = 0
        while at < text.count, at < 65 {
            let byte = text[at]
            if byte == UInt8(ascii: "=") { return at > 0 ? at : nil }
            guard isNameByte(byte) else { return nil }
            at += 1
        }
        return nil
    }

    private static func isName(_ text: ByteSlice) -> Bool {
        guard text.count > 0, text.count < 65 else { return false }
        for at in 0..<text.count where !isNameByte(text[at]) { return false }
        return true
    }

    @inline(__always)
    private static func isNameByte(_ byte: UInt8) -> Bool {
        (byte >= 0x41 && byte <= 0x5a) || byte == 0x5f || (byte >= 0x30 && byte <= 0x39)
    }
}
