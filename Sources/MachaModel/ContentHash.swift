// SPDX-License-Identifier: MIT

/// SHA-256 over what was shown to a person, so that nothing else can run in its place.
package struct ContentHash: Hashable, Sendable {
    /// 64 lower-case hex digits.
    package let description: String

    /// The hash of these bytes.
    package init(of bytes: some Sequence<UInt8>) {
        description = SHA256.digest(Array(bytes)).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    /// `nil` unless `text` is 64 lower-case hex digits.
    package init?(_ text: String) {
        let isHex = text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        guard text.utf8.count == 64, isHex else { return nil }
        description = text
    }

    /// The first digits, for people to compare.
    package var short: String { String(description.prefix(12)) }
}

extension ContentHash: CustomStringConvertible {}

extension ContentHash: Codable {
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let hash = ContentHash(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not 64 hex digits of SHA-256"))
        }
        self = hash
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
