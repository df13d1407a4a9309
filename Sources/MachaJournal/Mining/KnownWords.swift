// SPDX-License-Identifier: MIT

/// Words of measure and of the calendar: knowledge about writing, not about any program's messages.
///
/// Words of up to eight bytes are compared as one integer.
enum KnownWords {
    static func packed(_ text: String) -> UInt64 { text.utf8.reduce(0) { ($0 << 8) | UInt64($1) } }

    /// The word at `base` in lower case as an integer; 0 when it is longer than eight bytes.
    @inline(__always)
    static func packed(_ base: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
        guard count <= 8, count > 0 else { return 0 }
        var value: UInt64 = 0
        for at in 0..<count { value = (value << 8) | UInt64(base[at] | 0x20) }
        return value
    }

    private static func table(_ words: String) -> (slots: UnsafePointer<UInt64>, mask: Int) {
        let list = words.split(separator: " ").map { packed(String($0)) }
        let size = 256
        let slots = UnsafeMutablePointer<UInt64>.allocate(capacity: size)
        slots.initialize(repeating: 0, count: size)
        for word in list {
            var slot = Int(truncatingIfNeeded: Mix.fold(word, 1)) & (size - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (size - 1) }
            slots[slot] = word
        }
        return (UnsafePointer(slots), size - 1)
    }

    // Written once before first use and only read afterwards.
    nonisolated(unsafe) private static let durations = table(
        "ns us ms s sec secs second seconds min mins minute minutes h hr hrs hour hours d day days week weeks")
    nonisolated(unsafe) private static let sizes = table(
        "b kb mb gb tb pb kib mib gib tib k m g t byte bytes kbyte kbytes mbyte mbytes bit bits kbit mbit gbit kbps mbps gbps")
    nonisolated(unsafe) private static let rates = table("hz khz mhz ghz celsius rpm percent bogomips")
    nonisolated(unsafe) private static let calendar = table(
        "mon tue wed thu fri sat sun jan feb mar apr may jun jul aug sep oct nov dec gmt utc cet cest est edt pst pdt")
    nonisolated(unsafe) private static let people = table("user users username account login uid")

    nonisolated(unsafe) private static let values = table("true false null none nil nan undef")

    @inline(__always)
    private static func find(_ table: (slots: UnsafePointer<UInt64>, mask: Int), _ word: UInt64) -> Bool {
        guard word != 0 else { return false }
        var slot = Int(truncatingIfNeeded: Mix.fold(word, 1)) & table.mask
        while table.slots[slot] != 0 {
            if table.slots[slot] == word { return true }
            slot = (slot + 1) & table.mask
        }
        return false
    }

    /// The kind that a number becomes when this unit follows it; `nil` when the word is no unit.
    @inline(__always)
    static func unit(_ word: UInt64) -> ColumnKind? {
        if find(durations, word) { return .duration }
        if find(sizes, word) { return .size }
        return find(rates, word) ? .number : nil
    }

    @inline(__always)
    static func isCalendar(_ word: UInt64) -> Bool { find(calendar, word) }

    /// Whether the word stands for a value in most languages.
    @inline(__always)
    static func isValue(_ word: UInt64) -> Bool { find(values, word) }

    /// Whether the word announces a person's name.
    @inline(__always)
    static func namesPerson(_ word: UInt64) -> Bool { find(people, word) }
}
