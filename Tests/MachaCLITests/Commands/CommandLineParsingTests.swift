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
        #expect(CommandLineParsing.normalized(words) == expected)
    }
}
