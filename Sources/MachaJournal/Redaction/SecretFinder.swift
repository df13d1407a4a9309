// SPDX-License-Identifier: MIT

/// Finds secrets in a line: private keys, passwords and tokens in assignments, flags, headers, cookies and addresses of the web.
///
/// It decides by what stands before a value and by the value's own shape, and errs on the side of hiding. Pure; ranges are in bytes,
/// ascending and apart.
package struct SecretFinder {
    let text: [UInt8]
    let lower: [UInt8]
    var found: [Range<Int>] = []

    /// The parts of a line that must not leave the machine.
    package static func ranges(in text: [UInt8]) -> [Range<Int>] { ranges(in: text, isCommand: false) }

    /// The parts of a command that somebody typed; what looks like a secret there is one, where a log line may mean other
    /// things.
    static func ranges(inCommand text: [UInt8]) -> [Range<Int>] { ranges(in: text, isCommand: true) }

    private static func ranges(in text: [UInt8], isCommand: Bool) -> [Range<Int>] {
        guard text.count >= 6 else { return [] }
        var finder = SecretFinder(text)
        finder.findKeyBlocks()
        finder.findWebPasswords()
        finder.findHeaders()
        finder.findAssignments()
        finder.findFlags()
        finder.findCommandFlags(isCommand: isCommand)
        finder.findProse()
        finder.findHooks()
        finder.findKnownTokens()
        finder.findBareKeys()
        return finder.merged()
    }

    private init(_ text: [UInt8]) {
        self.text = text
        lower = text.map { $0 >= 0x41 && $0 <= 0x5a ? $0 | 0x20 : $0 }
    }

    func merged() -> [Range<Int>] { Self.merged(found) }

    /// The same bytes as ranges that are ascending and apart.
    static func merged(_ ranges: [Range<Int>]) -> [Range<Int>] {
        var out: [Range<Int>] = []
        for range in ranges.sorted(by: { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) })
        where !range.isEmpty {
            if let last = out.last, range.lowerBound <= last.upperBound {
                out[out.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                out.append(range)
            }
        }
        return out
    }

    func tokenEnd(_ start: Int) -> Int {
        var end = start
        while end < text.count, Bytes.isWord(text[end]) || "-.+/=~".utf8.contains(text[end]) { end += 1 }
        while end > start, text[end - 1] == UInt8(ascii: ".") { end -= 1 }
        return end
    }

    func valueEnd(_ start: Int) -> Int {
        var end = start
        while end < text.count, text[end] > 0x20,
            !"\"'&;,)]}<>|".utf8.contains(text[end]) || text[end] == UInt8(ascii: "'") && end == start
        { end += 1 }
        return end
    }

    func trimmedEnd(_ start: Int, _ end: Int) -> Int {
        var end = end
        while end > start,
            text[end - 1] == UInt8(ascii: ".") || text[end - 1] == UInt8(ascii: ":")
                || text[end - 1] == UInt8(ascii: ",")
        { end -= 1 }
        return end
    }

    func isPlainWord(_ start: Int, _ end: Int) -> Bool {
        text[start..<end].allSatisfy { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7a }
    }

    /// Whether what follows a secret's name is a value: after a colon a plain word is prose (`password: incorrect`).
    func isSecretValue(_ start: Int, _ end: Int, afterColon: Bool) -> Bool {
        if SecretName.isNoValue(lower[start..<end]) { return false }
        return !afterColon || Entropy.isMixed(text[start..<end])
    }
}
