// SPDX-License-Identifier: MIT
import ArgumentParser
import Foundation
import Macha
import MachaCore
import MachaStore

/// The record of what was decided and done.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Look at the record of what was decided and done, and verify it.",
        subcommands: [AuditVerifyCommand.self, AuditShowCommand.self], defaultSubcommand: AuditShowCommand.self)
}

/// Whether the record is as it was written.
struct AuditVerifyCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Find every entry that was edited, removed or moved.")

    @OptionGroup var options: GlobalOptions

    private struct Verdict: Encodable {
        var entries: Int
        var faults: [String]
    }

    func execute() async throws {
        let store = try options.openStore()
        let (faults, count) = try await withStore { try store.verifyAudit() }
        try options.output.show(Verdict(entries: count, faults: faults.map(Self.words))) { verdict in
            var page = Page()
            for fault in verdict.faults { page.text(Cell(fault, .critical)) }
            let isClean = verdict.faults.isEmpty
            page.text(
                Cell("\(count) \(count == 1 ? "entry" : "entries"):", .heading),
                isClean ? Cell("all as they were written", .ok) : Cell("\(verdict.faults.count) faults", .critical))
            return page
        }
        if !faults.isEmpty { throw ExitCode(Failure.Code.hosts.rawValue) }
    }

    private static func words(_ fault: AuditChain.Fault) -> String {
        switch fault {
        case .edited(let sequence): "entry \(sequence) was edited"
        case .removed(let from, let through):
            from == through ? "entry \(from) was removed" : "entries \(from) to \(through) were removed"
        case .moved(let sequence): "entry \(sequence) was moved, or is there twice"
        case .relinked(let sequence): "entry \(sequence) does not follow the one before it"
        }
    }
}

/// The newest entries.
struct AuditShowCommand: FleetCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show the newest entries.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "Which hosts; all unless named.")
    var selector: [String] = []

    @Option(help: ArgumentHelp("Only this kind; may be repeated.", valueName: "kind"))
    var kind: [AuditEntry.Kind] = []

    @Option(name: .shortAndLong, help: "How many.")
    var number = 50

    func validate() throws {
        guard number > 0 else { throw ValidationError("--number must be at least 1") }
    }

    func execute() async throws {
        let hosts =
            selector.isEmpty
            ? nil : try options.hosts(selector, in: try options.loadInventory()).map(\.name)
        let store = try options.openStore()
        let entries = try await withStore {
            try store.audit(kinds: kind.isEmpty ? nil : kind, hosts: hosts, limit: number)
        }
        try options.output.show(entries.map { AuditLine($0) }) { AuditPage.page($0) }
    }
}

extension AuditEntry.Kind: ExpressibleByArgument {}
