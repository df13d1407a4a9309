// SPDX-License-Identifier: MIT
package import MachaModel

/// Finds the JSON document in what a model wrote around it.
package enum JSONExtract {
    /// Marks behind which the answer proper begins. Servers that do not know a model's way of thinking leave them in the
    /// text; harmony (gpt-oss) names its channels.
    private static let prefaces = [
        "</think>", "</thinking>", "</reasoning>", "<|channel|>final<|message|>", "[/THINK]",
    ]

    /// The first object in `text` that is a whole JSON document; else the reason why the text itself is none.
    ///
    /// Thinking before the last mark is left out, and so is prose, a Markdown fence or a second copy around the object.
    package static func document(in text: String) throws(JSONError) -> JSONValue {
        let answer = answer(in: text)
        let failure: JSONError
        do throws(JSONError) {
            return try JSONValue.parse(answer)
        } catch {
            failure = error
        }
        guard let object = firstObject(in: Array(answer.utf8)) else { throw failure }
        return object
    }

    /// What is complete of an object that breaks off: everything up to its last whole value, with its brackets closed.
    package static func completed(_ text: String) -> JSONValue? {
        let bytes = Array(answer(in: text).utf8)
        guard let start = bytes.firstIndex(of: UInt8(ascii: "{")) else { return nil }
        var open: [UInt8] = []
        var whole: (end: Int, open: [UInt8])?
        var isString = false
        var at = start
        while at < bytes.endIndex {
            switch bytes[at] {
            case UInt8(ascii: "\\") where isString: at += 1
            case UInt8(ascii: "\""): isString.toggle()
            case _ where isString: break
            case UInt8(ascii: "{"): open.append(UInt8(ascii: "}"))
            case UInt8(ascii: "["): open.append(UInt8(ascii: "]"))
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard open.popLast() != nil else { return nil }
                whole = (at + 1, open)
            case UInt8(ascii: ","): whole = (at, open)
            default: break
            }
            at += 1
        }
        guard let whole else { return nil }
        return try? JSONValue.parse(Array(bytes[start..<whole.end]) + whole.open.reversed())
    }

    private static func answer(in text: String) -> Substring {
        var answer = text[...]
        if answer.unicodeScalars.first == "\u{feff}" { answer.unicodeScalars.removeFirst() }
        for mark in prefaces {
            // Inside of the document such a mark is a quoted log line.
            guard answer.first(where: { !$0.isWhitespace }) != "{", let last = answer.ranges(of: mark).last else {
                continue
            }
            answer = answer[last.upperBound...]
        }
        return answer
    }

    /// Braces in front of the document, as in prose, are tried at most this often.
    private static let attempts = 64

    private static func firstObject(in bytes: [UInt8]) -> JSONValue? {
        var start = bytes.startIndex
        for _ in 0..<attempts {
            guard let open = bytes[start...].firstIndex(of: UInt8(ascii: "{")) else { return nil }
            if let end = end(ofObjectAt: open, in: bytes), let value = try? JSONValue.parse(Array(bytes[open..<end])),
                value.members?.isEmpty == false
            {
                return value
            }
            start = open + 1
        }
        return nil
    }

    /// Where the object that opens at `open` closes; strings and escapes are skipped.
    private static func end(ofObjectAt open: Int, in bytes: [UInt8]) -> Int? {
        var depth = 0
        var isString = false
        var at = open
        while at < bytes.endIndex {
            switch bytes[at] {
            case UInt8(ascii: "\\") where isString: at += 1
            case UInt8(ascii: "\""): isString.toggle()
            case UInt8(ascii: "{") where !isString: depth += 1
            case UInt8(ascii: "}") where !isString:
                depth -= 1
                if depth == 0 { return at + 1 }
            default: break
            }
            at += 1
        }
        return nil
    }
}
