// SPDX-License-Identifier: MIT
import ArgumentParser
import Foundation
import Macha
import MachaCore
import MachaFleet
import MachaStore

/// One playbook on hosts of a person's choice.
struct RunCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run a playbook on hosts, after showing what it would do.",
        usage: "macha run PLAYBOOK --on SELECTOR [--set NAME=VALUE …] [--dry-run] [--yes]")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var repair: RepairOptions

    @Argument(help: "The playbook's id.")
    var playbook: String

    @Option(help: "Which hosts.")
    var on: String

    @Option(help: ArgumentHelp("A value for a parameter of the playbook.", valueName: "name=value"))
    var set: [String] = []

    @Flag(help: "Only show what would be done.")
    var dryRun = false

    @Flag(help: "Do it without asking.")
    var yes = false

    private struct Document: Encodable {
        var plans: [PlaybookRun.Plan]
        var outcomes: [PlaybookRun.Outcome]?
    }

    func execute() async throws {
        let inventory = try options.loadInventory()
        let hosts = try options.hosts(on, in: inventory)
        let library = try repair.library.loadWhatIsSound(options.output)
        guard let playbook = library[playbook] else { throw try repair.library.unknown(playbook, in: library) }
        try options.warnOfOldLibrary(hosts)
        let store = try options.openStore()
        try await withStore { try store.list(hosts: inventory.hosts.map(\.name)) }
        let executor = repair.executor(options, inventory, store)
        try await withStore { try await settle(executor, inventory, hosts) }
        try await look(at: hosts)
        let work = PlaybookRun(executor, playbook, given: try values(), by: Person.name())
        let plans = try await withStore { try await work.plan(hosts) }
        let output = options.output
        try output.show(RunPage.plans(plans))
        guard !dryRun else {
            if options.json { try output.show(Document(plans: plans)) { _ in Page() } }
            if plans.contains(where: { !$0.isRunnable }) { throw ExitCode(Failure.Code.hosts.rawValue) }
            return
        }
        guard plans.contains(where: \.isRunnable) else {
            if options.json { try output.show(Document(plans: plans)) { _ in Page() } }
            throw Failure(.hosts, "nothing of this may be run; nothing was done")
        }
        guard try agrees() else { throw Failure(.hosts, "nothing was done") }
        let outcomes = try await output.progress("running").during { progress in
            try await withStore {
                try await work.carryOut(plans, on: hosts) { outcome in
                    progress.erase()
                    try? output.show(RunPage.outcome(outcome))
                }
            }
        }
        try options.export(store)
        if options.json { try output.show(Document(plans: plans, outcomes: outcomes)) { _ in Page() } }
        try output.show(RunPage.summary(outcomes))
        if outcomes.contains(where: { !$0.isGood }) { throw ExitCode(Failure.Code.hosts.rawValue) }
    }

    private func values() throws -> [String: String] {
        var values: [String: String] = [:]
        for text in set {
            guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
                throw Failure(.usage, "--set takes NAME=VALUE, not '\(text.printable(limit: 60))'")
            }
            values[String(text[..<equals])] = String(text[text.index(after: equals)...])
        }
        return values
    }

    /// Settles what an earlier controller left, and says so.
    private func settle(_ executor: Executor, _ inventory: Inventory, _ hosts: [FleetHost]) async throws {
        let notes = try await Recovery(executor, inventory).run(on: Set(hosts.map(\.name)))
        if !notes.isEmpty { try options.output.show(RepairPage.recovered(notes)) }
    }

    /// What is decided rests on how the hosts are now.
    private func look(at hosts: [FleetHost]) async throws {
        let cycle = try options.cycle(over: options.reach(), asking: nil, again: false)
        _ = try await options.output.progress("checking").during { progress in
            do throws(StoreError) {
                return try await cycle.run(hosts) {
                    progress.update(done: $0.done, of: $0.total, waiting: $0.waiting)
                }
            } catch {
                throw Failure(.unavailable, "\(error)")
            }
        }
    }

    private func agrees() throws -> Bool {
        if yes { return true }
        guard isatty(STDIN_FILENO) == 1 else {
            throw Failure(
                .usage, "confirmation needs a terminal: pass --yes to run it, or --dry-run to see what it would do")
        }
        try options.output.note(Cell("Do it? [y/N]"))
        return ["y", "yes"].contains((readLine() ?? "").lowercased())
    }
}
