// SPDX-License-Identifier: MIT
import MachaViews
import ArgumentParser
import Foundation
import Macha
import MachaModel

/// One playbook on hosts of a person's choice.
struct RunCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run a playbook on hosts, after showing what it would do.",
        usage: "macha run PLAYBOOK --on SELECTOR [--set NAME=VALUE …] [--dry-run] [--yes]")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var repair: RepairOptions

    @Argument(help: "The playbook's id.")
    var playbook: String

    @Option(help: "Hosts, by selector.")
    var on: String

    @Option(help: ArgumentHelp("Value for a playbook parameter; can be repeated.", valueName: "name=value"))
    var set: [String] = []

    @Flag(help: "Show what would be done, and do nothing.")
    var dryRun = false

    @Flag(help: "Run it without asking.")
    var yes = false

    private struct Document: Encodable {
        var plans: [Rollout.Plan]
        var outcomes: [Rollout.Outcome]?
    }

    func execute() async throws {
        let controller = options.controller(playbooks: repair.library.playbooks, keepsConnections: false)
        let request = Controller.RunRequest(
            playbook: playbook, hosts: try controller.hosts(on), values: try values(), settle: repair.settle)
        let output = output
        let planned = try await output.progress("checking").during { progress in
            try await controller.plan(request) { progress.update($0) }
        }
        let plans = planned.plans
        if !planned.recovered.isEmpty { try output.show(RepairPage.recovered(planned.recovered)) }
        try output.show(RunPage.plans(plans))
        guard try mayBegin(plans) else { return }
        let outcomes = try await output.progress("running").during { progress in
            try await planned.carryOut { outcome in
                progress.erase()
                try? output.show(RunPage.outcome(outcome))
            }
        }
        if options.json { try output.show(Document(plans: plans, outcomes: outcomes)) { _ in Page() } }
        try output.show(RunPage.summary(outcomes))
        if outcomes.contains(where: { !$0.isGood }) { throw ExitCode(Failure.Code.hosts.rawValue) }
    }

    /// Whether `plans` are to be carried out. False after a dry run all of which could be; throws where nothing can be, or
    /// the person does not agree.
    private func mayBegin(_ plans: [Rollout.Plan]) throws -> Bool {
        let isRunnable = plans.contains(where: \.isRunnable)
        if options.json, dryRun || !isRunnable { try output.show(Document(plans: plans)) { _ in Page() } }
        if dryRun {
            if plans.contains(where: { !$0.isRunnable }) { throw ExitCode(Failure.Code.hosts.rawValue) }
            return false
        }
        guard isRunnable else { throw Failure(.hosts, "none of this may run; nothing was done") }
        guard try agrees() else { throw Failure(.hosts, "nothing was done") }
        return true
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

    private func agrees() throws -> Bool {
        if yes { return true }
        guard Confirmation.isPossible else {
            throw Failure(
                .usage, "confirmation needs a terminal: pass --yes to run it, or --dry-run to see what it would do")
        }
        return try Confirmation.ask("Run it?", options.output)
    }
}
