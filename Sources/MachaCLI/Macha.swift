// SPDX-License-Identifier: MIT
import ArgumentParser
import Foundation
import MachaCore

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
            CheckCommand.self,
            StatusCommand.self,
            HostsCommand.self,
            ExecCommand.self,
            RunCommand.self,
            PlaybooksCommand.self,
            PolicyCommand.self,
            ApproveCommand.self,
            PauseCommand.self,
            ResumeCommand.self,
            AuditCommand.self,
            LogsCommand.self,
            QueueCommand.self,
            ModelsCommand.self,
            PromptCommand.self,
            SnapshotCommand.self,
            ProbesCommand.self,
            DigestCommand.self,
        ])
}

extension MachaCommand {
    /// What to say when the first word is no command. The parser would count the words and say nothing of their meaning.
    static func complaint(about words: [String]) -> String? {
        let commands = configuration.subcommands.compactMap { $0.configuration.commandName }
        guard let first = words.first, !first.hasPrefix("-"), !(commands + ["help"]).contains(first) else { return nil }
        let guess =
            first.nearest(in: commands).map { "did you mean '\($0)'?" }
            ?? "the commands are \(commands.joined(separator: ", "))"
        return "there is no command '\(first.printable(limit: 40))'; \(guess)"
    }
}

@main
enum Entry {
    static func main() async {
        ProcessLimits.prepare()
        let words = CommandWords.normalized(CommandLine.arguments)
        if let complaint = MachaCommand.complaint(about: words) {
            try? Output(format: .text).note(Cell("error:", .critical), Cell(complaint))
            Foundation.exit(Failure.Code.usage.rawValue)
        }
        await MachaCommand.main(words)
    }
}
