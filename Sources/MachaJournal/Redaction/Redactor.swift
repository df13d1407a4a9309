// SPDX-License-Identifier: MIT

/// Takes secrets out of what leaves, and, when asked to, gives hosts, users and addresses other names for the way.
package struct Redactor {
    package static let mark = "[secret]"

    /// Hidden secrets so far.
    package private(set) var hidden = 0
    package private(set) var pseudonyms: Pseudonyms?

    package init(pseudonyms: Pseudonyms? = nil) { self.pseudonyms = pseudonyms }

    /// A line as it may leave.
    package mutating func clean(_ text: [UInt8]) -> [UInt8] { clean(text, SecretFinder.ranges(in: text)) }

    /// A command that somebody typed, as it may be kept: its words with blanks between.
    package mutating func clean(command words: [String]) -> [UInt8] {
        let text = Array(words.joined(separator: " ").utf8)
        // Once more with the blanks inside of words filled, so that a secret of several words is one; a shell's line is not.
        let filled = words.enumerated().map { index, word in
            let isLine = index > 0 && words[index - 1].hasPrefix("-") && words[index - 1].hasSuffix("c")
            return isLine ? Array(word.utf8) : word.utf8.map { $0 == 0x20 ? 0x7f : $0 }
        }
        let ranges =
            SecretFinder.ranges(inCommand: text)
            + SecretFinder.ranges(inCommand: Array(filled.joined(separator: [0x20])))
        return clean(text, SecretFinder.merged(ranges))
    }

    private mutating func clean(_ text: [UInt8], _ ranges: [Range<Int>]) -> [UInt8] {
        var out = text
        if !ranges.isEmpty {
            hidden += ranges.count
            out.removeAll(keepingCapacity: true)
            var at = 0
            for range in ranges {
                out += text[at..<range.lowerBound]
                out += Self.mark.utf8
                at = range.upperBound
            }
            out += text[at...]
        }
        return pseudonyms?.replace(in: out) ?? out
    }

    /// The same line, as long as before, with secrets crossed out: for what keeps positions.
    static func crossedOut(_ text: [UInt8]) -> [UInt8] {
        var out = text
        for range in SecretFinder.ranges(in: text) { for at in range { out[at] = UInt8(ascii: "x") } }
        return out
    }
}
