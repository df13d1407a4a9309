// SPDX-License-Identifier: MIT

/// One picture of the whole terminal, as a value.
package struct LiveFrame: Hashable, Sendable {
    /// Stands still at the top.
    var heading: [Cell]
    /// Finished lines, at most as wide as the terminal; the part from ``offset`` on is shown.
    var body: [String]
    /// Stands still at the bottom.
    var footing: [Cell]
    var offset = 0

    /// Lines of the body that fit between heading and footing.
    static func room(rows: Int) -> Int { max(1, rows - 4) }

    /// The most that ``offset`` may be, so that the last line of the body can stand at the bottom.
    package func lastOffset(rows: Int) -> Int { max(0, body.count - Self.room(rows: rows)) }

    /// Bytes that draw this over whatever is there, in one piece: nothing is erased before it is drawn over, so nothing
    /// flickers. Every line is erased behind its text, and the screen behind the last line.
    package func drawn(rows: Int, terminal: Terminal) -> String {
        let room = Self.room(rows: rows)
        let start = min(max(0, offset), lastOffset(rows: rows))
        let shown = body[start..<min(body.count, start + room)]
        let below = body.count - start - shown.count
        var hint = footing
        if start > 0 || below > 0 { hint.append(Cell("· \(below) lines below, \(start) above (↑ ↓)", .dim)) }
        var lines = [line(heading, terminal), ""] + shown
        lines += Array(repeating: "", count: max(0, room - shown.count)) + ["", line(hint, terminal)]
        // 2026 asks the terminal to show all of it at once; one that does not know it ignores it.
        return "\u{1b}[?2026h\u{1b}[H" + lines.prefix(max(1, rows)).map { $0 + "\u{1b}[K" }.joined(separator: "\r\n")
            + "\u{1b}[J\u{1b}[?2026l"
    }

    /// Cells in one line, cut where the terminal ends.
    private func line(_ cells: [Cell], _ terminal: Terminal) -> String {
        var room = terminal.width ?? 80
        var line = ""
        for cell in cells where !cell.text.isEmpty && room > 1 {
            if !line.isEmpty {
                line += " "
                room -= 1
            }
            var used = 0
            let kept = cell.text.prefix { character in
                used += character.displayWidth
                return used <= room
            }
            line += cell.rendered(kept, color: terminal.usesColor)
            room -= kept.displayWidth
        }
        return line
    }
}
