// SPDX-License-Identifier: MIT

/// A shell-like pattern over a whole text: `*`, `?`, `[a-z]` and `[!a-z]`. There is no escape.
///
/// Matching takes at most as many steps as pattern and text have characters, multiplied: only the last `*` is ever
/// widened, so no pattern blows up.
package struct Glob: Hashable, Sendable {
    private enum Token: Hashable {
        case scalar(Unicode.Scalar)
        case anyOne
        case anyRun
        case oneOf([ClosedRange<UInt32>], isInverted: Bool)

        func meets(_ other: Token) -> Bool {
            switch (self, other) {
            case (.scalar(let scalar), _): other.matches(scalar)
            case (_, .scalar(let scalar)): matches(scalar)
            default: true
            }
        }

        func matches(_ scalar: Unicode.Scalar) -> Bool {
            switch self {
            case .scalar(let own): own == scalar
            case .anyOne: true
            case .anyRun: false
            case .oneOf(let ranges, let isInverted): ranges.contains { $0.contains(scalar.value) } != isInverted
            }
        }
    }

    private let tokens: [Token]

    /// Whether `text` has a character that makes it a pattern rather than a name.
    package static func isPattern(_ text: String) -> Bool {
        text.utf8.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "[") }
    }

    /// `nil` when a `[` is not closed, or a range runs backwards.
    package init?(_ pattern: String) {
        var tokens: [Token] = []
        var rest = Array(pattern.unicodeScalars)[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case "*": if tokens.last != .anyRun { tokens.append(.anyRun) }
            case "?": tokens.append(.anyOne)
            case "[":
                guard let set = Self.set(&rest) else { return nil }
                tokens.append(set)
            default: tokens.append(.scalar(scalar))
            }
        }
        self.tokens = tokens
    }

    /// Reads a set after its `[`. As in a shell, a `]` at its very beginning is a member.
    private static func set(_ rest: inout ArraySlice<Unicode.Scalar>) -> Token? {
        let isInverted = rest.first == "!" || rest.first == "^"
        if isInverted { rest.removeFirst() }
        var ranges: [ClosedRange<UInt32>] = []
        while let low = rest.popFirst() {
            if low == "]", !ranges.isEmpty { return .oneOf(ranges, isInverted: isInverted) }
            guard rest.first == "-", let high = rest.dropFirst().first, high != "]" else {
                ranges.append(low.value...low.value)
                continue
            }
            guard low <= high else { return nil }
            ranges.append(low.value...high.value)
            rest.removeFirst(2)
        }
        return nil
    }

    /// Whether there may be a text that fits both patterns; sets that could meet count as meeting.
    package func meets(_ other: Glob) -> Bool {
        // reached[j]: what is read of this pattern and the first j tokens of the other may stand for the same text.
        var reached = Self.skipping(other.tokens, from: [true] + Array(repeating: false, count: other.tokens.count))
        for token in tokens {
            var next = Array(repeating: false, count: reached.count)
            if token == .anyRun { next = reached }
            for (index, theirs) in other.tokens.enumerated() {
                switch (token, theirs) {
                case (.anyRun, _): next[index + 1] = next[index + 1] || next[index] || reached[index]
                case (_, .anyRun): next[index] = next[index] || reached[index]
                default: next[index + 1] = next[index + 1] || (reached[index] && token.meets(theirs))
                }
            }
            reached = Self.skipping(other.tokens, from: next)
        }
        return reached[other.tokens.count]
    }

    /// A `*` may stand for nothing.
    private static func skipping(_ tokens: [Token], from reached: [Bool]) -> [Bool] {
        var reached = reached
        for (index, token) in tokens.enumerated() where token == .anyRun && reached[index] { reached[index + 1] = true }
        return reached
    }

    /// Whether all of `text` fits the pattern.
    package func matches(_ text: String) -> Bool {
        let text = Array(text.unicodeScalars)
        var position = 0
        var token = 0
        var retry: (token: Int, position: Int)?
        while position < text.count {
            if token < tokens.count, tokens[token].matches(text[position]) {
                position += 1
                token += 1
            } else if token < tokens.count, tokens[token] == .anyRun {
                token += 1
                retry = (token, position)
            } else if let last = retry {
                // The last `*` takes one character more. Earlier ones need no second look: what they took was the
                // shortest that fits, and a longer one leaves less for the rest.
                token = last.token
                position = last.position + 1
                retry = (token, position)
            } else {
                return false
            }
        }
        return tokens[token...].allSatisfy { $0 == .anyRun }
    }
}
