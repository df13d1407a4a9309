// SPDX-License-Identifier: MIT
import ArgumentParser
import Macha
import MachaAnalyst
import MachaCore
import MachaFleet
import MachaStore

import struct Foundation.Date

/// One maintenance cycle now.
struct CheckCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Ask the hosts how they are, and report what is wrong.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "Which hosts; all unless named.")
    var selector: [String] = []

    @Option(help: "Hosts asked at once.")
    var width = FanOut.defaultWidth

    @OptionGroup var repair: RepairOptions
    @OptionGroup var analysis: AnalysisOptions

    @Flag(help: "Only look: repair nothing, and ask for nothing.")
    var noAct = false

    @Flag(help: "Exit with 0 ok, 1 warning, 2 critical, 3 unknown, as monitoring systems expect.")
    var exitCode = false

    @Flag(
        help: """
            Look again and again, each host on its check-interval, and act on it: a live table, or in a pipe one line a \
            change.
            """)
    var watch = false

    func validate() throws {
        guard (1...10_000).contains(width) else { throw ValidationError("--width must be from 1 to 10000") }
        guard !watch || !exitCode else {
            throw ValidationError("--watch does not end by itself: leave out --exit-code")
        }
        guard !watch || !analysis.askAgain else {
            throw ValidationError("--watch would ask again at every look: leave out --ask-again")
        }
        guard !watch || !options.json else {
            throw ValidationError("--watch speaks to people; for programs, run check --json again and again")
        }
    }

    func execute() async throws {
        let inventory = try options.loadInventory()
        let hosts = try options.hosts(selector, in: inventory)
        let pool = analysis.noModel ? nil : try models()
        let library = noAct && pool == nil ? nil : try repair.library.loadWhatIsSound(options.output)
        try options.warnOfOldLibrary(hosts)
        let reach = options.reach(keeping: watch ? .open() : .untilGivenBack)
        let cycle = try options.cycle(over: reach, ifAnalysing: pool != nil, askAgain: analysis.askAgain)
        if !noAct {
            for line in PausePage.others(StateFolders(own: options.statePath).others) {
                try options.output.note(line[0], line[1])
            }
        }
        try await withStore { try options.openStore().list(hosts: inventory.hosts.map(\.name)) }
        if watch {
            let care = try aftercare(pool, library, inventory, reach)
            let watch = FleetWatch(cycle, aftercare: care, width: width)
            async let _ = reach.tend()
            try await WatchRun(output: options.output, watch: watch, hosts: hosts).run(on: LiveScreen())
            return await cycle.close()
        }
        var outcome = try await options.output.progress("collecting").during { [width] progress in
            do throws(StoreError) {
                return try await cycle.run(hosts, width: width) {
                    progress.update(done: $0.done, of: $0.total, waiting: $0.waiting)
                }
            } catch {
                throw Failure(.unavailable, "\(error)")
            }
        }
        await cycle.close()
        for warning in outcome.warnings { try options.output.note(Cell("warning:", .warning), Cell(warning)) }
        if let pool, let library {
            let entries = try await analyse(pool, library, inventory, hosts)
            outcome.report = outcome.report.with(entries)
        }
        let store = try options.openStore()
        var repairs: RepairReport?
        // What was seen is told whatever becomes of the repairs.
        var failure: Failure?
        if let library, !noAct {
            do {
                repairs = try await act(library, inventory, hosts)
                if repairs?.hasActed == true { outcome.report = try await stateAfterRepairs(hosts) }
                try await options.warnOfEditedApprovals(store)
            } catch let error as Failure {
                failure = error
                outcome.report = (try? await stateAfterRepairs(hosts)) ?? outcome.report
            }
        }
        var head: AuditChain.Head?
        do {
            head = try await withStore { try store.auditHead() }
        } catch let error as Failure {
            failure = failure ?? error
        }
        let answer = CheckReport(fleet: outcome.report, repairs: repairs, auditHead: head?.text)
        try options.output.show(answer) { report in
            // What this check did is told below, in full.
            var fleet = report.fleet
            if report.repairs?.hasActed == true { fleet.repairs = [] }
            return FleetPage.page(fleet)
        }
        if let repairs, !repairs.isEmpty { try options.output.show(RepairPage.page(repairs)) }
        // To be compared later with `audit verify --head`, from wherever this output was kept.
        if let head {
            try options.output.show(Page([.text([Cell("audit head \(head.shortText)", .dim)], indent: 0)]))
        }
        if let failure { throw failure }
        if exitCode { throw ExitCode(outcome.report.exitCode) }
        if let repairs, !repairs.troubles.isEmpty { throw ExitCode(Failure.Code.unavailable.rawValue) }
        if !outcome.report.unreached.isEmpty { throw ExitCode(Failure.Code.hosts.rawValue) }
    }

    /// The models of the configuration; `nil`, and a note, when there are none.
    private func models() throws -> ModelPool? {
        let endpoints = try options.loadConfiguration().modelEndpoints
        if endpoints.isEmpty {
            try options.output.note(
                Cell("note:", .dim), Cell("no model is configured, so none was asked; see: macha models", .dim))
            return nil
        }
        let pool = options.pool(of: endpoints)
        for place in pool.places {
            guard let failure = place.failure else { continue }
            try options.output.note(Cell("warning:", .warning), Cell("\(failure)"))
        }
        return pool
    }

    /// Asks models about the hosts that need it.
    private func analyse(
        _ pool: ModelPool, _ library: PlaybookLibrary, _ inventory: Inventory, _ hosts: [FleetHost]
    ) async throws -> [FleetAnalysis.Entry] {
        let store = try options.openStore()
        let fleet = options.fleetAnalysis(pool, library, inventory, store, options.reach())
        let entries = try await options.output.progress("analysing").during { progress in
            try await withStore {
                try await fleet.run(hosts) { progress.update(done: $0.done, of: $0.total, waiting: $0.waiting) }
            }
        }
        try options.export(store)
        return entries
    }

    /// What follows each look of a watch.
    private func aftercare(
        _ pool: ModelPool?, _ library: PlaybookLibrary?, _ inventory: Inventory, _ reach: Reach
    ) throws -> Aftercare {
        guard let library else { return Aftercare(repairs: nil, analyses: nil) }
        let store = try options.openStore()
        let repairs = RepairCycle(repair.executor(options, inventory, store), library, inventory)
        let exports = Exports(folder: options.statePath)
        return Aftercare(
            repairs: noAct ? nil : repairs,
            analyses: pool.map { options.fleetAnalysis($0, library, inventory, store, reach) }
        ) {
            do throws(StoreError) {
                try exports.write(from: store, at: Date())
                return []
            } catch {
                return ["\(error)"]
            }
        }
    }

    /// Each repair recorded an observation of its host: the report and the exit status are about that.
    private func stateAfterRepairs(_ hosts: [FleetHost]) async throws -> FleetReport {
        let store = try options.openStore()
        return try await withStore { try LastKnown(store: store, now: Date()).report(hosts) }
    }

    /// What Macha may do about it, it does now; for the rest it asks.
    private func act(
        _ library: PlaybookLibrary, _ inventory: Inventory, _ hosts: [FleetHost]
    ) async throws -> RepairReport {
        let store = try options.openStore()
        let cycle = RepairCycle(repair.executor(options, inventory, store), library, inventory)
        let report = try await options.output.progress("repairing").during { _ in
            try await withStore { try await cycle.run(hosts) }
        }
        try options.export(store)
        return report
    }
}

extension FleetReport {
    /// This report with what models had to say since.
    fileprivate func with(_ entries: [FleetAnalysis.Entry]) -> FleetReport {
        let reports = Dictionary(entries.map { ($0.host, $0.report) }, uniquingKeysWith: { first, _ in first })
        return FleetReport(
            hosts.map { host in
                var host = host
                if let report = reports[host.host] { host.analysis = report }
                return host
            }, now: max(generatedAt, Date()))
    }
}

/// The fleet, and what was done about it.
private struct CheckReport: Encodable {
    var fleet: FleetReport
    /// `nil` when nothing was to be done.
    var repairs: RepairReport?
    /// The end of the audit's chain, `SEQUENCE:HASH`; `nil` while it has no entries.
    var auditHead: String?

    private enum CodingKeys: String, CodingKey { case repairs, auditHead }

    func encode(to encoder: any Encoder) throws {
        try fleet.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(repairs, forKey: .repairs)
        try container.encodeIfPresent(auditHead, forKey: .auditHead)
    }
}
