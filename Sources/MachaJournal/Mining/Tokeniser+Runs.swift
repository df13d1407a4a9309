// SPDX-License-Identifier: MIT

/// What belongs together although blanks or brackets stand between.
extension Tokeniser {
    @inline(__always)
    func isMeasure(_ kind: ColumnKind) -> Bool {
        switch kind {
        case .number, .size, .duration, .list: true
        default: false
        }
    }

    /// Appends a name with numbers; a run of names of one shape is one column.
    @inline(__always)
    func shaped(_ hash: UInt64, _ start: Int, _ end: Int, _ line: inout TokenLine) {
        let last = line.count &- 1
        if last >= 0, line.kinds[last] == .shaped, line.hashes[last] == hash, line.marks[last] == line.skeleton {
            line.ends[last] = UInt32(truncatingIfNeeded: end)
        } else {
            line.append(.shaped, hash, start, end)
        }
    }

    /// The end of a short index right behind a name, as in `cpu[3]` or `LOCAL(0)`, when one starts at `start`.
    @inline(__always)
    func index(_ base: UnsafePointer<UInt8>, _ start: Int, _ count: Int) -> Int? {
        let open = base[start]
        guard open == UInt8(ascii: "[") || open == UInt8(ascii: "(") || open == UInt8(ascii: "{") else { return nil }
        let close = open &+ (open == UInt8(ascii: "(") ? 1 : 2)
        var at = start &+ 1
        var facts: UInt8 = 0
        while at < count, at < start &+ 20 {
            if base[at] == close { return facts & ByteClass.digit != 0 ? at &+ 1 : nil }
            let kind = classes[Int(base[at])]
            let joins = base[at] == UInt8(ascii: "-") || base[at] == UInt8(ascii: ",")
            if (kind & (ByteClass.digit | ByteClass.letter) == 0 && !joins)
                || (kind & ByteClass.beyondHex != 0 && base[at] != UInt8(ascii: "x"))
            {
                return nil
            }
            facts |= kind
            at &+= 1
        }
        return nil
    }

    /// The end of a quoted run of plain words that starts at `start`, when there are at least two of them; or of a path with blanks.
    @inline(__always)
    func quotedTitle(_ base: UnsafePointer<UInt8>, _ start: Int, _ count: Int, _ quote: UInt8) -> Int? {
        guard start >= 2, classes[Int(base[start &- 2])] & ByteClass.delimiter != 0 else { return nil }
        let limit = min(count, start &+ 120)
        let isPath = start < count && base[start] == UInt8(ascii: "/")
        var at = start
        var blanks = 0
        while at < limit {
            let byte = base[at]
            if byte == quote { return blanks > 0 && at > start ? at : nil }
            if byte == 0x20 {
                blanks &+= 1
            } else if classes[Int(byte)] & (ByteClass.letter | ByteClass.digit | ByteClass.dot) == 0,
                byte != UInt8(ascii: "-"), byte != UInt8(ascii: "'"), byte != UInt8(ascii: ","),
                !(isPath && (byte == UInt8(ascii: "/") || byte == UInt8(ascii: "_")))
            {
                return nil
            }
            at &+= 1
        }
        return nil
    }
}
