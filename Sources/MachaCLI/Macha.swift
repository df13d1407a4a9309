// SPDX-License-Identifier: MIT
import ArgumentParser

/// `macha`: one command a file, all of them thin.
struct MachaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "macha",
        abstract: "Watches over a fleet of NixOS machines.",
        discussion: """
            Global options may stand before or after the command. Hosts are named by selectors: nas, web-*, @group, \
            tag:x, all, !x, and lists of these with commas.
            """,
        version: Version.text,
        subcommands: [
            CheckCommand.self, StatusCommand.self, HostsCommand.self, ExecCommand.self, SnapshotCommand.self,
        ])
}

@main
enum Entry {
    static func main() async {
        ProcessLimits.prepare()
        let words = CommandWords.normalized(CommandLine.arguments)
        await MachaCommand.main(words)
    }
}
