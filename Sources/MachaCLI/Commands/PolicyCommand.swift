// SPDX-License-Identifier: MIT
import MachaViews
import ArgumentParser
import Foundation
import Macha
import MachaActions
import MachaModel

/// What may happen without asking.
struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "Explain what may run without approval, and why.",
        subcommands: [PolicyExplainCommand.self], defaultSubcommand: PolicyExplainCommand.self)
}

/// The decision about one action on hosts, and the rule that makes it.
struct PolicyExplainCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Explain whether an action would run now, need approval or be refused, and by which rule.",
        discussion: """
            macha policy explain web restart-unit unit=nginx.service
            macha policy explain all collect-garbage keep-generations=5
            macha policy explain nas command argv=zpool argv=status

            Pauses, cooldowns, earlier attempts, rates, quiet hours and other changes in progress count as they do for a repair.

            The actions: \(Action.Kind.allCases.map(\.rawValue).joined(separator: ", ")).
            """)

    @OptionGroup var options: GlobalOptions

    @Argument(help: "Hosts, by selector.")
    var selector: String

    @Argument(help: "The action and its parameters as name=value.")
    var action: [String]

    @Flag(help: "Decide as if a person requested it, not Macha itself.")
    var person = false

    @Option(help: ArgumentHelp("Decide by this playbook's own risk, cooldown and limits.", valueName: "id"))
    var playbook: String?

    @OptionGroup var library: PlaybookOptions

    func execute() async throws {
        let action = try ActionParsing.read(action)
        let controller = options.controller(playbooks: library.playbooks, keepsConnections: false)
        let decisions = try await controller.explain(
            action, on: controller.hosts(selector), asPerson: person, playbook: playbook)
        try output.show(decisions) { PolicyPage.explain($0, now: Date()) }
    }
}

/// An action as it is written on the command line.
enum ActionParsing {
    /// Reads `restart-unit unit=nginx.service`; a name given twice, as `argv` is, makes a list.
    static func read(_ words: [String]) throws -> Action {
        guard let name = words.first else { throw Failure(.usage, "name an action, such as restart-unit") }
        guard let kind = Action.Kind(rawValue: name) else {
            let known = Action.Kind.allCases.map(\.rawValue)
            let hint =
                name.nearest(in: known).map { "did you mean '\($0)'?" } ?? "known: \(known.joined(separator: ", "))"
            throw Failure(.usage, "there is no action \(name.quoted); \(hint)")
        }
        var parameters: [String: ActionValue] = [:]
        for word in words.dropFirst() {
            guard let equals = word.firstIndex(of: "=") else {
                throw Failure(.usage, "\(word.quoted) is not a parameter; write name=value, such as unit=nginx.service")
            }
            let key = String(word[..<equals])
            let value = String(word[word.index(after: equals)...])
            switch parameters[key] {
            case nil: parameters[key] = key == "argv" ? .words([value]) : .text(value)
            case .words(let words): parameters[key] = .words(words + [value])
            case .text: throw Failure(.usage, "\(key.quoted) is given twice")
            }
        }
        do throws(ParameterMistakes) {
            return try Action(kind, parameters)
        } catch {
            throw Failure(.usage, error.description)
        }
    }
}
