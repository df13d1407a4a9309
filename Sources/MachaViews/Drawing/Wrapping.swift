// SPDX-License-Identifier: MIT

/// Breaks one line of text into lines of at most `width` columns: between words, and inside a word only where it is
/// longer than a whole line. Never empty.
func wrap(_ text: String, at width: Int) -> [Substring] {
    var lines: [Substring] = []
    var rest = text[...].drop { $0 == " " }
    while let end = rest.lineEnd(width: max(1, width)) {
        lines.append(rest[..<end].trimmingTrailingSpaces())
        rest = rest[end...].drop { $0 == " " }
    }
    if !rest.isEmpty || lines.isEmpty { lines.append(rest.trimmingTrailingSpaces()) }
    return lines
}

extension Substring {
    /// Where the first line of this text ends, or `nil` when it fits. Takes one character at least.
    fileprivate func lineEnd(width: Int) -> Index? {
        var used = 0
        var lastSpace: Index?
        for index in indices {
            used += self[index].displayWidth
            if self[index] == " " { lastSpace = index }
            if used > width && self[index] != " " {
                return lastSpace ?? (index > startIndex ? index : self.index(after: index))
            }
        }
        return nil
    }

    fileprivate func trimmingTrailingSpaces() -> Substring {
        self[..<(lastIndex { $0 != " " }.map { index(after: $0) } ?? startIndex)]
    }
}
