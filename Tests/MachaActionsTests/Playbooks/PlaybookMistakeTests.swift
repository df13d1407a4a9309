// SPDX-License-Identifier: MIT
import MachaActions
import MachaInventory
import Testing

@Suite struct PlaybookMistakeTests {
    private func mistakes(_ text: String) -> [String] {
        do throws(PlaybookError) {
            _ = try PlaybookLibrary.parse(folders: [[("demo.yaml", text)]])
            return []
        } catch {
            return error.mistakes.map(\.description)
        }
    }

    @Test func `ten mistakes are ten, each in its place`() {
        let text = """
            id: Demo Playbook
            title: Restart ${unti}
            description: ""
            when:
              finding: unit-faild
              severity: criticl
              seen-for: soon
            parameters:
              unit: { type: unti }
            risk: none
            stepz: []
            steps:
              - action: restart-unt
                unit: demo.service
              - action: vacuum-journal
                size: 1 gigabyte
            """
        #expect(
            mistakes(text) == [
                "demo.yaml:1:5: 'id': 'Demo Playbook' is not a valid id; use lower-case letters, digits and dashes, starting with a letter",
                "demo.yaml:2:8: there is no parameter 'unti'",
                "demo.yaml:3:14: 'description': a text for a person has 1 to 16000 bytes, not 0",
                "demo.yaml:5:12: there is no finding 'unit-faild'; did you mean 'unit-failed'?",
                "demo.yaml:6:13: 'severity': 'criticl' is not one of info, warning, critical; did you mean 'critical'?",
                "demo.yaml:7:13: 'seen-for': 'soon' is not a time span; write a number and s, m, h or d, such as 30d",
                "demo.yaml:9:17: 'type': 'unti' is not one of unit, size, span, generation, generations, flake, host-name, "
                    + "path, percent, word, text; did you mean 'unit'?",
                "demo.yaml:10:7: 'risk': 'none' is not one of low, medium, high",
                "demo.yaml:11:1: unknown key 'stepz' in a playbook; did you mean 'steps'?",
                "demo.yaml:13:13: there is no action 'restart-unt'; did you mean 'restart-unit'?",
                "demo.yaml:16:11: 'size' of 'vacuum-journal': '1 gigabyte' is not a size; write a number and K, M, G or T, from "
                    + "1M to 1T",
            ])
    }

    private static let head = "id: demo\ntitle: t\ndescription: d\n"

    @Test(arguments: [
        ("", "the file is empty"), ("- a\n", "a playbook must be a mapping"),
        ("id: demo\n", "a playbook needs 'title'"),
        (head + "steps: []\n", "'steps' is empty"), (head + "steps: go\n", "'steps' must be a list"),
        (head + "steps:\n  - restart-unit\n", "must be a mapping with 'action'"),
        (head + "steps:\n  - unit: a\n", "needs 'action'"),
        (head + "steps:\n  - action: reboot\n    when: now\n", "unknown parameter of 'reboot'"),
        (head + "steps:\n  - action: command\n    argv: rm -rf /\n", "a command is never a shell line"),
        (head + "steps:\n  - action: command\n    argv: [a]\n    risk: low\n", "unless 'because' says why"),
        (head + "steps:\n  - action: restart-unit\n    unit: ${x}\n", "there is no parameter 'x'"),
        (head + "steps:\n  - action: notify\n    message: 5 $ left\n", "starts no placeholder"),
        (head + "steps:\n  - action: notify\n    message: ${unit\n", "is missing its '}'"),
        (head + "parameters:\n  x: { type: word }\nsteps:\n  - action: reboot\n", "'x' is not used"),
        (
            head + "parameters:\n  x: { type: word, default: -rf }\nsteps:\n  - action: reboot\n",
            "may contain only letters"
        ),
        (
            head + "parameters:\n  x: { type: word, capture: a* }\nsteps:\n  - action: reboot\n",
            "'capture' needs 'from'"
        ),
        (head + "parameters:\n  x: { type: word, from: finding }\nsteps:\n  - action: reboot\n", "is not one of"),
        (head + "when: unit-failed\nunless: disk\nsteps:\n  - action: reboot\n", "there is no finding 'disk'"),
        (head + "instead-of: other\nsteps:\n  - action: reboot\n", "which is not another playbook"),
        (head + "limits: { per-hour: 0 }\nsteps:\n  - action: reboot\n", "is not a valid limit"),
        (head + "hours: night\nsteps:\n  - action: reboot\n", "neither 'quiet' nor 'any'"),
        (head + "verify:\n  - check: unit-activ\nsteps:\n  - action: reboot\n", "there is no check"),
        (
            head + "when: { finding: unit-failed, subject: \"[a\" }\nsteps:\n  - action: reboot\n",
            "is not a valid pattern"
        ),
        (
            head + "parameters:\n  x: { type: size }\nsteps:\n  - action: restart-unit\n    unit: a/${x}\n",
            "is not a unit name"
        ),
        (head + "id: again\nsteps:\n  - action: reboot\n", "key 'id' is given twice"),
    ])
    func `each mistake in a playbook has its own message`(text: String, expected: String) {
        #expect(mistakes(text).contains { $0.contains(expected) }, "\(mistakes(text))")
    }

    @Test func `two playbooks of one id in a folder are a mistake, an owner's one replaces a shipped one`() throws {
        let text = Self.head + "steps:\n  - action: reboot\n"
        let own = Self.head + "steps:\n  - action: clean-tmp\n"
        #expect(throws: PlaybookError.self) { try PlaybookLibrary.parse(folders: [[("a", text), ("b", own)]]) }
        let library = try PlaybookLibrary.parse(folders: [[("a", text)], [("b", own)]])
        #expect(library["demo"]?.steps.map(\.kind) == [.cleanTemporaryFiles])
    }

    private static let good = "title: Do\ndescription: d\nsteps: [{ action: notify, message: hello }]\n"

    /// What the owner's file is, and the playbooks of three shipped ones that are left beside it.
    @Test(
        arguments: [
            ("id: own\n\(good)", ["first", "own", "second", "third"], [[]]),
            ("id: own\n\(good)colour: red\n", ["first", "second", "third"], [["own"]]),
            // It was to replace a shipped one, or to stand in for it: that one does not run as it was before either.
            ("id: second\n\(good)colour: red\n", ["first", "third"], [["second"]]),
            ("id: own\ninstead-of: [third]\n\(good)colour: red\n", ["first", "second"], [["own", "third"]]),
            ("id: own\ninsted-of: [third]\n\(good)", ["first", "second"], [["own", "third"]]),
            ("id: own\ninstead-of: [thrd]\n\(good)", ["first", "second"], [["own", "third"]]),
            ("{ id: second, title: x", ["first", "third"], [["second"]]),
            // Nobody can tell what it replaces.
            ("title: x\n", [], nil), ("", [], nil), ("\u{0}", [], nil),
        ] as [(String, [String], [[String]]?)])
    func `a bad file takes away its own playbook and what it changes, and no neighbour`(
        text: String, left: [String], withheld: [[String]]?
    ) {
        let shipped = ["first", "second", "third"].map { (file: "\($0).yaml", text: "id: \($0)\n\(Self.good)") }
        let partial = PartialLibrary(folders: [shipped, [(file: "own.yaml", text: text)]], unread: [])
        #expect(partial.library.playbooks.map(\.id) == left)
        let expected = withheld.map { $0.filter { !$0.isEmpty } }
        #expect(partial.losses.map(\.withheld) == (expected.map { $0.map(Optional.some) } ?? [nil]))
        #expect(partial.losses.allSatisfy { $0.mistakes.allSatisfy { $0.position.file == "own.yaml" } })
    }
}
