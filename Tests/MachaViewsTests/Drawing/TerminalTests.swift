// SPDX-License-Identifier: MIT
import Testing

@testable import MachaViews

struct TerminalTests {
    @Test(
        arguments: [
            (true, 120, [:], 120),
            (true, nil, [:], 80),
            (true, 0, [:], 80),
            (true, 120, ["COLUMNS": "60"], 60),
            (true, 120, ["COLUMNS": "wide"], 120),
            (true, 120, ["COLUMNS": "-3"], 120),
            (true, 4, [:], 20),
            (false, 120, [:], nil),
            (false, nil, ["COLUMNS": "100"], 100),
        ] as [(Bool, Int?, [String: String], Int?)])
    func `the width comes from the person, then the window, and a pipe has none`(
        isInteractive: Bool, window: Int?, environment: [String: String], width: Int?
    ) {
        let terminal = Terminal(isInteractive: isInteractive, windowColumns: window, environment: environment)
        #expect(terminal.width == width)
    }

    @Test(arguments: [
        (true, ["TERM": "xterm"], true),
        (true, ["TERM": "xterm", "NO_COLOR": ""], true),
        (true, ["TERM": "xterm", "NO_COLOR": "0"], false),
        (true, ["TERM": "dumb"], false),
        (false, ["TERM": "xterm"], false),
    ])
    func `colour is for terminals whose owner has not declined it`(
        isInteractive: Bool, environment: [String: String], usesColor: Bool
    ) {
        let terminal = Terminal(isInteractive: isInteractive, windowColumns: 80, environment: environment)
        #expect(terminal.usesColor == usesColor)
    }

    @Test(arguments: [(true, "xterm", true), (true, "dumb", false), (false, "xterm", false)])
    func `only a terminal that knows how can erase a line`(isInteractive: Bool, term: String, canErase: Bool) {
        let terminal = Terminal(
            isInteractive: isInteractive, windowColumns: 80, environment: ["TERM": term, "NO_COLOR": "1"])
        #expect(terminal.canErase == canErase)
    }
}
