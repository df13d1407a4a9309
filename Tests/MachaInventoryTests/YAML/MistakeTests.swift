// SPDX-License-Identifier: MIT
import MachaInventory
import Testing

@Suite struct MistakeTests {
    private let place = SourcePosition(file: "inventory/fleet.yaml", line: 12, column: 5)

    @Test func `a mistake prints as one line with its place and the nearest word`() {
        let mistake = Mistake("unknown key 'adress' in host 'nas'", at: place, suggestion: "address")
        #expect(
            mistake.description
                == "inventory/fleet.yaml:12:5: unknown key 'adress' in host 'nas'; did you mean 'address'?")
    }

    @Test func `neither the file's name nor the message can steer the terminal`() {
        let place = SourcePosition(file: "a\u{1b}[2J.yaml", line: 1, column: 1)
        let mistake = Mistake("b\nc\u{202e}d", at: place, suggestion: "\u{7}")
        #expect(mistake.description == "a·[2J.yaml:1:1: b c·d; did you mean '·'?")
    }

    @Test func `a mistake about a whole file names no line`() {
        #expect(Mistake("is missing", at: SourcePosition(file: "f", line: 0, column: 0)).description == "f: is missing")
    }

    @Test func `an error lists its mistakes by place, each once`() {
        let late = Mistake("late", at: place)
        let early = Mistake("early", at: SourcePosition(file: "inventory/fleet.yaml", line: 2, column: 9))
        #expect(
            InventoryError([late, early, late]).description
                == "inventory/fleet.yaml:2:9: early\ninventory/fleet.yaml:12:5: late")
    }
}
