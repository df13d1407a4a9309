// SPDX-License-Identifier: MIT

import MachaTestSupport

/// Figures that are the same on every run.
struct SeededNumbers: RandomNumberGenerator {
    private var random: SeededRandom

    init(_ seed: Int) {
        random = SeededRandom(seed: UInt64(bitPattern: Int64(seed)) &* 0x9e37_79b9_7f4a_7c15 &+ 1)
    }

    mutating func next() -> UInt64 { random.next() }

    mutating func number(_ range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &self) }

    /// Bell-like around 0, one standard deviation wide: the sum of three, which is quick.
    mutating func noise() -> Double {
        let bits = next()
        let sum = [bits, bits >> 21, bits >> 42].reduce(0.0) { $0 + Double($1 & 0x1f_ffff) / 0x1p21 }
        return (sum - 1.5) * 2
    }
}
