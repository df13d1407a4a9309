// SPDX-License-Identifier: MIT

/// Takes secrets out of what leaves, and, when asked to, gives hosts, users and addresses other names for the way.
package struct Redactor {
    package static let mark = "[secret]"

    /// Hidden secrets so far.
    package private(set) var hidden = 0
    package private(set) var pseudonyms: Pseudonyms?

    package init(pseudonyms: Pseudonyms? = nil) { self.pseudonyms = pseudonyms }

    /// A line as it may leave.
    package mutating func clean(_ text: [UInt8]) -> [UInt8] {
        let ranges = SecretFinder.ranges(in: text)
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
