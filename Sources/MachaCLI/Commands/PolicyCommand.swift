// SPDX-License-Identifier: MIT
import ArgumentParser
import Foundation
import MachaCore
import MachaStore

/// What may happen without asking.
struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "Say what may be done without asking, and why.",
        subcommands: [PolicyExplainCommand.self], defaultSubcommand: PolicyExplainCommand.self)
}

/// The decision about one action on hosts, and the rule that makes it.
struct PolicyExplainCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Say whether an action would run, ask or be refused, and by which rule.",
        discussion: """
            macha policy explain web restart-unit unit=nginx.service
            macha policy explain all collect-garbage keep-generations=5
            macha policy explain nas command argv=zpool argv=status

            The actions: \(Action.Kind.allCases.map(\.rawValue).joined(separator: ", ")).
            """)

    @OptionGroup var options: GlobalOptions

    @Argument(help: "Which hosts.")
    var selector: String

    @Argument(help: "The action and its parameters as name=value.")
    var action: [String]

    @Flag(help: "Decide as if a person asked for it, not Macha itself.")
    var person = false

    struct Line: Encodable {
        var host: String
        var action: String
        var risk: Risk
        var reasons: [String]
        var outcome: Decision.Outcome
        var rule: PolicyRule
        var sentence: String
    }

    func execute() async throws {
        let action = try ActionWords.read(action)
        let inventory = try options.loadInventory()
        let requester = person ? Requester.person(NSUserName()) : .macha
        let store = try options.openStore()
        let now = Date()
        let lines = try options.hosts(selector, in: inventory).map { host in
            let risk = action.risk(in: RiskContext(host: host))
            let context = PolicyContext(
                now: now, host: host, standing: try standing(of: host, in: store), localMinute: Self.minute(of: now),
                groups: host.groups.compactMap { inventory.groups[$0] }.map { GroupStanding(group: $0) })
            let decision = Policy.decide(action, risk: risk.risk, requester: requester, in: context)
            return Line(
                host: host.name, action: "\(action)", risk: risk.risk, reasons: risk.reasons,
                outcome: decision.outcome, rule: decision.rule, sentence: decision.sentence)
        }
        try output.show(lines) { PolicyPage.explain($0) }
    }

    /// By the controller's own clock and time zone.
    private static func minute(of now: Date) -> Int? {
        let parts = Calendar.current.dateComponents([.hour, .minute], from: now)
        return if let hour = parts.hour, let minute = parts.minute { hour * 60 + minute } else { nil }
    }

    private func standing(of host: FleetHost, in store: Store) throws -> HostStanding {
        do throws(StoreError) {
            return HostStanding(last: try store.latest(hosts: [host.name]).first?.snapshot)
        } catch {
            throw Failure(.unavailable, "\(error)")
        }
    }
}

/// An action as it is written on the command line.
enum ActionWords {
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
                throw Failure(.usage, "\(word.quoted) is no parameter; write name=value, as in unit=nginx.service")
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
