// SPDX-License-Identifier: MIT
import MachaModel
import Testing

@testable import MachaViews

struct TableTests {
    private let fleet = Table(
        [.init("host"), .init("state"), .init("disk", .right), .init("finding", minimum: 20, yields: 1)],
        rows: [
            [
                "nas", Cell(.critical), "97 %",
                "/ is 97 % full and grows by 1.2 GiB a day; at this rate it is full tomorrow",
            ],
            ["jellyfin", Cell(.warning), "8 %", "jellyfin.service has restarted 5 times within the last hour"],
            ["東京", Cell("unknown", .unknown), "?", ""],
        ])

    private func golden(_ lines: [String], _ expected: String) {
        #expect(lines.joined(separator: "\n") == expected)
    }

    @Test func `at 80 columns the long text wraps under its heading`() {
        golden(
            fleet.lines(width: 80, color: false),
            """
            HOST      STATE     DISK  FINDING
            nas       critical  97 %  / is 97 % full and grows by 1.2 GiB a day; at this
                                      rate it is full tomorrow
            jellyfin  warning    8 %  jellyfin.service has restarted 5 times within the last
                                      hour
            東京      unknown      ?
            """)
    }

    @Test func `at 120 columns each host is one line`() {
        golden(
            fleet.lines(width: 120, color: false),
            """
            HOST      STATE     DISK  FINDING
            nas       critical  97 %  / is 97 % full and grows by 1.2 GiB a day; at this rate it is full tomorrow
            jellyfin  warning    8 %  jellyfin.service has restarted 5 times within the last hour
            東京      unknown      ?
            """)
    }

    @Test(arguments: [20, 30, 40, 60, 80, 100])
    func `no line is wider than the terminal, and no text is lost`(width: Int) {
        let lines = fleet.lines(width: width, color: false)
        #expect(lines.allSatisfy { $0.displayWidth <= width })
        let letters = lines.joined().filter { !$0.isWhitespace }.sorted()
        #expect(letters == fleet.lines(width: nil, color: false).joined().filter { !$0.isWhitespace }.sorted())
    }

    @Test func `a pipe gets one line a row`() {
        #expect(fleet.lines(width: Terminal.pipe.width, color: false).count == 4)
    }

    @Test func `the column that yields first gives way first`() {
        let table = Table(
            [.init("a", minimum: 4, yields: 1), .init("b", minimum: 4, yields: 2)],
            rows: [["aaaa aaaa", "bbbb bbbb"]])
        golden(
            table.lines(width: 15, color: false),
            """
            A          B
            aaaa aaaa  bbbb
                       bbbb
            """)
    }

    @Test func `colour changes nothing but colour`() {
        let coloured = fleet.lines(width: 80, color: true)
        #expect(coloured[1].contains("\u{1b}[1;31mcritical\u{1b}[0m"))
        let bare = coloured.map { line in line.replacing(/\u{1b}\[[0-9;]+m/, with: "") }
        #expect(bare == fleet.lines(width: 80, color: false))
    }

    @Test func `no line ends in spaces`() {
        #expect(fleet.lines(width: 80, color: false).allSatisfy { $0.last != " " })
    }
}
