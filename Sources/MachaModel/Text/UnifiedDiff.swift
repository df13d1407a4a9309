// SPDX-License-Identifier: MIT

/// What `patch -p1` reads. Source: GNU diffutils, "Detailed Description of Unified Format".
package enum UnifiedDiff {
    /// One hunk that makes `before` into `after` somewhere in `file`; `patch` looks for the place.
    ///
    /// Lines at both ends that stay the same are context only when there are as many above as below: `patch` takes a hunk
    /// with less context above for the beginning of the file, and with less below for its end. Otherwise all of `before` is
    /// taken out and all of `after` put in, which is found wherever it stands.
    package static func lines(_ before: [String], _ after: [String], in file: String) -> [String] {
        let above = zip(before, after).prefix { $0 == $1 }.count
        let below = zip(before.reversed(), after.reversed()).prefix { $0 == $1 }.count
        let body = above == below ? compared(before, after) : before.map { "-" + $0 } + after.map { "+" + $0 }
        return ["--- a/\(file)", "+++ b/\(file)", "@@ -1,\(before.count) +1,\(after.count) @@"] + body
    }

    private static func compared(_ before: [String], _ after: [String]) -> [String] {
        var removed: Set<Int> = []
        var inserted: Set<Int> = []
        for change in after.difference(from: before) {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        var lines: [String] = []
        var (old, new) = (0, 0)
        while old < before.count || new < after.count {
            if removed.contains(old) {
                lines.append("-" + before[old])
                old += 1
            } else if inserted.contains(new) {
                lines.append("+" + after[new])
                new += 1
            } else {
                lines.append(" " + before[old])
                old += 1
                new += 1
            }
        }
        return lines
    }
}
