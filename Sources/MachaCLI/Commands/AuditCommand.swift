// SPDX-License-Identifier: MIT
import MachaViews
import ArgumentParser
import Foundation
import Macha
package import MachaActions
import MachaInventory
import MachaStore

/// The record of what was decided and done.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Show and verify the record of decisions and actions.",
        subcommands: [AuditVerifyCommand.self, AuditAcceptCommand.self, AuditShowCommand.self],
        defaultSubcommand: AuditShowCommand.self)
}

/// Whether the record is as it was written, as far as that can be seen.
struct AuditVerifyCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Find entries that were edited, removed or moved, and list what cannot be detected.",
        discussion: """
            The database is compared with itself, with the exports beside it, and with heads kept elsewhere: \
            --head and the configuration's audit-head-file.
            """)

    @OptionGroup var options: GlobalOptions

    @Option(
        help: ArgumentHelp(
            "An audit head that was kept elsewhere, as printed by 'check'; can be repeated.",
            valueName: "sequence:hash"))
    var head: [KeptHead] = []

    func execute() async throws {
        let verification = try options.controller.verifyAudit(heads: head)
        try options.output.show(AuditVerdict(verification)) { $0.page }
        if !verification.faults.isEmpty { throw ExitCode(Failure.Code.hosts.rawValue) }
    }
}

/// What `verify` says, to programs and to people.
private struct AuditVerdict: Encodable {
    var entries: Int
    var faults: [String]
    /// `SEQUENCE:HASH`, to be kept in another place.
    var head: String?
    /// Entries that were compared with an export.
    var compared: Int
    /// What cannot be seen, in words.
    var cannotSee: [String]

    init(_ verification: AuditVerification) {
        entries = verification.count
        faults = verification.faults.map(\.description)
        head = verification.head?.text
        compared = verification.compared
        cannotSee = verification.blind
    }

    var page: Page {
        var page = Page()
        for fault in faults { page.text(Cell(fault, .critical, limit: 500)) }
        let count = faults.count == 1 ? "1 fault" : "\(faults.count) faults"
        page.text(
            Cell("\(entries) \(entries == 1 ? "entry" : "entries"):", .heading),
            faults.isEmpty
                ? Cell("no fault found; \(compared) compared with the exports", .ok) : Cell(count, .critical))
        if let head { page.text(Cell("head", .dim), Cell(head)) }
        for sentence in cannotSee { page.text(Cell("not covered:", .dim), Cell(sentence, .dim, limit: 500)) }
        return page
    }
}

extension KeptHead: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}

/// Going on with a database that is older than its exports.
struct AuditAcceptCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept",
        abstract: "Accept a database that is older than its exports, and allow changes again.",
        discussion: """
            For a restored backup or a lost write-ahead log. Run 'macha audit verify' first: what it lists \
            as begun may have happened on a host. The exports are set aside, never deleted.
            """)

    @OptionGroup var options: GlobalOptions

    @Option(name: .shortAndLong, help: "Reason, for the record.")
    var reason = ""

    private struct Outcome: Encodable {
        var setAside: [String]
    }

    func execute() async throws {
        let names = try options.controller.acceptDatabase(reason: reason)
        try options.output.show(Outcome(setAside: names)) { outcome in
            var page = Page()
            page.text(Cell("accepted; changes are allowed again", .ok))
            for name in outcome.setAside { page.text(Cell("set aside:", .dim), Cell(name)) }
            return page
        }
    }
}

/// The newest entries.
struct AuditShowCommand: FleetCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show the newest entries.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "Hosts, by selector; all by default.")
    var selector: [String] = []

    @Option(help: ArgumentHelp("Only this kind; can be repeated.", valueName: "kind"))
    var kind: [AuditEntry.Kind] = []

    @Option(name: .shortAndLong, help: "Number of entries.")
    var number = 50

    func validate() throws {
        guard number > 0 else { throw ValidationError("--number must be at least 1") }
    }

    func execute() async throws {
        let controller = options.controller
        let entries = try controller.auditEntries(
            kinds: kind.isEmpty ? nil : kind, of: selector.isEmpty ? nil : try controller.hosts(selector), after: nil,
            limit: number)
        try options.output.show(entries.map { AuditLine($0) }) { AuditPage.page($0) }
    }
}

extension AuditEntry.Kind: ExpressibleByArgument {}
