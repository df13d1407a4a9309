// SPDX-License-Identifier: MIT
import ArgumentParser
import Foundation
import Macha
import MachaCore
import MachaStore

/// What waits for a person.
struct ApproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "List what is waiting for your approval, and approve or reject it.",
        discussion:
            "'macha approve 3' is short for 'macha approve approve 3', and 'macha reject 3' for 'macha approve reject 3'.",
        subcommands: [
            ApproveListCommand.self, ApproveShowCommand.self, ApproveApproveCommand.self, ApproveRejectCommand.self,
        ], defaultSubcommand: ApproveListCommand.self)
}

/// The queue.
struct ApproveListCommand: FleetCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List what is waiting for approval.")

    @OptionGroup var options: GlobalOptions

    @Flag(help: "Also what was decided, has expired, or is no longer needed.")
    var all = false

    func execute() async throws {
        let now = Date()
        let store = try options.openStore()
        let approvals = try await withStore { try store.approvals(open: !all, at: now) }
        let listed = approvals.map { ApprovalView($0, in: options.statePath, at: now) }
        try options.output.show(listed) { ApprovalPage.list($0, now: now) }
        try await options.warnOfEditedApprovals(store)
    }
}

/// Everything one has to know to answer.
struct ApproveShowCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show what was seen, what would run, its risk, its proof and its way back.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The approval's id.")
    var id: Int

    func execute() async throws {
        let store = try options.openStore()
        let (approval, run) = try await withStore { (try store.approval(id), try store.run(ofApproval: id)) }
        guard let approval else { throw ApprovalRefusal.unknown(id) }
        let now = Date()
        try options.output.show(ApprovalView(approval, run, in: options.statePath, at: now)) {
            ApprovalPage.show($0, now: now)
        }
    }
}

/// Yes: it runs now.
struct ApproveApproveCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Approve it, run it now and show what came of it.")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var repair: RepairOptions

    @Argument(help: "The approval's id.")
    var id: Int

    @Option(help: ArgumentHelp("Only if its content still begins with this, as 'show' printed it.", valueName: "hash"))
    var content: String?

    @Flag(help: "Return at once; the next check runs it.")
    var noWait = false

    func execute() async throws {
        let inventory = try options.loadInventory()
        let store = try options.openStore()
        let executor = repair.executor(options, inventory, store)
        guard let seen = try await withStore({ try store.approval(id) }) else { throw ApprovalRefusal.unknown(id) }
        let notes = try await withStore {
            try await Recovery(executor, inventory).run(on: [seen.proposal.host])
        }
        if !notes.isEmpty { try options.output.show(RepairPage.recovered(notes)) }
        if let content, content.count < 8 || !seen.content.description.hasPrefix(content) {
            throw Failure(
                .hosts, "approval \(id) has changed since it was shown; check it again: macha approve show \(id)")
        }
        guard let host = inventory[seen.proposal.host] else {
            throw Failure(.hosts, "the inventory has no host '\(seen.proposal.host)' any more; nothing was done")
        }
        if let pause = try await withStore({ try store.pauseState().entry(for: host.name) }) {
            throw ApprovalRefusal.paused(id, host.name, pause)
        }
        let approval = try await grant(seen, in: store)
        if noWait {
            try options.export(store)
            try options.output.show(ApprovalView(approval, in: options.statePath, at: Date())) { _ in
                Page([.text([Cell("approved; the next 'macha check' (or the daemon) runs it")], indent: 0)])
            }
            return
        }
        let report = try await options.output.progress("running on \(host.name)").during { _ in
            try await withStore { try await executor.carryOut(.approval(approval), on: host) }
        }
        try options.export(store)
        try options.output.show(report) { RunPage.report($0) }
        if !report.isGood { throw ExitCode(Failure.Code.hosts.rawValue) }
    }
}

extension ApproveApproveCommand {
    /// The approval as granted: now, or earlier and not begun since, so that saying yes once more begins it.
    private func grant(_ seen: Approval, in store: Store) async throws -> Approval {
        if seen.state(at: Date()) == .granted { return seen }
        let granted = try await withStore {
            try store.grant(id, content: seen.content, by: Person.name(), at: Date())
        }
        return try ApprovalRefusal.unwrap(granted, id)
    }
}

/// No.
struct ApproveRejectCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "reject", abstract: "Say no; the same evidence is not asked about again for a week.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The approval's id.")
    var id: Int

    @Option(name: .shortAndLong, help: "Why, for the record.")
    var reason = ""

    func execute() async throws {
        let store = try options.openStore()
        let rejected = try await withStore { try store.reject(id, by: Person.name(), because: reason, at: Date()) }
        let approval = try ApprovalRefusal.unwrap(rejected, id)
        try options.export(store)
        try options.output.show(ApprovalView(approval, in: options.statePath, at: Date())) { _ in
            Page([.text([Cell("rejected; nothing was done")], indent: 0)])
        }
    }
}

/// Why an answer is not taken.
enum ApprovalRefusal {
    static func unknown(_ id: Int) -> Failure {
        Failure(.usage, "there is no approval \(id); see: macha approve list --all")
    }

    /// An answer given now would be used up or forgotten by the time it may run.
    static func paused(_ id: Int, _ host: String, _ pause: PauseState.Entry) -> Failure {
        let why = pause.reason.isEmpty ? "" : " (\(pause.reason))"
        return Failure(
            .hosts,
            "\(host) is paused by \(pause.by)\(why), so approval \(id) stays as it is and nothing was sent; "
                + "run 'macha resume', then approve it")
    }

    static func unwrap(_ result: Result<Approval, ApprovalError>?, _ id: Int) throws -> Approval {
        switch result {
        case .success(let approval)?: return approval
        case .failure(let error)?: throw Failure(.hosts, error.description)
        case nil: throw unknown(id)
        }
    }
}
