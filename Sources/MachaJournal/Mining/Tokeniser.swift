// SPDX-License-Identifier: MIT

/// Cuts a message into columns and punctuation, and tells values from words by their shape alone.
///
/// A run of values with nothing but blanks or commas between them is one column, a unit behind a number belongs to it, and
/// `12 bytes (1.2 KB)` says one thing twice and is one column: so a list of any length has one shape.
struct Tokeniser {
    let classes = ByteClass.table
    let known = KnownWords.shared

    /// Bytes beyond this do not take part: a megabyte of text is told apart by its beginning.
    static let reach = 4096

    func scan(_ base: UnsafePointer<UInt8>, _ length: Int, into line: inout TokenLine) {
        let table = classes
        let count = min(length, Self.reach)
        line.count = 0
        line.skeleton = Mix.seed
        var at = 0
        // Set while only blanks and commas were seen since a hard column ended.
        var runOpen = false
        // The last bracket that opened right behind a hard column: where it was and what to return to.
        var asideColumns = -1
        var lastPunctuation: UInt8 = 0
        var previousWord: UInt64 = 0
        while at < count {
            let byte = base[at]
            let kind = table[Int(byte)]
            if kind & ByteClass.delimiter != 0 {
                at &+= 1
                if byte <= 0x20 || byte == 0x7f { continue }
                switch byte {
                case UInt8(ascii: ","): line.punctuate(byte)  // forgotten again when another value follows
                case UInt8(ascii: "("), UInt8(ascii: "["):
                    let spaced = at < 2 || table[Int(base[at &- 2])] & ByteClass.delimiter != 0
                    if spaced, at < count, base[at] == byte &+ (byte == 0x28 ? 1 : 2) {
                        line.punctuate(byte)
                        line.append(.empty, TokenLine.nothing, at, at)
                    } else {
                        asideColumns = runOpen && isMeasure(line.kinds[line.count &- 1]) ? line.count : -1
                        line.punctuate(byte)
                    }
                    runOpen = false
                case UInt8(ascii: ")"), UInt8(ascii: "]"):
                    if asideColumns >= 1, line.count == asideColumns &+ 1, isMeasure(line.kinds[asideColumns]) {
                        line.count = asideColumns
                        line.extendLast(line.kinds[asideColumns &- 1], to: at)
                        asideColumns = -1
                        runOpen = true
                    } else {
                        line.punctuate(byte)
                        runOpen = false
                    }
                case UInt8(ascii: "="):
                    line.punctuate(byte)
                    runOpen = false
                    let touching = at >= 2 && table[Int(base[at &- 2])] & ByteClass.delimiter == 0
                    let ends = at >= count || base[at] <= 0x20 || endsPair(base[at])
                    if touching, ends { line.append(.empty, TokenLine.nothing, at, at) }
                case UInt8(ascii: "\""), UInt8(ascii: "'"):
                    line.punctuate(0x22)
                    runOpen = false
                    if let end = quotedTitle(base, at, count, byte) {
                        let isPath = base[at] == UInt8(ascii: "/")
                        line.append(isPath ? .path : .quoted, Mix.bytes(base + at, end &- at), at, end)
                        at = end
                    }
                case UInt8(ascii: "<"), UInt8(ascii: ">"):
                    // `<1 sec` is a measure.
                    if at >= count || table[Int(base[at])] & ByteClass.digit == 0 {
                        line.punctuate(byte)
                        runOpen = false
                    }
                default:
                    if byte != lastPunctuation || line.count == 0 { line.punctuate(byte) }
                    runOpen = false
                }
                lastPunctuation = byte
                continue
            }
            let start = at
            var facts: UInt8 = 0
            repeat {
                facts |= table[Int(base[at])]
                at &+= 1
            } while at < count && table[Int(base[at])] & ByteClass.delimiter == 0
            // A path or an address of the web goes on through `=`, `,` and `;`.
            if facts & ByteClass.slash != 0, at < count, isPath(base, start, at) {
                while at < count, table[Int(base[at])] & ByteClass.delimiter == 0 || joinsPath(base[at]) {
                    facts |= table[Int(base[at])] & 0x7f
                    at &+= 1
                }
            }
            var end = at
            if facts & (ByteClass.letter | ByteClass.digit) == 0 {
                end = start
            } else {
                while isTrailing(base[end &- 1]) { end &-= 1 }
                if end < at { facts = self.facts(base, start, end) }
            }
            if end == start {  // punctuation only, as in `...` or `-`
                let first = base[start]
                if !(runOpen && at &- start == 1 && first == UInt8(ascii: "-")) {
                    line.punctuate(first)
                    runOpen = false
                }
                lastPunctuation = first
                continue
            }
            lastPunctuation = 0
            if end == at || base[end] == UInt8(ascii: "-"), at < count, let close = index(base, at, count),
                facts & ByteClass.letter != 0
            {
                at = close
                shaped(shape(base, start, close), start, close, &line)
                runOpen = false
                previousWord = 0
                continue
            }
            chunk(base, start, end, facts, &line, &runOpen, &previousWord)
            if end < at {
                line.punctuate(base[end])
                runOpen = false
            }
        }
        line.seal()
    }

    @inline(__always)
    private func isTrailing(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "!"), UInt8(ascii: "?"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    @inline(__always)
    private func joinsPath(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "=") || byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";")
    }

    @inline(__always)
    private func endsPair(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): true
        default: false
        }
    }

    /// One chunk: a value, a word, or several of them parted by colons.
    @inline(__always)
    private func chunk(
        _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int, _ facts: UInt8, _ line: inout TokenLine,
        _ runOpen: inout Bool, _ previousWord: inout UInt64
    ) {
        var start = start
        var facts = facts
        while true {
            // A plain word, the usual case.
            if facts & (ByteClass.digit | ByteClass.colon | ByteClass.slash | ByteClass.dot) == 0 {
                let word = KnownWords.packed(base + start, end &- start)
                let about = known.about(word)
                if runOpen, let unit = KnownWords.unit(about) {
                    let before = line.kinds[line.count &- 1]
                    line.extendLast(before == .number || before == .size ? unit : before, to: end)
                    return
                }
                if about & KnownWords.calendar != 0, runOpen || (end &- start == 3 && isCapitalised(base, start)) {
                    value(.time, start, end, &line, &runOpen)
                    previousWord = 0
                    return
                }
                if end &- start >= 8, facts & (ByteClass.beyondHex | ByteClass.joiner) == 0 {
                    value(.hex, start, end, &line, &runOpen)
                    previousWord = 0
                    return
                }
                if about & KnownWords.value != 0 {
                    line.append(.name, Mix.bytes(base + start, end &- start), start, end)
                    previousWord = 0
                    runOpen = false
                    return
                }
                let named =
                    previousWord != 0 && known.about(previousWord) & KnownWords.person != 0
                    && line.marks[max(0, line.count &- 1)] == line.skeleton
                line.append(named ? .name : .word, Mix.bytes(base + start, end &- start), start, end)
                previousWord = word
                runOpen = false
                return
            }
            switch classify(base, start, end, facts) {
            case .hard(let kind):
                if kind == .number, end &- start == 3, let status = statusClass(base, start) {
                    line.append(.status, status, start, end)
                    runOpen = false
                } else {
                    value(kind, start, end, &line, &runOpen)
                }
                previousWord = 0
                return
            case .soft(let kind, let hash):
                if kind == .shaped {
                    shaped(hash, start, end, &line)
                } else {
                    line.append(kind, hash, start, end)
                }
                previousWord = 0
                runOpen = false
                return
            case .split(let colon):
                let left = self.facts(base, start, colon)
                if colon > start { chunkWithoutColon(base, start, colon, left, &line, &runOpen, &previousWord) }
                line.punctuate(UInt8(ascii: ":"))
                runOpen = false
                previousWord = 0
                start = colon &+ 1
                if start >= end { return }
                facts = self.facts(base, start, end)
            }
        }
    }

    private func chunkWithoutColon(
        _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int, _ facts: UInt8, _ line: inout TokenLine,
        _ runOpen: inout Bool, _ previousWord: inout UInt64
    ) {
        switch classify(base, start, end, facts) {
        case .hard(let kind): value(kind, start, end, &line, &runOpen)
        case .soft(let kind, let hash): line.append(kind, hash, start, end)
        case .split: line.append(.word, Mix.bytes(base + start, end &- start), start, end)
        }
    }

    /// Appends a value, or lets the value before it take it in.
    @inline(__always)
    private func value(
        _ kind: ColumnKind, _ start: Int, _ end: Int, _ line: inout TokenLine, _ runOpen: inout Bool
    ) {
        if runOpen {
            let before = line.kinds[line.count &- 1]
            line.extendLast(before == .time ? .time : .list, to: end)
        } else {
            line.append(kind, TokenLine.variable, start, end)
        }
        runOpen = line.count < TokenLine.capacity
    }
}
