// SPDX-License-Identifier: MIT

/// The same numbers on every run: SplitMix64 (Steele, Lea, Flood 2014).
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: Int) { state = UInt64(bitPattern: Int64(seed)) &* 0x9e37_79b9_7f4a_7c15 &+ 1 }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    mutating func number(_ range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &self) }

    /// Bell-like around 0, one standard deviation wide: the sum of three, which is quick.
    mutating func noise() -> Double {
        let bits = next()
        let sum = [bits, bits >> 21, bits >> 42].reduce(0.0) { $0 + Double($1 & 0x1f_ffff) / 0x1p21 }
        return (sum - 1.5) * 2
    }
}
