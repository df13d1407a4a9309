// SPDX-License-Identifier: MIT
import ArgumentParser
import Foundation
import Macha
import MachaCore
import MachaFleet
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
        commandName: "explain",
        abstract: "Say whether an action would run now, ask or be refused, and by which rule.",
        discussion: """
            macha policy explain web restart-unit unit=nginx.service
            macha policy explain all collect-garbage keep-generations=5
            macha policy explain nas command argv=zpool argv=status

            Pauses, cooldowns, earlier attempts, rates, quiet hours and who else is being changed count as they do for a repair.

            The actions: \(Action.Kind.allCases.map(\.rawValue).joined(separator: ", ")).
            """)

    @OptionGroup var options: GlobalOptions

    @Argument(help: "Which hosts.")
    var selector: String

    @Argument(help: "The action and its parameters as name=value.")
    var action: [String]

    @Flag(help: "Decide as if a person asked for it, not Macha itself.")
    var person = false

    @Option(help: ArgumentHelp("Decide by this playbook's own risk, cooldown and limits.", valueName: "id"))
    var playbook: String?

    @OptionGroup var library: PlaybookOptions

    struct Line: Encodable {
        var host: String
        var action: String
        var risk: Risk
        var reasons: [String]
        var outcome: Decision.Outcome
        var rule: PolicyRule
        var sentence: String
        /// When the host was looked at last; `nil` for never.
        var seenAt: Date?
    }

    func execute() async throws {
        let action = try ActionWords.read(action)
        let inventory = try options.loadInventory()
        let requester = person ? Requester.person(Person.name()) : .macha
        let terms = try terms()
        let store = try options.openStore()
        let situation = Situation(inventory, store: store)
        let now = Date()
        let hosts = try options.hosts(selector, in: inventory)
        let reach = options.reach()
        let lines = try await withStore {
            var lines: [Line] = []
            for host in hosts {
                let last = try store.latest(hosts: [host.name]).first?.snapshot
                var context = try situation.context(for: host, last, at: now)
                // Whoever acts looks anew first. What that look will say of the host nobody knows; the last one is taken.
                context.standing = HostStanding(last: last)
                // As a repair does: what moves along is the host's to say, unless it is refused whatever that is.
                var risk = RiskContext(host: host)
                let isRefused = try decision(action, by: requester, terms, risk, context).1.outcome == .refuse
                if !action.movedUnits.isEmpty, !isRefused {
                    let session = HostSession(host) { host throws(ContactFailure) in try reach.transport(to: host) }
                    risk = RiskContext(host: host, companions: await session.companions(of: action.movedUnits))
                    await session.close()
                }
                let (proposal, decision) = try decision(action, by: requester, terms, risk, context)
                lines.append(
                    Line(
                        host: host.name, action: "\(action)", risk: proposal.risk, reasons: proposal.riskReasons,
                        outcome: decision.outcome, rule: decision.rule, sentence: decision.sentence,
                        seenAt: last?.takenAt))
            }
            return lines
        }
        await reach.close()
        try output.show(lines) { PolicyPage.explain($0, now: now) }
    }

    /// By the very rule that decides about repairs: about a proposal of this one action.
    private func decision(
        _ action: Action, by requester: Requester, _ terms: Proposal.Terms, _ risk: RiskContext,
        _ context: PolicyContext
    ) throws -> (Proposal, Decision) {
        do throws(PlanRefusal) {
            let proposal = try Proposal(
                host: context.host.name, playbook: playbook, title: "\(action)", actions: [action],
                requester: requester, terms: terms, in: risk)
            return (proposal, Policy.decide(proposal, in: context))
        } catch {
            throw Failure(.hosts, "\(context.host.name): \(error)")
        }
    }

    private func terms() throws -> Proposal.Terms {
        guard let playbook else { return Proposal.Terms() }
        let sound = try library.loadWhatIsSound(options.output)
        guard let found = sound[playbook] else { throw try library.unknown(playbook, in: sound) }
        return found.terms
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
