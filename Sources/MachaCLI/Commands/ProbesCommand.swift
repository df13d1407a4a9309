// SPDX-License-Identifier: MIT
import MachaViews
import ArgumentParser
import MachaModel
import MachaProbes

/// What runs on the hosts, for their owner to read.
struct ProbesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probes", abstract: "Show the probes that run on every host.",
        subcommands: [ProbesListCommand.self, ProbesScriptCommand.self], defaultSubcommand: ProbesListCommand.self)
}

/// All questions.
struct ProbesListCommand: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the probes, in the order they run.")

    @Flag(help: "Print one JSON document instead of a table.")
    var json = false

    var output: Output { Output(format: json ? .json : .text) }

    func execute() async throws {
        try output.show(ProbeCatalog.all.map { ProbesPage.Line($0) }) { ProbesPage.list($0) }
    }
}

/// The script, exactly as it is sent.
struct ProbesScriptCommand: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "script", abstract: "Print the script that runs on every host.",
        discussion: "It is sent to the standard input of `sh -s`. With probes named, it contains only those.")

    @Argument(help: "Probes; all by default.")
    var names: [String] = []

    var output: Output { Output(format: .text) }

    func execute() async throws {
        let known = ProbeCatalog.all.map { $0.name }
        for name in names where !known.contains(name) {
            let guess = name.nearest(in: known).map { "did you mean \($0.quoted)?" } ?? "see macha probes list"
            throw Failure(.usage, "there is no probe \(name.quoted); \(guess)")
        }
        let probes = names.isEmpty ? ProbeCatalog.all : ProbeCatalog.all.filter { names.contains($0.name) }
        try output.show(document: ProbeScript.text(for: probes))
    }
}
