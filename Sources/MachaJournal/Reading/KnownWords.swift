// SPDX-License-Identifier: MIT

/// Words of measure, of the calendar and of the kind: knowledge about writing, not about any program's messages.
///
/// A word of up to eight bytes is one integer, and one lookup tells all that is known about it.
struct KnownWords {
    static let duration: UInt8 = 1
    static let size: UInt8 = 2
    static let rate: UInt8 = 4
    static let calendar: UInt8 = 8
    /// Stands for a value in most languages.
    static let value: UInt8 = 16
    /// Announces a person's name.
    static let person: UInt8 = 32
    /// Ends the name of a host.
    static let hostEnding: UInt8 = 64

    private let slots: UnsafePointer<UInt64>
    private let facts: UnsafePointer<UInt8>
    private static let mask = 511

    // Written once before first use and only read afterwards.
    nonisolated(unsafe) static let shared = KnownWords()

    private init() {
        let slots = UnsafeMutablePointer<UInt64>.allocate(capacity: Self.mask + 1)
        let facts = UnsafeMutablePointer<UInt8>.allocate(capacity: Self.mask + 1)
        slots.initialize(repeating: 0, count: Self.mask + 1)
        facts.initialize(repeating: 0, count: Self.mask + 1)
        for (fact, words) in Self.lists {
            for word in words.split(separator: " ") {
                let packed = word.utf8.reduce(UInt64(0)) { ($0 << 8) | UInt64($1) }
                let slot = Self.slot(packed, slots)
                slots[slot] = packed
                facts[slot] |= fact
            }
        }
        self.slots = UnsafePointer(slots)
        self.facts = UnsafePointer(facts)
    }

    private static let lists: [(UInt8, String)] = [
        (duration, "ns us ms s sec secs second seconds min mins minute minutes h hr hrs hour hours days week weeks"),
        (
            size,
            "b kb mb gb tb pb kib mib gib tib k m g t byte bytes kbyte kbytes mbyte mbytes bit bits kbit mbit gbit kbps mbps gbps"
        ),
        (rate, "hz khz mhz ghz celsius rpm percent bogomips"),
        (
            calendar,
            "mon tue wed thu fri sat sun jan feb mar apr may jun jul aug sep oct nov dec gmt utc cet cest est edt pst pdt"
        ),
        (value, "true false null none nil nan undef"),
        (person, "user users username account login uid"),
        (hostEnding, "com net org edu gov mil int info biz arpa local lan home internal"),
    ]

    @inline(__always)
    private static func slot(_ word: UInt64, _ slots: UnsafePointer<UInt64>) -> Int {
        var slot = Int(truncatingIfNeeded: Mix.fold(word, 1)) & mask
        while slots[slot] != 0, slots[slot] != word { slot = (slot &+ 1) & mask }
        return slot
    }

    /// The word at `base` in lower case as an integer; 0 when it is longer than eight bytes.
    @inline(__always)
    static func packed(_ base: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
        guard count <= 8, count > 0 else { return 0 }
        var value: UInt64 = 0
        for at in 0..<count { value = (value << 8) | UInt64(base[at] | 0x20) }
        return value
    }

    /// All that is known about a packed word.
    @inline(__always)
    func about(_ word: UInt64) -> UInt8 { word == 0 ? 0 : facts[Self.slot(word, slots)] }
}
