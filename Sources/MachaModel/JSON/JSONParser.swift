// SPDX-License-Identifier: MIT

/// Why a text is no JSON document.
package struct JSONError: Error, Hashable, Sendable {
    /// Starts lower case.
    package var message: String
    /// Bytes from the beginning.
    package var offset: Int
}

extension JSONValue {
    /// Reads one JSON document (RFC 8259) and nothing beside it.
    ///
    /// Stricter than the standard where servers and models go wrong: nesting deeper than 64 levels is an error, and so is a name that
    /// stands twice in an object, for nobody can tell which value counts. With `repeats` such members are kept, all of them.
    package static func parse(_ text: some StringProtocol, repeats: Bool = false) throws(JSONError) -> JSONValue {
        try parse(Array(text.utf8), repeats: repeats)
    }

    /// The same for bytes, which must be UTF-8.
    package static func parse(_ bytes: [UInt8], repeats: Bool = false) throws(JSONError) -> JSONValue {
        var parser = JSONParser(bytes: bytes, repeats: repeats)
        return try parser.document()
    }
}

private struct JSONParser {
    private static let deepest = 64
    /// What follows a backslash, and what it stands for.
    private static let escaped: [UInt8: UInt8] = [
        0x22: 0x22, 0x5c: 0x5c, 0x2f: 0x2f, 0x62: 0x08, 0x66: 0x0c, 0x6e: 0x0a, 0x72: 0x0d, 0x74: 0x09,
    ]

    let bytes: [UInt8]
    /// Whether a name may stand twice in an object.
    let repeats: Bool
    private var at = 0

    init(bytes: [UInt8], repeats: Bool) { (self.bytes, self.repeats) = (bytes, repeats) }

    mutating func document() throws(JSONError) -> JSONValue {
        let value = try value(depth: 0)
        skipBlanks()
        guard at == bytes.count else { throw error("something follows the document") }
        return value
    }

    private func error(_ message: String) -> JSONError { JSONError(message: message, offset: at) }

    private mutating func skipBlanks() {
        while at < bytes.count {
            switch bytes[at] {
            case 0x20, 0x09, 0x0a, 0x0d: at += 1
            default: return
            }
        }
    }

    private mutating func next() throws(JSONError) -> UInt8 {
        skipBlanks()
        guard at < bytes.count else { throw error("the document ends too early") }
        return bytes[at]
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        switch try next() {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), 0x30...0x39: return try number()
        default: throw error("a value cannot begin like this")
        }
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(JSONError) -> JSONValue {
        guard bytes[at...].starts(with: word.utf8) else { throw error("a value cannot begin like this") }
        at += word.utf8.count
        return value
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
        guard depth < Self.deepest else { throw error("nested deeper than \(Self.deepest) levels") }
        at += 1
        var members: [JSONValue.Member] = []
        var names: Set<String> = []
        if try next() == UInt8(ascii: "}") {
            at += 1
            return .object([])
        }
        while true {
            guard try next() == UInt8(ascii: "\"") else { throw error("a name must be a string") }
            let name = try string()
            guard repeats || names.insert(name).inserted else { throw error("a name stands twice in an object") }
            guard try next() == UInt8(ascii: ":") else { throw error("a colon is missing") }
            at += 1
            members.append(JSONValue.Member(name, try value(depth: depth + 1)))
            if try isLast(UInt8(ascii: "}")) { return .object(members) }
        }
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
        guard depth < Self.deepest else { throw error("nested deeper than \(Self.deepest) levels") }
        at += 1
        var items: [JSONValue] = []
        if try next() == UInt8(ascii: "]") {
            at += 1
            return .array([])
        }
        while true {
            items.append(try value(depth: depth + 1))
            if try isLast(UInt8(ascii: "]")) { return .array(items) }
        }
    }

    /// Steps over a comma, or over the bracket that closes.
    private mutating func isLast(_ closing: UInt8) throws(JSONError) -> Bool {
        let byte = try next()
        guard byte == closing || byte == UInt8(ascii: ",") else {
            throw error("a comma or a closing bracket is missing")
        }
        at += 1
        return byte == closing
    }

    private mutating func number() throws(JSONError) -> JSONValue {
        let start = at
        func digits(_ parser: inout JSONParser) -> Int {
            let first = parser.at
            while parser.at < parser.bytes.count, (0x30...0x39).contains(parser.bytes[parser.at]) { parser.at += 1 }
            return parser.at - first
        }
        if bytes[at] == UInt8(ascii: "-") { at += 1 }
        let first = at
        let whole = digits(&self)
        guard whole > 0, whole == 1 || bytes[first] != 0x30 else { throw error("not a number") }
        var isInteger = true
        if at < bytes.count, bytes[at] == UInt8(ascii: ".") {
            isInteger = false
            at += 1
            guard digits(&self) > 0 else { throw error("not a number") }
        }
        if at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            at += 1
            if at < bytes.count, [0x2b, 0x2d].contains(bytes[at]) { at += 1 }
            guard digits(&self) > 0 else { throw error("not a number") }
        }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        if isInteger, let number = Int(text) { return .integer(number) }
        guard let number = Double(text), number.isFinite else { throw error("the number is too large") }
        return .number(number)
    }

    private mutating func string() throws(JSONError) -> String {
        at += 1
        var out: [UInt8] = []
        while true {
            let plain = at
            while at < bytes.count, bytes[at] >= 0x20, bytes[at] != 0x22, bytes[at] != 0x5c { at += 1 }
            guard at < bytes.count else { throw error("a string does not end") }
            switch bytes[at] {
            case UInt8(ascii: "\""):
                // Most strings have no escape, and are one piece.
                let text =
                    out.isEmpty
                    ? String(validating: bytes[plain..<at], as: UTF8.self)
                    : String(validating: out + bytes[plain..<at], as: UTF8.self)
                guard let text else { throw error("the string is not UTF-8") }
                at += 1
                return text
            case UInt8(ascii: "\\"):
                out += bytes[plain..<at]
                try escape(into: &out)
            default: throw error("a control character stands bare in a string")
            }
        }
    }

    private mutating func escape(into out: inout [UInt8]) throws(JSONError) {
        at += 1
        guard at < bytes.count else { throw error("a string does not end") }
        if let byte = Self.escaped[bytes[at]] {
            out.append(byte)
            at += 1
            return
        }
        guard bytes[at] == UInt8(ascii: "u") else { throw error("an unknown escape") }
        at += 1
        var code = try hexadecimal()
        if (0xd800..<0xdc00).contains(code), at + 1 < bytes.count, bytes[at] == 0x5c, bytes[at + 1] == 0x75 {
            let back = at
            at += 2
            let low = try hexadecimal()
            if (0xdc00..<0xe000).contains(low) {
                code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
            } else {
                at = back
            }
        }
        // Half a surrogate pair stands for nothing; models write them, so it is no reason to refuse an answer.
        out += Array(String(Unicode.Scalar(code) ?? "\u{fffd}").utf8)
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt32 {
        guard at + 4 <= bytes.count else { throw error("a string does not end") }
        var code: UInt32 = 0
        for byte in bytes[at..<at + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw error("an unknown escape") }
            code = code << 4 | UInt32(digit)
        }
        at += 4
        return code
    }
}
