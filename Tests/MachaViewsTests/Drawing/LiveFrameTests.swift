// SPDX-License-Identifier: MIT
import Testing

@testable import MachaViews

struct LiveFrameTests {
    private func frame(_ lines: Int, offset: Int = 0) -> LiveFrame {
        LiveFrame(
            heading: [Cell("2 hosts", .critical)], body: (0..<lines).map { "line \($0)" }, footing: ["q leaves"],
            offset: offset)
    }

    /// The lines as a terminal would show them.
    private func shown(_ frame: LiveFrame, rows: Int, columns: Int = 40) -> [String] {
        frame.drawn(rows: rows, terminal: .wide(columns)).replacing(/\u{1b}\[[?0-9;]*[A-Za-z]/, with: "")
            .split(separator: "\r\n", omittingEmptySubsequences: false).map { String($0) }
    }

    @Test(arguments: [(3, 10), (6, 10), (7, 10), (50, 10), (0, 5)])
    func `a picture has exactly the terminal's rows`(lines: Int, rows: Int) {
        let shown = shown(frame(lines), rows: rows)
        #expect(shown.count == rows)
        #expect(shown.first == "2 hosts")
        #expect(shown.last?.hasPrefix("q leaves") == true)
        #expect(shown.filter { $0.hasPrefix("line") }.count == min(lines, rows - 4))
    }

    @Test func `lines that do not fit are counted and can be scrolled to, but not past`() {
        #expect(shown(frame(20), rows: 10, columns: 80).last == "q leaves · 14 lines below, 0 above (↑ ↓)")
        let end = shown(frame(20, offset: 99), rows: 10, columns: 80)
        #expect(end.last == "q leaves · 0 lines below, 14 above (↑ ↓)")
        #expect(end.contains("line 19"))
    }

    @Test func `nothing is erased before it is drawn over`() {
        let drawn = frame(3).drawn(rows: 10, terminal: .wide(40))
        #expect(!drawn.contains("\u{1b}[2J") && !drawn.contains("\u{1b}[1J"))
        #expect(drawn.hasPrefix("\u{1b}[?2026h\u{1b}[H2 hosts\u{1b}[K\r\n"))
        #expect(drawn.hasSuffix("\u{1b}[J\u{1b}[?2026l"))
    }

    @Test func `a heading longer than the terminal is cut, not wrapped`() {
        let frame = LiveFrame(heading: [Cell(String(repeating: "x", count: 99)), "tail"], body: [], footing: [])
        #expect(shown(frame, rows: 6, columns: 40).first?.displayWidth == 40)
    }
}
