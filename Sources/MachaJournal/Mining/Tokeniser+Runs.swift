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

    /// What the class of an HTTP status hashes to, when the three digits at `start` are one: behind `HTTP/1.1"`, as in an
    /// access log, or behind a name that ends in `status` or `http`. A program's exit status is none.
    func statusClass(_ base: UnsafePointer<UInt8>, _ start: Int) -> UInt64? {
        guard base[start] >= UInt8(ascii: "1"), base[start] <= UInt8(ascii: "5"), start >= 5 else { return nil }
        if base[start &- 1] == 0x20, followsTimers(base, start &- 1) {
            return Mix.fold(Mix.seed, UInt64(base[start]))
        }
        var at = start
        while at > 0, start &- at < 4, parts(base[at &- 1]) { at &-= 1 }
        guard at < start else { return nil }
        let end = at
        while at > 0, end &- at < 24, classes[Int(base[at &- 1])] & ByteClass.delimiter == 0,
            base[at &- 1] != UInt8(ascii: ":")
        {
            at &-= 1
        }
        var word = ByteSlice(base + at, end &- at)
        if word.count == 4, word.equals("code") || word.equals("Code"), at > 0, base[at &- 1] == 0x20 {
            let last = at &- 1
            at = last
            while at > 0, last &- at < 24, classes[Int(base[at &- 1])] & ByteClass.delimiter == 0 { at &-= 1 }
            word = ByteSlice(base + at, last &- at)
        }
        guard isStatusName(word) else { return nil }
        let exits = at >= 5 && ByteSlice(base + (at &- 5), 4).lowercasedEquals("exit")
        return exits ? nil : Mix.fold(Mix.seed, UInt64(base[start]))
    }

    /// `0/0/1/5/6 502`, as HAProxy writes an answer behind its five times.
    @inline(__always)
    private func followsTimers(_ base: UnsafePointer<UInt8>, _ end: Int) -> Bool {
        var (at, slashes) = (end, 0)
        while at > 0, end &- at < 40 {
            let byte = base[at &- 1]
            if byte == UInt8(ascii: "/") {
                slashes &+= 1
            } else if byte &- 0x30 > 9, byte != UInt8(ascii: "-"), byte != UInt8(ascii: "+") {
                break
            }
            at &-= 1
        }
        return slashes == 4 && at > 0 && base[at &- 1] == 0x20
    }

    @inline(__always)
    private func parts(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x22 || byte == UInt8(ascii: "=") || byte == UInt8(ascii: ":")
    }

    private func isStatusName(_ word: ByteSlice) -> Bool {
        if word.hasPrefix("HTTP/"), word.count <= 8 { return true }
        for name: StaticString in ["status", "http", "statuscode", "status_code"] {
            let length = name.utf8CodeUnitCount
            if word.count >= length, word.slice(word.count &- length, word.count).lowercasedEquals(name) { return true }
        }
        return false
    }
}
