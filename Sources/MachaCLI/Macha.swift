// SPDX-License-Identifier: MIT
import MachaViews
import ArgumentParser
import Foundation
import MachaModel

/// `macha`: one command a file, all of them thin.
struct MachaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "macha",
        abstract: "Monitor and repair a fleet of NixOS machines.",
        discussion: """
            Global options can come before or after the command. Hosts are chosen by selectors: nas, web-*, @group, \
            tag:x, all, !x, or a comma-separated list of these.
            """,
        version: Version.text,
        subcommands: [
            InitCommand.self,
            CheckCommand.self,
            StatusCommand.self,
            ReportCommand.self,
            ServeCommand.self,
            ConfigCommand.self,
            DoctorCommand.self,
            HostsCommand.self,
            ExecCommand.self,
            RunCommand.self,
            PlaybooksCommand.self,
            PolicyCommand.self,
            ApproveCommand.self,
            IssuesCommand.self,
            AckCommand.self,
            SilenceCommand.self,
            MaintenanceCommand.self,
            PauseCommand.self,
            ResumeCommand.self,
            AuditCommand.self,
            BackupCommand.self,
            RestoreCommand.self,
            ForgetCommand.self,
            LogsCommand.self,
            NotifyCommand.self,
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
        if words.first == "help" { return topic(Array(words.dropFirst())) }
        guard let first = words.first, !first.hasPrefix("-"), !(commands + ["help"]).contains(first) else { return nil }
        let guess =
            first.nearest(in: commands).map { "did you mean '\($0)'?" }
            ?? "the commands are \(commands.joined(separator: ", "))"
        return "there is no command '\(first.printable(limit: 40))'; \(guess)"
    }

    /// What to say when `help` is asked about what does not exist: the parser would show another page, and call that well.
    private static func topic(_ words: [String]) -> String? {
        var command: any ParsableCommand.Type = MachaCommand.self
        for word in words where !word.hasPrefix("-") {
            let known = command.configuration.subcommands
            guard let next = known.first(where: { $0.configuration.commandName == word }) else {
                let names = known.compactMap { $0.configuration.commandName }
                let guess =
                    word.nearest(in: names).map { "did you mean '\($0)'?" }
                    ?? (names.isEmpty ? "it has no subcommands" : "there are \(names.joined(separator: ", "))")
                return "there is no help for '\(word.printable(limit: 40))'; \(guess)"
            }
            command = next
        }
        return nil
    }
}

@main
enum Entry {
    static func main() async {
        ProcessLimits.prepare()
        let words = CommandLineParsing.normalized(
            CommandLine.arguments, isTerminal: Terminal.standardOutput.isInteractive)
        if let sentence = FirstMacha.instead(of: words) {
            try? Output(format: .text).note(Cell("error:", .critical), Cell(sentence))
            Foundation.exit(Failure.Code.replaced.rawValue)
        }
        if let complaint = MachaCommand.complaint(about: words) {
            try? Output(format: .text).note(Cell("error:", .critical), Cell(complaint))
            Foundation.exit(Failure.Code.usage.rawValue)
        }
        do {
            var command = try MachaCommand.parseAsRoot(words)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            leave(error, words)
        }
    }

    /// Ends the program as the parser would, with mistakes in our own form and with what it cannot know of selectors.
    private static func leave(_ error: any Error, _ words: [String]) -> Never {
        guard MachaCommand.exitCode(for: error) == .validationFailure else { MachaCommand.exit(withError: error) }
        var text = MachaCommand.fullMessage(for: error)
        if text.hasPrefix("Error: ") { text = "error: " + text.dropFirst("Error: ".count) }
        if words.first == "exec", text.lowercased().contains("unexpected argument") {
            text += "\nSeparate hosts with commas, such as: macha exec nas,wiki -- uptime"
        }
        // A command that ended with this status has said why already.
        if !text.isEmpty { try? Output(format: .text).note(document: text + "\n") }
        Foundation.exit(Failure.Code.usage.rawValue)
    }
}
