// SPDX-License-Identifier: MIT

/// Finds which of many phrases occur in a text, in one pass: the first two bytes tell at most places that none begins there.
struct PhraseTable {
    /// Which phrases were found, by number; a table holds at most 256.
    struct Found {
        private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        private(set) var isEmpty = true

        @inline(__always)
        mutating func insert(_ index: Int) {
            isEmpty = false
            let bit = UInt64(1) << UInt64(index & 63)
            switch index >> 6 {
            case 0: words.0 |= bit
            case 1: words.1 |= bit
            case 2: words.2 |= bit
            default: words.3 |= bit
            }
        }

        func contains(_ index: Int) -> Bool {
            let bit = UInt64(1) << UInt64(index & 63)
            return switch index >> 6 {
            case 0: words.0 & bit != 0
            case 1: words.1 & bit != 0
            case 2: words.2 & bit != 0
            default: words.3 & bit != 0
            }
        }
    }

    private static let mask = 4095
    private let phrases: [[UInt8]]
    /// For each hash of two bytes, where its phrases begin in `order`; one more entry closes the last.
    private let starts: [UInt16]
    private let order: [UInt16]

    /// Every phrase has at least two bytes.
    init(_ phrases: [[UInt8]]) {
        precondition(phrases.count <= 256 && phrases.allSatisfy { $0.count >= 2 })
        self.phrases = phrases
        var slots = [[UInt16]](repeating: [], count: Self.mask + 1)
        for (index, phrase) in phrases.enumerated() { slots[Self.slot(phrase[0], phrase[1])].append(UInt16(index)) }
        var starts: [UInt16] = [0]
        var order: [UInt16] = []
        for slot in slots {
            order += slot
            starts.append(UInt16(order.count))
        }
        self.starts = starts
        self.order = order
    }

    @inline(__always)
    private static func slot(_ first: UInt8, _ second: UInt8) -> Int {
        (Int(first) &* 67 &+ Int(second) &* 257) & mask
    }

    /// Hands on the number and the place of every occurrence.
    @inline(__always)
    func scan(_ text: UnsafeBufferPointer<UInt8>, _ found: (Int, Int) -> Void) {
        guard text.count > 1 else { return }
        starts.withUnsafeBufferPointer { starts in
            for at in 0..<(text.count - 1) {
                let slot = Self.slot(text[at], text[at + 1])
                let from = starts[slot]
                let to = starts[slot + 1]
                if from == to { continue }
                for position in Int(from)..<Int(to) {
                    let index = Int(order[position])
                    if matches(phrases[index], text, at) { found(index, at) }
                }
            }
        }
    }

    func found(in text: UnsafeBufferPointer<UInt8>) -> Found {
        var all = Found()
        scan(text) { index, _ in all.insert(index) }
        return all
    }

    @inline(__always)
    private func matches(_ phrase: [UInt8], _ text: UnsafeBufferPointer<UInt8>, _ at: Int) -> Bool {
        guard at + phrase.count <= text.count else { return false }
        for offset in phrase.indices where text[at + offset] != phrase[offset] { return false }
        return true
    }
}
