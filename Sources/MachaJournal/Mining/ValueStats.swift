// SPDX-License-Identifier: MIT

/// What one variable column held: range of its numbers, most frequent values, and about how many different ones.
///
/// Fixed size, whatever comes: the frequent values are kept by the space-saving rule (Metwally et al. 2005), the number of
/// different ones is estimated by linear counting in 128 bits.
struct ValueStats {
    static let kept = 4
    /// Values longer than this are kept by their beginning.
    static let longest = 40

    struct Frequent {
        var hash: UInt64 = 0
        var count: UInt32 = 0
        var text: [UInt8] = []
    }

    let column: Int
    let kind: ColumnKind
    var least = Double.infinity
    var most = -Double.infinity
    var bitsLow: UInt64 = 0
    var bitsHigh: UInt64 = 0
    var frequent: [Frequent] = []
    var seen = 0

    init(column: Int, kind: ColumnKind) {
        self.column = column
        self.kind = kind
    }

    mutating func add(_ base: UnsafePointer<UInt8>, _ count: Int) {
        let hash = Mix.bytes(base, count)
        add(hash, ByteSlice(base, min(count, Self.longest)), 1)
        switch kind {
        case .number, .size, .duration:
            if let value = Self.number(base, count) {
                least = min(least, value)
                most = max(most, value)
            }
        default: break
        }
    }

    private mutating func add(_ hash: UInt64, _ text: ByteSlice, _ times: UInt32) {
        seen += Int(times)
        let bit = UInt64(1) << (hash & 63)
        if hash & 64 == 0 { bitsLow |= bit } else { bitsHigh |= bit }
        var weakest = 0
        for at in frequent.indices {
            if frequent[at].hash == hash {
                frequent[at].count &+= times
                return
            }
            if frequent[at].count < frequent[weakest].count { weakest = at }
        }
        if frequent.count < Self.kept {
            frequent.append(Frequent(hash: hash, count: times, text: text.bytes))
        } else {
            frequent[weakest] = Frequent(hash: hash, count: frequent[weakest].count &+ times, text: text.bytes)
        }
    }

    mutating func merge(_ other: ValueStats) {
        least = min(least, other.least)
        most = max(most, other.most)
        bitsLow |= other.bitsLow
        bitsHigh |= other.bitsHigh
        seen += other.seen
        for value in other.frequent {
            if let at = frequent.firstIndex(where: { $0.hash == value.hash }) {
                frequent[at].count &+= value.count
            } else {
                frequent.append(value)
            }
        }
        frequent.sort { ($0.count, $1.hash) > ($1.count, $0.hash) }
        frequent.removeLast(max(0, frequent.count - Self.kept))
    }

    /// About how many different values there were; exact up to four.
    var distinct: Int {
        let set = bitsLow.nonzeroBitCount + bitsHigh.nonzeroBitCount
        if frequent.count < Self.kept { return frequent.count }
        if set >= 126 { return 500 }
        return max(frequent.count, Int((128 * Self.naturalLog(128 / Double(128 - set))).rounded()))
    }

    /// ln by its series around 1; enough for an estimate and free of any library.
    private static func naturalLog(_ value: Double) -> Double {
        let exponent = Double(value.exponent)
        let ratio = (value.significand - 1) / (value.significand + 1)
        let square = ratio * ratio
        return exponent * 0.693_147_180_559_945_3 + 2 * ratio
            * (1 + square / 3 + square * square / 5 + square * square * square / 7)
    }

    /// The leading decimal number of a value; `nil` when there is none.
    static func number(_ base: UnsafePointer<UInt8>, _ count: Int) -> Double? {
        var at = 0
        var negative = false
        while at < count,
            base[at] == UInt8(ascii: "-") || base[at] == UInt8(ascii: "+") || base[at] == UInt8(ascii: "<")
        {
            negative = base[at] == UInt8(ascii: "-")
            at += 1
        }
        var value = 0.0
        var digits = 0
        while at < count, base[at] >= 0x30, base[at] <= 0x39, digits < 18 {
            value = value * 10 + Double(base[at] - 0x30)
            digits += 1
            at += 1
        }
        guard digits > 0 else { return nil }
        if at + 1 < count, base[at] == UInt8(ascii: "."), base[at + 1] >= 0x30, base[at + 1] <= 0x39 {
            at += 1
            var unit = 0.1
            while at < count, base[at] >= 0x30, base[at] <= 0x39, digits < 18 {
                value += Double(base[at] - 0x30) * unit
                unit /= 10
                digits += 1
                at += 1
            }
        }
        return negative ? -value : value
    }
}
