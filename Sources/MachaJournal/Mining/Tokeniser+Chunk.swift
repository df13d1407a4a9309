// SPDX-License-Identifier: MIT

/// What one run of bytes without blanks is: a value, a word that may be one, or something to part at a colon.
extension Tokeniser {
    enum Verdict {
        case hard(ColumnKind)
        case soft(ColumnKind, UInt64)
        case split(at: Int)
    }

    @inline(__always)
    func facts(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> UInt8 {
        var facts: UInt8 = 0
        for at in start..<end { facts |= classes[Int(base[at])] }
        return facts
    }

    @inline(__always)
    func isCapitalised(_ base: UnsafePointer<UInt8>, _ start: Int) -> Bool {
        base[start] & 0x20 == 0 && base[start &+ 1] & 0x20 != 0
    }

    /// Whether a chunk is a path or an address of the web: it begins with `/`, `~/`, `./`, a drive, or holds `://`.
    @inline(__always)
    func isPath(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Bool {
        if base[start] == UInt8(ascii: "/") { return true }
        if end &- start > 3, base[start &+ 1] == UInt8(ascii: ":"), base[start &+ 2] == UInt8(ascii: "\\") {
            return true
        }
        var at = start
        while at &+ 2 < end {
            if base[at &+ 1] == UInt8(ascii: "/"),
                base[at] == UInt8(ascii: ":") || base[at] == UInt8(ascii: "~")
                    || base[at] == UInt8(ascii: ".")
            {
                return true
            }
            at &+= 1
        }
        return false
    }

    func classify(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int, _ facts: UInt8) -> Verdict {
        let length = end &- start
        if facts & ByteClass.letter == 0 {
            if facts & ByteClass.digit == 0 { return word(base, start, length) }
            if facts & ByteClass.colon != 0 { return .hard(facts & ByteClass.dot != 0 ? .address : .time) }
            if facts & ByteClass.slash != 0 {
                return base[start] == UInt8(ascii: "/") ? slashed(base, start, end, facts) : .hard(.number)
            }
            return .hard(dots(base, start, end) == 3 ? .address : .number)
        }
        if facts & (ByteClass.slash | ByteClass.colon) != 0, isPath(base, start, end) {
            return slashed(base, start, end, facts)
        }
        if facts & ByteClass.colon != 0 { return withColon(base, start, end, facts) }
        if facts & ByteClass.digit == 0 {
            if facts & ByteClass.dot != 0, isHost(base, start, end) {
                return .soft(.host, Mix.bytes(base + start, length))
            }
            if facts & ByteClass.slash != 0, slashes(base, start, end) > 1 {
                return .soft(.path, Mix.bytes(base + start, length))
            }
            return word(base, start, length)
        }
        return mixed(base, start, end, facts)
    }

    private func word(_ base: UnsafePointer<UInt8>, _ start: Int, _ length: Int) -> Verdict {
        length > 80 ? .hard(.opaque) : .soft(.word, Mix.bytes(base + start, length))
    }

    private func slashed(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int, _ facts: UInt8) -> Verdict {
        let length = end &- start
        if base[start] != UInt8(ascii: "/"), facts & ByteClass.colon != 0 { return .hard(.url) }
        if facts & ByteClass.digit == 0 { return .soft(.path, Mix.bytes(base + start, length)) }
        let store: StaticString = "/nix/store/"
        if length > 44, Mix.bytes(base + start, 11) == Mix.bytes(store.utf8Start, 11) { return .hard(.storePath) }
        // `/10.0.0.1:80`, as Java writes an address.
        if slashes(base, start, end) == 1, facts & ByteClass.colon != 0 { return .hard(.address) }
        return .hard(.hardPath)
    }

    private func withColon(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int, _ facts: UInt8) -> Verdict {
        if facts & ByteClass.beyondHex == 0, facts & ByteClass.digit != 0, facts & ByteClass.joiner == 0,
            colons(base, start, end) > 1
        {
            return .hard(.address)  // MAC or IPv6
        }
        if isStamp(base, start, end) { return .hard(.time) }
        var last = end &- 1
        while base[last] != UInt8(ascii: ":") { last &-= 1 }
        var digitsBehind = last &+ 1 < end
        for at in (last &+ 1)..<end where classes[Int(base[at])] & ByteClass.digit == 0 { digitsBehind = false }
        if digitsBehind {
            let left = self.facts(base, start, last)
            if left & ByteClass.colon == 0, left & (ByteClass.dot | ByteClass.digit) != 0, left & ByteClass.letter != 0
            {
                return .hard(.address)  // host:port, file.c:17
            }
        }
        var at = start
        while at < end {
            if base[at] == UInt8(ascii: ":") {
                if at &+ 1 < end, base[at &+ 1] == UInt8(ascii: ":") {
                    at &+= 2  // a name with scope operators stays whole
                    continue
                }
                // A label is parted from its value; a place such as `R02-M1:J12` is one thing.
                if self.facts(base, start, at) & ByteClass.digit != 0 { break }
                return .split(at: at)
            }
            at &+= 1
        }
        return facts & ByteClass.digit == 0 ? word(base, start, end &- start) : mixed(base, start, end, facts)
    }

    private func mixed(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int, _ facts: UInt8) -> Verdict {
        let length = end &- start
        var first = start
        while first < end &- 1, classes[Int(base[first])] & (ByteClass.digit | ByteClass.letter) == 0 { first &+= 1 }
        let leading = classes[Int(base[first])]
        if facts & ByteClass.beyondHex == 0, facts & (ByteClass.dot | ByteClass.slash) == 0 {
            if length == 36, base[start &+ 8] == UInt8(ascii: "-"), base[start &+ 13] == UInt8(ascii: "-") {
                return .hard(.uuid)
            }
            if length >= 6 || leading & ByteClass.digit != 0 { return .hard(.hex) }
        }
        if leading & ByteClass.digit != 0 {
            if first &+ 1 < end, base[first] == UInt8(ascii: "0"), base[first &+ 1] | 0x20 == UInt8(ascii: "x") {
                return .hard(.hex)
            }
            return .hard(measured(base, first, end))
        }
        // How often the chunk changes between letters and digits without any joiner: names do so once or twice, tokens often.
        var changes = 0
        var digits = 0
        var before = leading & (ByteClass.letter | ByteClass.digit)
        for at in first..<end {
            let now = classes[Int(base[at])] & (ByteClass.letter | ByteClass.digit)
            if now & ByteClass.digit != 0 { digits &+= 1 }
            if now != before, now != 0, before != 0 { changes &+= 1 }
            before = now
        }
        if changes >= 5 || length > 60 { return .hard(.opaque) }
        return .soft(.shaped, shape(base, start, end))
    }

    /// `12ms` and `4096kB` are measures; other things that begin with a digit are just values.
    private func measured(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> ColumnKind {
        var at = start
        while at < end, classes[Int(base[at])] & (ByteClass.digit | ByteClass.dot) != 0 { at &+= 1 }
        return KnownWords.unit(known.about(KnownWords.packed(base + at, end &- at)))
            ?? (end &- at == 0 ? .number : .opaque)
    }

    /// Hash of a chunk with each digit run as one mark.
    func shape(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> UInt64 {
        var hash = Mix.seed
        var inDigits = false
        for at in start..<end {
            let isDigit = classes[Int(base[at])] & ByteClass.digit != 0
            if !isDigit, at > start, at &+ 1 < end, base[at] == UInt8(ascii: "-"),
                classes[Int(base[at &- 1])] & (ByteClass.digit | ByteClass.letter) == 0,
                classes[Int(base[at &+ 1])] & ByteClass.digit != 0
            {
                continue  // a sign
            }
            if !isDigit {
                hash = Mix.fold(hash, UInt64(base[at]))
            } else if !inDigits {
                hash = Mix.fold(hash, 0x123)
            }
            inDigits = isDigit
        }
        return hash
    }

    /// `2024-05-01T10:00:00.5Z` and the like: digits with `T`, `Z`, and separators.
    private func isStamp(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Bool {
        guard end &- start >= 8 else { return false }
        var letters = 0
        for at in start..<end where classes[Int(base[at])] & ByteClass.letter != 0 {
            guard base[at] == UInt8(ascii: "T") || base[at] == UInt8(ascii: "Z") else { return false }
            letters &+= 1
        }
        return letters <= 2
    }

    /// A dotted name that ends like a host or a file: in lower case, with a known ending or one of two letters.
    private func isHost(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Bool {
        var last = end
        var labels = 1
        for at in start..<end {
            if base[at] == UInt8(ascii: ".") {
                last = at &+ 1
                labels &+= 1
            } else if base[at] & 0x20 == 0 || base[at] == UInt8(ascii: "_") {
                return false
            }
        }
        guard labels > 1, base[start] != UInt8(ascii: ".") else { return false }
        let ending = KnownWords.packed(base + last, end &- last)
        return end &- last == 2 || known.about(ending) & KnownWords.hostEnding != 0
    }

    @inline(__always)
    private func tally(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int, _ byte: UInt8) -> Int {
        var count = 0
        for at in start..<end where base[at] == byte { count &+= 1 }
        return count
    }

    private func dots(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int {
        tally(base, start, end, UInt8(ascii: "."))
    }
    private func colons(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int {
        tally(base, start, end, UInt8(ascii: ":"))
    }
    private func slashes(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int {
        tally(base, start, end, UInt8(ascii: "/"))
    }
}
