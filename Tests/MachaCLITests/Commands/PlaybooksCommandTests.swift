// SPDX-License-Identifier: MIT
import ArgumentParser
import MachaActions
import MachaModel
import Testing

@testable import MachaCLI

@Suite struct PlaybooksCommandTests {
    @Test func `an action is read from words, and argv word by word`() throws {
        #expect(
            try ActionParsing.read(["restart-unit", "unit=nginx"]) == .restartUnit(try UnitName("nginx.service")))
        let command = try ActionParsing.read(["command", "argv=zpool", "argv=a=b; reboot"])
        #expect(command == .command(try OwnerCommand(["zpool", "a=b; reboot"])))
    }

    @Test(arguments: [
        [], ["restart-unt", "unit=a"], ["restart-unit"], ["restart-unit", "nginx"],
        ["restart-unit", "unit=a", "unit=b"],
        ["restart-unit", "unit=a;b"], ["restart-unit", "unit=a", "now=yes"],
    ])
    func `words that are no action are a usage error`(words: [String]) {
        #expect { try ActionParsing.read(words) } throws: { ($0 as? Failure)?.code == .usage }
    }
}
