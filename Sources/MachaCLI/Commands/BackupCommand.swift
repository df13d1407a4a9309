// SPDX-License-Identifier: MIT
import ArgumentParser
import Foundation
import Macha
import MachaStore
import MachaViews

/// A copy of everything that Macha knows.
struct BackupCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Back up the database while Macha runs, and verify the copy.",
        discussion: """
            The copy is one file. Without a name it goes to the folder 'backups' of the state directory. The exports, the \
            inventory and your playbooks are files already: back them up as you do others.
            """)

    @OptionGroup var options: GlobalOptions

    @Argument(help: "A file that does not exist, or a folder.")
    var destination: String?

    @Option(
        help: ArgumentHelp(
            "Keep this many backups in the folder; delete older ones once the new one is verified.", valueName: "count")
    )
    var keep: Int?

    func validate() throws {
        if let keep, !(1...10_000).contains(keep) { throw ValidationError("--keep must be from 1 to 10000") }
    }

    func execute() async throws {
        let outcome = try options.controller.backUp(to: destination, keep: keep)
        try options.output.show(outcome) { BackupPage.made($0) }
        if !outcome.backup.faults.isEmpty { throw ExitCode(Failure.Code.hosts.rawValue) }
    }
}

/// Back to an earlier state.
struct RestoreCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Replace the database with a backup.",
        discussion: """
            Stop macha serve first. The present database is put aside, never deleted. The exports know what happened after \
            the backup was made: until you have read 'macha audit verify' and said 'macha audit accept', no host is changed.
            """)

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The backup.")
    var file: String

    @Flag(help: "Only verify the backup.")
    var verifyOnly = false

    @Flag(help: "Do it without asking.")
    var yes = false

    func execute() async throws {
        let controller = options.controller
        if verifyOnly {
            let backup = try controller.inspectBackup(file)
            try options.output.show(backup) { BackupPage.verified($0) }
            if !backup.faults.isEmpty { throw ExitCode(Failure.Code.hosts.rawValue) }
            return
        }
        guard try agrees() else { throw Failure(.hosts, "nothing was done") }
        let outcome = try controller.restore(file)
        try options.output.show(outcome) { BackupPage.restored($0) }
        if !outcome.backup.faults.isEmpty { throw ExitCode(Failure.Code.hosts.rawValue) }
    }

    private func agrees() throws -> Bool {
        if yes { return true }
        guard Confirmation.isPossible else {
            throw Failure(
                .usage, "confirmation needs a terminal: pass --yes to restore, or --verify-only to look first")
        }
        let folder = options.controller.environment.stateFolder
        return try Confirmation.ask("Replace the database in \(folder)?", options.output)
    }
}

/// A host that is gone.
struct ForgetCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget", abstract: "Delete what was observed of a host that is no longer in the inventory.",
        discussion: "What was decided and done stays in the record, which says that the rest was forgotten.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The host's name, as the inventory had it.")
    var host: String

    @Option(name: .shortAndLong, help: "Why, for the record.")
    var reason = ""

    func execute() async throws {
        let rows = try options.controller.forget(host, reason: reason)
        try options.output.show(rows) { BackupPage.forgotten(host, $0) }
        if rows.isEmpty { throw ExitCode(Failure.Code.hosts.rawValue) }
    }
}
