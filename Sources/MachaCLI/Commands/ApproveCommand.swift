// SPDX-License-Identifier: MIT
import MachaViews
import ArgumentParser
import Foundation
import Macha

/// What waits for a person.
struct ApproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Go through what is waiting for approval; approve or reject it.",
        discussion: """
            Alone, it shows one action after the other and asks. 'macha approve 3' is short for 'macha approve approve 3', \
            and 'macha reject 3' for 'macha approve reject 3'.
            """,
        subcommands: [
            ApproveReviewCommand.self, ApproveListCommand.self, ApproveShowCommand.self, ApproveDiscussCommand.self,
            ApproveApproveCommand.self, ApproveRejectCommand.self,
        ], defaultSubcommand: ApproveReviewCommand.self)
}

/// One by one.
struct ApproveReviewCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "review", abstract: "Go through what is waiting, one by one; without a terminal, list it.")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var repair: RepairOptions

    @Flag(help: "List instead, with approvals that are decided, expired or no longer needed.")
    var all = false

    func execute() async throws {
        let isAsked = Confirmation.isPossible && Terminal.standardOutput.isInteractive
        guard isAsked, !all, !options.json else {
            let count = try options.listApprovals(all: all)
            guard count > 0, !options.json, !all else { return }
            return try output.note(
                Cell("note:", .dim),
                Cell(
                    "in a terminal, 'macha approve' asks one by one; here: macha approve show ID, macha approve ID",
                    .dim))
        }
        let (options, playbooks) = (options, repair.library.playbooks)
        try await ApprovalReview(
            output: output, controller: { options.controller(playbooks: playbooks, keepsConnections: false) },
            settle: repair.settle
        ).run()
    }
}

extension GlobalOptions {
    /// Returns how many there are.
    fileprivate func listApprovals(all: Bool) throws -> Int {
        let now = Date()
        let controller = controller
        let listed = try controller.approvals(all: all).map {
            ApprovalView($0, in: controller.environment.stateFolder, at: now)
        }
        try output.show(listed) { ApprovalPage.list($0, now: now) }
        return listed.count
    }
}

/// The queue.
struct ApproveListCommand: FleetCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List what is waiting for approval.")

    @OptionGroup var options: GlobalOptions

    @Flag(help: "Include approvals that are decided, expired or no longer needed.")
    var all = false

    func execute() async throws { _ = try options.listApprovals(all: all) }
}

/// Everything one has to know to answer.
struct ApproveShowCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show the evidence, commands, risk, verification and rollback.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The approval's id.")
    var id: Int

    func execute() async throws {
        let controller = options.controller
        let (approval, run) = try controller.approval(id)
        let now = Date()
        try output.show(ApprovalView(approval, run, in: controller.environment.stateFolder, at: now)) {
            ApprovalPage.show($0, now: now)
        }
    }
}

/// Everything one can know before answering.
struct ApproveDiscussCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "discuss",
        abstract:
            "Show all that is recorded about it: the problem's history, the plan, what a model says, what was done before."
    )

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The approval's id.")
    var id: Int

    func execute() async throws {
        let controller = options.controller
        let now = Date()
        let dossier = ApprovalDossier(try controller.approvalFile(id), in: controller.environment.stateFolder, at: now)
        try output.show(dossier) { ApprovalReviewPage.dossier($0, now: now) }
    }
}

/// Yes: it runs now.
struct ApproveApproveCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Approve it, run it now and show the result.")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var repair: RepairOptions

    @Argument(help: "The approval's id.")
    var id: Int

    @Option(
        help: ArgumentHelp("Only if its content hash still starts with this, as printed by 'show'.", valueName: "hash"))
    var content: String?

    @Flag(help: "Return at once; the next check runs it.")
    var noWait = false

    func execute() async throws {
        let controller = options.controller(playbooks: repair.library.playbooks, keepsConnections: false)
        let grant = try await controller.grant(id, content: content, settle: repair.settle)
        if !grant.recovered.isEmpty { try output.show(RepairPage.recovered(grant.recovered)) }
        if noWait {
            let view = ApprovalView(grant.approval, in: controller.environment.stateFolder, at: Date())
            return try output.show(view) { _ in
                Page([.text([Cell("approved; the next 'macha check' (or the daemon) runs it")], indent: 0)])
            }
        }
        let report = try await output.progress("running on \(grant.hostName)").during { _ in
            try await grant.carryOut()
        }
        try output.show(report) { RunPage.report($0) }
        if !report.isGood { throw ExitCode(Failure.Code.hosts.rawValue) }
    }
}

/// No.
struct ApproveRejectCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "reject", abstract: "Reject it; the same evidence requests no approval for a week.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The approval's id.")
    var id: Int

    @Option(name: .shortAndLong, help: "Reason, for the record.")
    var reason = ""

    func execute() async throws {
        let controller = options.controller
        let approval = try controller.reject(id, reason: reason)
        try output.show(ApprovalView(approval, in: controller.environment.stateFolder, at: Date())) { _ in
            Page([.text([Cell("rejected; nothing was done")], indent: 0)])
        }
    }
}
