// SPDX-License-Identifier: MIT
import Macha
import Testing

struct NumberedChoiceTests {
    private let names = ["atlas", "nas", "3d-printer", "web"]

    @Test(arguments: [
        ("1", [0]), ("4 1", [0, 3]), ("2-3", [1, 2]), ("2-3,3 , 2", [1, 2]), ("all", [0, 1, 2, 3]), ("", []),
        ("nas 3d-printer", [1, 2]), ("ALL 1", [0, 1, 2, 3]), ("  ", []),
    ])
    func `numbers, ranges, names and all pick from the list`(answer: String, positions: [Int]) throws {
        #expect(try NumberedChoice.positions(answer, in: names) == positions)
    }

    @Test(arguments: ["0", "5", "2-5", "3-2", "1-2-3", "-1", "2-", "backup", "1 backup", "99999999999999999999"])
    func `a word that is not in the list takes nothing`(answer: String) {
        #expect(throws: ControllerError.self) { try NumberedChoice.positions(answer, in: names) }
    }
}
