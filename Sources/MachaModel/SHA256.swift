// SPDX-License-Identifier: MIT

/// SHA-256 (FIPS 180-4) for content hashes and the audit's chain; a few kilobytes at a time, so written to be read.
enum SHA256 {
    static func digest(_ message: [UInt8]) -> [UInt8] {
        var state: [UInt32] = squareRoots
        let padded = padded(message)
        for start in stride(from: 0, to: padded.count, by: 64) {
            let block = stride(from: start, to: start + 64, by: 4).map { at in
                padded[at..<at + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            }
            mix(block, into: &state)
        }
        return state.flatMap { bigEndian($0) }
    }

    /// A one bit, zeros, and the length in bits, to a multiple of 64 bytes (5.1.1).
    private static func padded(_ message: [UInt8]) -> [UInt8] {
        let zeros = (119 - message.count % 64) % 64
        return message + [0x80] + [UInt8](repeating: 0, count: zeros) + bigEndian(UInt64(message.count) * 8)
    }

    /// One block (6.2.2).
    private static func mix(_ block: [UInt32], into state: inout [UInt32]) {
        var schedule = block
        for t in 16..<64 {
            let near = schedule[t - 2]
            let far = schedule[t - 15]
            let nearSigma = turn(near, 17) ^ turn(near, 19) ^ near >> 10
            let farSigma = turn(far, 7) ^ turn(far, 18) ^ far >> 3
            schedule.append(nearSigma &+ schedule[t - 7] &+ farSigma &+ schedule[t - 16])
        }
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        for (constant, word) in zip(cubeRoots, schedule) {
            let choice = (e & f) ^ (~e & g)
            let majority = (a & b) ^ (a & c) ^ (b & c)
            let one = h &+ (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) &+ choice &+ constant &+ word
            let two = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) &+ majority
            (h, g, f, e, d, c, b, a) = (g, f, e, d &+ one, c, b, a, one &+ two)
        }
        for (index, value) in [a, b, c, d, e, f, g, h].enumerated() { state[index] &+= value }
    }

    private static func turn(_ word: UInt32, _ by: UInt32) -> UInt32 { word >> by | word << (32 - by) }

    private static func bigEndian<Word: FixedWidthInteger>(_ word: Word) -> [UInt8] {
        stride(from: Word.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> $0) }
    }

    /// Fractional parts of the roots of the first primes, as 32 bits: they need not be copied if they can be computed.
    private static let squareRoots: [UInt32] = primes.prefix(8).map { fraction(of: $0, isCube: false) }
    private static let cubeRoots: [UInt32] = primes.map { fraction(of: $0, isCube: true) }

    private static let primes: [UInt64] = (2...311).filter { number in
        !(2..<number).contains { $0 * $0 <= number && number % $0 == 0 }
    }

    /// The greatest `r` with `r² ≤ p·2⁶⁴` (or `r³ ≤ p·2⁹⁶`), of which the low 32 bits are the fraction.
    private static func fraction(of prime: UInt64, isCube: Bool) -> UInt32 {
        var root: UInt64 = 0
        for bit in (0..<37).reversed() {
            let candidate = root | 1 << UInt64(bit)
            let square = UInt128(candidate) * UInt128(candidate)
            let fits =
                isCube
                ? square * UInt128(candidate) <= UInt128(prime) << 96 : square <= UInt128(prime) << 64
            if fits { root = candidate }
        }
        return UInt32(truncatingIfNeeded: root)
    }
}
