// SPDX-License-Identifier: MIT
import ArgumentParser
import Foundation
import Macha
import MachaAnalyst
import MachaCore

/// What models are asked.
struct PromptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prompt", abstract: "Show what a model would be sent about a host.",
        subcommands: [PromptShowCommand.self], defaultSubcommand: PromptShowCommand.self)
}

/// One host's prompt, word for word.
struct PromptShowCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show the prompt about a host, with the tokens of each section; ask no model.",
        discussion: """
            The host is asked for its journal; what is wrong with it is taken from its last check. The prompt is made for \
            the first model that answers, or for a context of --context tokens.
            """)

    @OptionGroup var options: GlobalOptions
    @OptionGroup var library: PlaybookOptions

    @Argument(help: "The host.")
    var host: String

    @Option(help: "Read this journal (journalctl -o export, -o json or text, also packed) instead of the host's own.")
    var journal: String?

    @Option(help: "Make it for a model with so many tokens of context, and ask no endpoint.")
    var context: Int?

    func validate() throws {
        if let context, !(1_024...10_000_000).contains(context) {
            throw ValidationError("--context must be from 1024 to 10000000")
        }
    }

    func execute() async throws {
        let inventory = try options.loadInventory()
        let hosts = try options.hosts(host, in: inventory)
        guard hosts.count == 1 else { throw Failure(.usage, "\(host.quoted) names \(hosts.count) hosts; name one") }
        let store = try options.openStore()
        let model = try await chosenModel()
        var intake: JournalIntake?
        if let journal {
            let reading = JournalIntake(memory: nil, now: Date())
            try DigestInput.each(of: journal) { reading.feed(Array($0)[...]) }
            intake = reading
        }
        let inquiry = options.inquiry(try library.loadWhatIsSound(options.output), inventory, store, options.reach())
        let preview: PromptPreview?
        do {
            preview = try await withStore { try await inquiry.preview(hosts[0], model, journal: intake) }
        } catch let error as ModelError {
            throw Failure(.unavailable, "\(error)")
        }
        guard let preview else {
            throw Failure(.usage, "\(hosts[0].name) was never asked; run: macha check \(hosts[0].name)")
        }
        try options.output.show(preview) { PromptPage.page($0) }
    }

    /// The first model that answers.
    private func chosenModel() async throws -> any LanguageModel {
        if let context { return AssumedModel(context: context) }
        var failures: [String] = []
        for model in try options.modelPool().models {
            do throws(ModelError) {
                _ = try await model.describe()
                return model
            } catch {
                failures.append("\(error)")
            }
        }
        throw Failure(.unavailable, failures + ["name a context with --context to ask no endpoint"])
    }
}
