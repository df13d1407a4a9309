// SPDX-License-Identifier: MIT

/// Reads the few fields of an X.509 certificate that a watchman needs, and trusts nothing of it. Source: RFC 5280, 4.1.
enum CertificateReader {
    struct Facts {
        var notBefore: Int
        var notAfter: Int
        var issuer: String
        var isSelfSigned: Bool
    }

    /// `nil` when `bytes` is no whole certificate in DER.
    static func read(_ bytes: [UInt8]) -> Facts? {
        var outer = DERReader(bytes[...])
        guard let certificate = outer.next(0x30), outer.isEmpty else { return nil }
        var parts = DERReader(certificate)
        guard let body = parts.next(0x30), parts.next(0x30) != nil, parts.next(0x03) != nil, parts.isEmpty else {
            return nil
        }
        var fields = DERReader(body)
        _ = fields.next(0xa0)  // version; version 1 leaves it out
        guard fields.next(0x02) != nil, fields.next(0x30) != nil, let issuer = fields.next(0x30),
            let validity = fields.next(0x30), let subject = fields.next(0x30)
        else { return nil }
        var times = DERReader(validity)
        guard let begin = time(&times), let end = time(&times), begin < end else { return nil }
        let name = lastText(in: issuer)
        return Facts(
            notBefore: begin, notAfter: end, issuer: name,
            isSelfSigned: issuer.elementsEqual(subject) || name.lowercased().contains("minica"))
    }

    /// `YYMMDDHHMMSSZ` (years 1950 to 2049) or `YYYYMMDDHHMMSSZ`.
    private static func time(_ reader: inout DERReader) -> Int? {
        guard let tag = reader.tag, let content = reader.next(tag), content.last == 0x5a else { return nil }
        let digits = content.dropLast().map { Int($0) - 0x30 }
        guard digits.allSatisfy({ (0...9).contains($0) }) else { return nil }
        func pair(_ at: Int) -> Int { digits[at] * 10 + digits[at + 1] }
        switch (tag, digits.count) {
        case (0x17, 12):
            let year = pair(0) < 50 ? 2000 + pair(0) : 1900 + pair(0)
            return ProbeText.moment(year, pair(2), pair(4), pair(6), pair(8), pair(10))
        case (0x18, 14):
            return ProbeText.moment(pair(0) * 100 + pair(2), pair(4), pair(6), pair(8), pair(10), pair(12))
        default: return nil
        }
    }

    /// Names go from country to common name: the last is the one people use.
    private static func lastText(in name: ArraySlice<UInt8>) -> String {
        var sets = DERReader(name)
        var text = ""
        while let set = sets.next(0x31) {
            var members = DERReader(set)
            guard let pair = members.next(0x30) else { continue }
            var parts = DERReader(pair)
            if parts.next(0x06) != nil, let tag = parts.tag, let value = parts.next(tag) {
                text = String(String(decoding: value, as: UTF8.self).prefix(100))
            }
        }
        return text
    }
}

/// One level of tag, length, value in the distinguished encoding. Source: X.690.
private struct DERReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    var isEmpty: Bool { rest.isEmpty }
    var tag: UInt8? { rest.first }

    /// The content of the next value if it has this tag; otherwise nothing is taken.
    mutating func next(_ wanted: UInt8) -> ArraySlice<UInt8>? {
        var bytes = rest
        guard bytes.popFirst() == wanted, let first = bytes.popFirst() else { return nil }
        var count = Int(first)
        if first >= 0x80 {
            let size = Int(first & 0x7f)
            guard (1...4).contains(size), bytes.count >= size else { return nil }
            count = bytes.prefix(size).reduce(0) { $0 << 8 | Int($1) }
            bytes = bytes.dropFirst(size)
        }
        guard bytes.count >= count else { return nil }
        rest = bytes.dropFirst(count)
        return bytes.prefix(count)
    }
}
