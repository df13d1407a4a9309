// SPDX-License-Identifier: MIT
package import Foundation

/// One spelling for each value: keys sorted, no spaces, slashes as they are, dates in milliseconds since 1970.
package enum CanonicalJSON {
    package static var encoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .millisecondsSince1970
        return encoder
    }

    package static var decoder: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .millisecondsSince1970
        return decoder
    }

    /// The bytes of `value`; equal values have equal bytes.
    ///
    /// The values given here hold neither floating-point infinities nor invalid keys, so nothing can fail; should an
    /// encoder ever refuse one, its description stands in, which no other value shares.
    package static func bytes(of value: some Encodable) -> [UInt8] {
        if let data = try? encoder.encode(value) { return Array(data) }
        return Array("unencodable \(String(reflecting: value))".utf8)
    }
}

/// JSON in files that people and their programs read: keys sorted, slashes as they are, times in ISO 8601 (UTC, whole
/// seconds).
package enum DocumentJSON {
    /// With `isPretty` on lines of its own, otherwise on one line.
    package static func encoder(isPretty: Bool) -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if isPretty { encoder.outputFormatting.insert(.prettyPrinted) }
        encoder.dateEncodingStrategy = .iso8601
        return encoder
    }

    /// `value` as a file of its own, which ends with a line feed.
    package static func file(_ value: some Encodable) throws -> Data {
        try encoder(isPretty: true).encode(value) + Data("\n".utf8)
    }
}
