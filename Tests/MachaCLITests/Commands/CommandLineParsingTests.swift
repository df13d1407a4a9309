// SPDX-License-Identifier: MIT
import Testing

@testable import MachaCLI

@Suite struct CommandLineParsingTests {
    @Test(arguments: [
        (["macha", "check"], ["check"]),
        (["macha", "--json", "check", "nas"], ["check", "nas", "--json"]),
        (["macha", "--inventory", "f", "hosts", "list"], ["hosts", "list", "--inventory", "f"]),
        (["macha", "--inventory=f", "--state-dir", "s", "check"], ["check", "--inventory=f", "--state-dir", "s"]),
        // What stands behind the two dashes belongs to the remote program.
        (["macha", "--json", "exec", "nas", "--", "ls", "--json"], ["exec", "nas", "--json", "--", "ls", "--json"]),
        (["macha", "--help"], ["--help"]),
        (["macha", "--inventory"], ["--inventory"]),
        (["macha"], []),
        (["/usr/bin/macha-check", "nas"], ["check", "nas"]),
        (["macha-systems", "test"], ["hosts", "test"]),
        (["macha-approve", "approve", "0"], ["approve", "approve", "0"]),
        (["macha", "approve", "3"], ["approve", "approve", "3"]),
        (["macha", "--json", "approve", "3", "--no-wait"], ["approve", "approve", "3", "--no-wait", "--json"]),
        (["macha-approve", "3"], ["approve", "approve", "3"]),
        (["macha", "reject", "3", "-r", "no"], ["approve", "reject", "3", "-r", "no"]),
        (["macha", "approve", "list"], ["approve", "list"]), (["macha", "approve"], ["approve"]),
        (["/usr/bin/macha-logs", "actions", "-f"], ["logs", "actions", "-f"]),
    ]) func `global options go behind the command, and other names are commands`(words: [String], expected: [String]) {
        #expect(CommandLineParsing.normalized(words, isTerminal: false) == expected)
    }

    @Test(arguments: [
        (["macha-notify", "Title", "Text", "8"], ["notify", "Title", "Text", "8"]),
        (["macha-issues", "list", "--all"], ["issues", "list", "--all"]),
        (["/bin/macha-ask", "why"], ["ask", "why"]), (["macha-configs-read", "a.nix"], ["configs-read", "a.nix"]),
        // A file of any other name is the program itself.
        (["macha-18-release", "check"], ["check"]), (["macha-nonsense", "check"], ["check"]),
    ]) func `the first Macha's programs are this one by another name`(words: [String], expected: [String]) {
        #expect(CommandLineParsing.normalized(words, isTerminal: false) == expected)
    }

    @Test(arguments: [
        (["macha-logs", "service"], true, ["logs", "service", "--follow"]),
        (["macha-logs", "service"], false, ["logs", "service"]),
        (["macha-logs", "actions", "--json"], true, ["logs", "actions", "--json"]),
        (["macha", "logs", "actions"], true, ["logs", "actions"]),
    ]) func `macha-logs follows where a person looks`(words: [String], isTerminal: Bool, expected: [String]) {
        #expect(CommandLineParsing.normalized(words, isTerminal: isTerminal) == expected)
    }

    @Test(arguments: ["ai", "ask", "chat", "configs", "configs-read", "knowledge"])
    func `a command that is gone is answered with what to type instead`(name: String) throws {
        let sentence = try #require(
            FirstMacha.instead(of: CommandLineParsing.normalized(["macha-\(name)", "x"], isTerminal: true)))
        #expect(sentence.contains("'") && !sentence.contains("\n"))
        #expect(FirstMacha.instead(of: ["check", name]) == nil)
    }
}
