// SPDX-License-Identifier: MIT
import Macha
import MachaAnalyst
import MachaCore
import MachaFleet
import MachaStore
import Synchronization

import struct Foundation.Date

/// One check, from the hosts' answers to what models make of them.
///
/// What is sure is shown first: findings, and what was done about them. Analyses take minutes; each is shown when it is
/// there, and Ctrl-C leaves what is not to the next check.
struct CheckRun {
    let options: GlobalOptions
    let inventory: Inventory
    let hosts: [FleetHost]
    let width: Int
    /// Run the slow probes too, whether they are due or not.
    let isFresh: Bool
    /// `nil` when nothing is to be done.
    let repairs: RepairCycle?
    /// `nil` when no model is asked.
    let analyses: FleetAnalysis?
    let store: Store

    /// Returns the report with everything that came, after it was shown.
    func run(_ cycle: MaintenanceCycle) async throws -> CheckReport {
        let answer = CheckAnswer()
        let interruption = CheckInterruption { sayLastKnown() }
        defer { interruption.finish() }
        let outcome = try await collect(cycle)
        await cycle.close()
        for warning in outcome.warnings { try options.output.note(Cell("warning:", .warning), Cell(warning)) }
        answer.set { $0.fleet = outcome.report }
        if let repairs {
            interruption.hold {
                try? options.output.note(Cell("finishing what has begun on hosts; Ctrl-C again ends at once", .dim))
            }
            await act(repairs, answer)
        }
        let waiting = try await withStore { try analyses?.waiting(hosts) ?? [] }
        try interruption.show { try showReport(answer.value, waiting.map(\.host)) }
        interruption.arm { sayWhatWaits(answer) }
        if interruption.isStruck {
            interruption.show { sayWhatWaits(answer) }
            throw Interrupted()
        }
        if let analyses {
            let entries = try await analyse(analyses, waiting, interruption, answer)
            answer.set { $0.fleet = $0.fleet?.with(entries) }
            if let repairs { try await actOnProposals(repairs, entries, interruption, answer) }
            try options.export(store)
        }
        try interruption.show { try showEnd(answer) }
        if let failure = answer.failure { throw failure }
        if interruption.isStruck { throw Interrupted() }
        return answer.value
    }

    /// The person has left while something on a host was being finished.
    struct Interrupted: Error {}

    // MARK: The sure part

    private func collect(_ cycle: MaintenanceCycle) async throws -> MaintenanceCycle.Outcome {
        try await options.output.progress("collecting").during { [hosts, width, isFresh] progress in
            do throws(StoreError) {
                return try await cycle.run(hosts, width: width, everything: isFresh) {
                    progress.update(done: $0.done, of: $0.total, waiting: $0.waiting)
                }
            } catch {
                throw Failure(.unavailable, "\(error)")
            }
        }
    }

    /// What Macha may do about it, it does now; for the rest it asks. What was seen is told whatever becomes of this.
    private func act(_ repairs: RepairCycle, _ answer: CheckAnswer) async {
        do {
            let report = try await options.output.progress("repairing").during { _ in
                try await withStore { try await repairs.run(hosts) }
            }
            try options.export(store)
            answer.set { $0.repairs = report }
            // Each repair recorded an observation of its host: the report and the exit status are about that.
            if report.hasActed { try await takeLastKnown(answer) }
            try await options.warnOfEditedApprovals(store)
        } catch {
            answer.note(error)
            try? await takeLastKnown(answer)
        }
    }

    private func takeLastKnown(_ answer: CheckAnswer) async throws {
        let fleet = try await withStore { try LastKnown(store: store, now: Date()).report(hosts) }
        answer.set { $0.fleet = fleet }
    }

    private func showReport(_ report: CheckReport, _ waiting: [String]) throws {
        guard options.output.format == .text, var fleet = report.fleet else { return }
        // What this check did is told below, in full.
        if report.repairs?.hasActed == true { fleet.repairs = [] }
        try options.output.show(FleetPage.page(fleet))
        if let repairs = report.repairs, !repairs.isEmpty { try options.output.show(RepairPage.page(repairs)) }
        guard !waiting.isEmpty else { return }
        var page = Page()
        page.gap()
        page.text(
            Cell("Models", .heading),
            Cell("are asked about \(Self.names(waiting)); Ctrl-C leaves that to the next check", .dim))
        try options.output.show(page)
    }

    // MARK: Models

    private func analyse(
        _ analyses: FleetAnalysis, _ waiting: [(host: String, job: Int64)], _ interruption: CheckInterruption,
        _ answer: CheckAnswer
    ) async throws -> [FleetAnalysis.Entry] {
        let output = options.output
        let board = AnalysisBoard()
        let line: @Sendable () -> String? = { waiting.isEmpty ? nil : board.line(at: .now) }
        return try await output.progress("analysing").during(saying: line) { progress in
            var hearing = FleetAnalysis.Hearing()
            hearing.progress = { board.update($0) }
            hearing.step = { step in
                if let line = board.take(step, at: .now), !output.isLive { try? output.note(Cell(line, .dim)) }
            }
            hearing.ended = { entry in
                interruption.show {
                    progress.erase()
                    answer.set { $0.fleet = $0.fleet?.with([entry]) }
                    // A reader that has gone is told by what comes at the end.
                    try? output.show(AnalysisPage.page(entry.host, entry.report, now: Date()))
                }
            }
            return try await withStore { try await analyses.run(hosts, hearing: hearing) }
        }
    }

    /// Asks for what models propose, which policy runs never.
    private func actOnProposals(
        _ repairs: RepairCycle, _ entries: [FleetAnalysis.Entry], _ interruption: CheckInterruption,
        _ answer: CheckAnswer
    ) async throws {
        let wanting = Set(
            entries.filter { entry in
                guard !entry.isUnchanged, let analysis = entry.report?.analysis else { return false }
                return !analysis.proposals.isEmpty || !analysis.suggestions.isEmpty
            }.map(\.host))
        guard !wanting.isEmpty else { return }
        let known = answer.value.repairs
        interruption.hold {
            try? options.output.note(Cell("writing down what models propose; Ctrl-C again ends at once", .dim))
        }
        let about = hosts.filter { wanting.contains($0.name) }
        let all = try await withStore { try await repairs.run(about, isJustAnalysed: true) }
        let news = all.news(since: known)
        answer.set { $0.repairs = known?.with(news) ?? news }
        if !news.entries.isEmpty || !news.suggestions.isEmpty {
            try interruption.show { try options.output.show(RepairPage.page(news)) }
        }
        interruption.arm { sayWhatWaits(answer) }
    }

    private func showEnd(_ answer: CheckAnswer) throws {
        var head: AuditChain.Head?
        do {
            head = try options.asking { () throws(StoreError) in try store.auditHead() }
        } catch {
            answer.note(error)
        }
        answer.set { $0.auditHead = head?.text }
        try options.output.show(answer.value) { _ in
            // To be compared later with `audit verify --head`, from wherever this output was kept.
            head.map { Page([.text([Cell("audit head \($0.shortText)", .dim)], indent: 0)]) } ?? Page()
        }
    }

    // MARK: Interrupted

    /// Before all hosts have answered: what is known of them, with its age.
    private func sayLastKnown() {
        guard let fleet = try? LastKnown(store: store, now: Date()).report(hosts) else { return }
        try? options.output.show(CheckReport(fleet: fleet, isInterrupted: true)) { _ in FleetPage.page(fleet) }
        try? options.output.note(
            Cell("interrupted:", .warning), Cell("not every host had answered; of the others this is what was known"))
    }

    /// The report is out; what is left to say is which analyses wait. In JSON it is the document.
    private func sayWhatWaits(_ answer: CheckAnswer) {
        try? analyses?.giveUp()
        let waiting = (try? analyses?.waiting(hosts)) ?? []
        answer.set { value in
            value.isInterrupted = true
            value.waiting = waiting.map { CheckReport.Waiting(host: $0.host, job: $0.job) }
        }
        try? options.output.show(answer.value) { _ in Page() }
        guard !waiting.isEmpty else {
            try? options.output.note(Cell("interrupted:", .warning), Cell("all that is known is shown above"))
            return
        }
        try? options.output.note(
            Cell("interrupted:", .warning),
            Cell("the analyses of \(Self.names(waiting.map(\.host))) wait for the next check; see: macha queue list"))
    }

    /// `web1, web2 and 7 more`
    private static func names(_ hosts: [String]) -> String {
        let rest = hosts.count - 8
        return hosts.prefix(8).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
    }
}
