// SPDX-License-Identifier: MIT
import Foundation

/// The commands of the built program as it lists them itself (`--experimental-dump-help`).
struct CommandDump: Decodable {
    struct Command: Decodable {
        struct Argument: Decodable {
            struct Name: Decodable { var name: String }
            var kind: String
            var names: [Name]?
            var allValues: [String]?
        }
        var commandName: String
        var subcommands: [Command]?
        var arguments: [Argument]?
    }

    /// A command that does something, with the words that call it.
    struct Leaf {
        var words: [String]
        private var arguments: [Command.Argument]

        var name: String { words.joined(separator: " ") }

        init(_ words: [String], _ arguments: [Command.Argument]) {
            self.words = words
            self.arguments = arguments
        }

        func takes(_ option: String) -> Bool {
            arguments.contains { $0.names?.contains { $0.name == option } ?? false }
        }

        /// The values of the positional arguments that are a closed list.
        var places: [String] { arguments.filter { $0.kind == "positional" }.flatMap { $0.allValues ?? [] } }

        /// The words of every value of every option that is a closed list.
        var choices: [[String]] {
            arguments.filter { $0.kind == "option" }.flatMap { argument in
                guard let name = argument.names?.last?.name else { return [[String]]() }
                return (argument.allValues ?? []).map { ["--\(name)", $0] }
            }
        }
    }

    var command: Command

    var leaves: [Leaf] { Self.leaves(of: command, []) }

    private static func leaves(of command: Command, _ words: [String]) -> [Leaf] {
        let below = (command.subcommands ?? []).filter { $0.commandName != "help" }
        guard !below.isEmpty else { return [Leaf(words, command.arguments ?? [])] }
        return below.flatMap { leaves(of: $0, words + [$0.commandName]) }
    }
}
