// SPDX-License-Identifier: MIT

/// Stable identity of a problem: 16 hex digits of FNV-1a (64 bit) over host, kind and subject.
///
/// It is a key for de-duplication, not a security measure: source draft-eastlake-fnv.
package struct Fingerprint: Hashable, Codable, Sendable, CustomStringConvertible {
    package let description: String

    package init(host: String, kind: String, subject: String) {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for part in [host, kind, subject] {
            // A byte that is never UTF-8 parts the fields, so ("ab", "c") and ("a", "bc") differ.
            for byte in Array(part.utf8) + [0xff] {
                hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
            }
        }
        let digits = String(hash, radix: 16)
        description = String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// A fingerprint as it was stored.
    package init(stored description: String) { self.description = description }

    package init(from decoder: any Decoder) throws {
        description = try decoder.singleValueContainer().decode(String.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
