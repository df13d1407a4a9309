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

    @Flag(help: "Only check: repair nothing, and request no approval.")
    var noAct = false

    @Flag(help: "Run the slow probes too (SMART, certificates, the Nix store, …), whether they are due or not.")
    var fresh = false

    @Flag(help: "Exit with 0 ok, 1 warning, 2 critical, 3 unknown, as monitoring systems expect.")
    var exitCode = false

    @Flag(
        help: """
            Check again and again, each host on its check-interval, and act on it: a live table, or in a pipe one line a \
            change.
            """)
    var watch = false

    func validate() throws {
        guard (1...10_000).contains(width) else { throw ValidationError("--width must be from 1 to 10000") }
        guard !watch || !exitCode else {
            throw ValidationError("--watch does not end by itself: leave out --exit-code")
        }
        guard !watch || !analysis.askAgain else {
            throw ValidationError("--watch would ask again at every check: leave out --ask-again")
        }
        guard !watch || !fresh else { throw ValidationError("--watch keeps to each probe's rhythm: leave out --fresh") }
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
        let cycle = try options.cycle(over: reach, asking: pool, again: analysis.askAgain)
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
        let store = try options.openStore()
        let run = CheckRun(
            options: options, inventory: inventory, hosts: hosts, width: width, isFresh: fresh,
            repairs: noAct
                ? nil : library.map { RepairCycle(repair.executor(options, inventory, store), $0, inventory) },
            analyses: pool.flatMap { pool in
                library.map { options.fleetAnalysis(pool, $0, inventory, store, options.reach()) }
            }, store: store)
        let report: CheckReport
        do {
            report = try await run.run(cycle)
        } catch is CheckRun.Interrupted {
            throw ExitCode(CheckInterruption.status)
        }
        if exitCode { throw ExitCode(report.fleet?.exitCode ?? HostState.Level.unknown.exitCode) }
        if report.repairs?.troubles.isEmpty == false { throw ExitCode(Failure.Code.unavailable.rawValue) }
        if report.fleet?.unreached.isEmpty == false { throw ExitCode(Failure.Code.hosts.rawValue) }
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
}
