// SPDX-License-Identifier: MIT
import Testing

@testable import MachaCLI

struct LiveScreenTests {
    @Test(
        arguments: [
            ("q", [.quit]), ("\u{3}", [.quit]), ("\u{1b}[A\u{1b}[B", [.scroll(-1), .scroll(1)]),
            ("\u{1b}[6~", [.scroll(10)]),
            ("xyz", []), ("jq", [.scroll(1), .quit]), ("\u{1b}[15~", []),
        ] as [(String, [LiveScreen.Event])])
    func `keys mean what people expect`(keys: String, events: [LiveScreen.Event]) {
        #expect(LiveScreen.events(of: keys.utf8) == events)
    }
}
