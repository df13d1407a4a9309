// SPDX-License-Identifier: MIT
import MachaViews
import ArgumentParser
import Foundation
import Macha
import MachaAnalyst
import MachaInventory
import MachaModel

/// What models are asked.
struct PromptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prompt", abstract: "Show the prompt that a model would get about a host.",
        subcommands: [PromptShowCommand.self], defaultSubcommand: PromptShowCommand.self)
}

/// One host's prompt, word for word.
struct PromptShowCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show the prompt about a host and the tokens of each section, without asking a model.",
        discussion: """
            The journal is read from the host; the findings are those of its last check. The prompt is made for \
            the first model that responds, or for a context of --context tokens.
            """)

    @OptionGroup var options: GlobalOptions
    @OptionGroup var library: PlaybookOptions

    @Argument(help: "The host.")
    var host: String

    @Option(
        help: "Read this journal (journalctl -o export, -o json or text, also compressed) instead of the host's own.")
    var journal: String?

    @Option(help: "Make it for a context of this many tokens, without asking an endpoint.")
    var context: Int?

    func validate() throws {
        if let context, !(1_024...10_000_000).contains(context) {
            throw ValidationError("--context must be from 1024 to 10000000")
        }
    }

    func execute() async throws {
        let controller = options.controller(playbooks: library.playbooks, keepsConnections: false)
        let hosts = try controller.hosts(host)
        guard hosts.count == 1 else { throw Failure(.usage, "\(host.quoted) names \(hosts.count) hosts; name one") }
        let model: any LanguageModel =
            if let context { AssumedModel(context: context) } else { try await controller.firstAvailableModel() }
        var intake: JournalDigester?
        if let journal {
            let reading = JournalDigester(memory: nil, now: Date())
            try DigestInput.each(of: journal) { reading.feed(Array($0)[...]) }
            intake = reading
        }
        let preview = try await controller.prompt(about: hosts[0], for: model, journal: intake)
        try output.show(preview) { PromptPage.page($0) }
    }
}
