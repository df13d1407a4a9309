// SPDX-License-Identifier: MIT

extension String {
    /// For element content and for attributes in double or single quotes.
    package var htmlEscaped: String {
        guard utf8.contains(where: { Self.htmlEntity($0) != nil }) else { return self }
        var result: [UInt8] = []
        for byte in utf8 {
            if let entity = Self.htmlEntity(byte) { result += Array(entity.utf8) } else { result.append(byte) }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func htmlEntity(_ byte: UInt8) -> String? {
        switch byte {
        case UInt8(ascii: "&"): "&amp;"
        case UInt8(ascii: "<"): "&lt;"
        case UInt8(ascii: ">"): "&gt;"
        case UInt8(ascii: "\""): "&quot;"
        case UInt8(ascii: "'"): "&#39;"
        case UInt8(ascii: "`"): "&#96;"
        default: nil
        }
    }
}
