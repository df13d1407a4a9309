// SPDX-License-Identifier: MIT
import ArgumentParser
import Foundation
import Macha
import MachaCore
import MachaFleet
import MachaStore

/// What every command that may change hosts can be told.
struct RepairOptions: ParsableArguments {
    @OptionGroup var library: PlaybookOptions

    @Option(help: ArgumentHelp("Watch a change for so many seconds at most before it counts.", valueName: "seconds"))
    var settle: Int?

    func validate() throws {
        if let settle, !(0...3600).contains(settle) { throw ValidationError("--settle must be from 0 to 3600") }
    }

    /// The one that acts, for `inventory`, with the state of `options`.
    func executor(_ options: GlobalOptions, _ inventory: Inventory, _ store: Store) -> Executor {
        // Connections of its own: whether a host lets somebody in after a change, one that was open before cannot tell.
        let reach = options.reach()
        return Executor(
            store: store, situation: Situation(inventory, store: store), folder: options.statePath, settle: settle
        ) { (host) throws(ContactFailure) in try reach.transport(to: host) }
    }
}

extension GlobalOptions {
    /// Brings the files for `jq` up to date; what could not be written is a warning.
    func export(_ store: Store) throws {
        do throws(StoreError) {
            try Exports(folder: statePath).write(from: store, at: Date())
        } catch {
            try output.note(Cell("warning:", .warning), Cell("\(error)", limit: 1_000))
        }
        try keepHead(store)
    }

    /// Keeps the audit's head where the configuration says; what could not be written is a warning.
    func keepHead(_ store: Store) throws {
        let places = try loadConfiguration().auditHeadPlaces
        do throws(StoreError) {
            if let head = try store.auditHead() { try places.keep(head, at: Date()) }
        } catch {
            try output.note(Cell("warning:", .warning), Cell("\(error)", limit: 1_000))
        }
    }
}

extension Configuration {
    /// Where the audit's head is kept beside the database.
    var auditHeadPlaces: AuditHeadPlaces { AuditHeadPlaces(file: auditHeadFile, usesSyslog: auditHeadSyslog) }
}

extension GlobalOptions {
    /// Says how many approvals wait, which were granted and not begun, and what is paused, if any is.
    func showWaiting(_ store: Store) async throws {
        let open: [Approval]
        let pause: PauseState
        do throws(StoreError) {
            open = try store.approvals(open: true, at: Date())
            pause = try store.pauseState()
        } catch {
            throw Failure(.unavailable, "\(error)")
        }
        var page = Page()
        let waiting = open.count { $0.state == .waiting }
        if waiting > 0 { page = RepairPage.waiting(waiting) }
        for approval in open where approval.state == .granted { RepairPage.add(granted: approval, to: &page) }
        if pause != PauseState() { page.text(contentsOf: PausePage.cells(pause)) }
        for line in PausePage.others(StateFolders(own: statePath).others) { page.text(contentsOf: line) }
        if !page.blocks.isEmpty { try output.show(page) }
        try await warnOfEditedApprovals(store)
    }

    /// Says on standard error which approvals somebody has edited in the database.
    func warnOfEditedApprovals(_ store: Store) async throws {
        for id in try await withStore({ try store.editedApprovals() }) {
            try output.note(
                Cell("warning:", .warning),
                Cell("approval \(id) was edited in the database, so nothing runs on it; see: macha audit verify"))
        }
    }
}

/// Runs `body`, and makes a failure of the store one of the command.
func withStore<T>(_ body: () async throws -> T) async throws -> T {
    do {
        return try await body()
    } catch let error as StoreError {
        throw Failure(.unavailable, "\(error)")
    }
}
