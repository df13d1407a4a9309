// SPDX-License-Identifier: MIT
import MachaViews
import ArgumentParser
import Macha
import MachaAnalyst
import MachaStore

/// Shows one check while it runs.
///
/// What is sure is shown first: findings, and what was done about them. Analyses take minutes; each is shown when it is
/// there, and Ctrl-C leaves what is not to the next check.
struct CheckRun {
    private let output: Output
    private let controller: Controller
    private let check: Controller.Check
    private let board = AnalysisBoard()
    private let answer = CheckAnswer()

    init(output: Output, _ controller: Controller, _ check: Controller.Check) {
        self.output = output
        self.controller = controller
        self.check = check
    }

    /// The person has left while something on a host was being finished.
    private struct Interrupted: Error {}

    /// Returns the report with everything that came, after it was shown.
    func run() async throws -> CheckReport {
        let interruption = CheckInterruption { sayLastKnown() }
        defer { interruption.finish() }
        do {
            let state = try await output.progress("collecting").during(saying: {
                board.total > 0 ? board.line(at: .now) : nil
            }) { progress in
                try await check.run(observer: observer(progress, interruption)) { part, state in
                    progress.erase()
                    try ended(part, state, progress, interruption)
                }
            }
            try interruption.show { try showEnd() }
            if let trouble = state.troubles.first(where: { $0.host == nil }) {
                throw Failure(.unavailable, "\(trouble)")
            }
            if interruption.isStruck { throw Interrupted() }
            return answer.value
        } catch is Interrupted {
            throw ExitCode(CheckInterruption.status)
        }
    }

    // MARK: While it runs

    private func observer(_ progress: Progress, _ interruption: CheckInterruption) -> CycleObserver {
        CycleObserver { event in
            switch event {
            case .collecting(let way): progress.update(way)
            case .remediating(let reason): hold(interruption, reason)
            case .analysing(let way): board.update(way)
            case .analysisStep(let step):
                if let line = board.take(step, at: .now), !output.isLive { try? output.note(Cell(line, .dim)) }
            case .analysed(let entry):
                interruption.show {
                    progress.erase()
                    answer.take(entry, at: controller.environment.now())
                    // A reader that has gone is told by what comes at the end.
                    try? output.show(AnalysisPage.page(entry.host, entry.report, now: controller.environment.now()))
                }
            }
        }
    }

    /// What has begun on hosts is finished before Ctrl-C ends the check.
    private func hold(_ interruption: CheckInterruption, _ reason: RemediateStage.Reason) {
        let words =
            switch reason {
            case .findings: "finishing what has begun on hosts; Ctrl-C again ends at once"
            case .proposals: "recording what models propose; Ctrl-C again ends at once"
            }
        interruption.hold { try? output.note(Cell(words, .dim)) }
    }

    private func ended(
        _ part: HostCycle.Part, _ state: CycleState, _ progress: Progress, _ interruption: CheckInterruption
    ) throws {
        for warning in answer.newWarnings(of: state) { try output.note(Cell("warning:", .warning), Cell(warning)) }
        answer.take(state)
        switch part {
        case .observe: progress.restart("repairing")
        case .remediate:
            let waiting = try check.waitingAnalyses()
            try interruption.show { try showReport(waiting.map(\.host)) }
            interruption.arm { sayWhatWaits() }
            if interruption.isStruck {
                interruption.show { sayWhatWaits() }
                throw Interrupted()
            }
            progress.restart("analysing")
        case .analyse:
            if let news = state.addedRepairs, !news.entries.isEmpty || !news.suggestions.isEmpty {
                try interruption.show { try output.show(RepairPage.page(news)) }
            }
            interruption.arm { sayWhatWaits() }
        }
    }

    private func showReport(_ waiting: [String]) throws {
        guard output.format == .text, var fleet = answer.value.fleet else { return }
        let repairs = answer.value.repairs
        // What this check did is told below, in full.
        if repairs?.hasActed == true { fleet.repairs = [] }
        try output.show(FleetPage.page(fleet))
        if let repairs, !repairs.isEmpty { try output.show(RepairPage.page(repairs)) }
        guard !waiting.isEmpty else { return }
        var page = Page()
        page.gap()
        page.text(
            Cell("Models", .heading),
            Cell("are asked about \(Self.names(waiting)); Ctrl-C defers this to the next check", .dim))
        try output.show(page)
    }

    private func showEnd() throws {
        let head = try controller.auditHead()
        answer.set { $0.auditHead = head?.text }
        try output.show(answer.value) { _ in
            // To be compared later with `audit verify --head`, from wherever this output was kept.
            head.map { Page([.text([Cell("audit head \($0.shortText)", .dim)], indent: 0)]) } ?? Page()
        }
    }

    // MARK: Interrupted

    /// Before all hosts have answered: what is known of them, with its age.
    private func sayLastKnown() {
        guard let fleet = try? controller.status(check.hosts, withTrends: false) else { return }
        try? output.show(CheckReport(fleet: fleet, isInterrupted: true)) { _ in FleetPage.page(fleet) }
        try? output.note(
            Cell("interrupted:", .warning),
            Cell("not every host was checked; the others are shown in their last known state"))
    }

    /// The report is out; what is left to say is which analyses wait. In JSON it is the document.
    private func sayWhatWaits() {
        try? check.giveUpAnalyses()
        let waiting = (try? check.waitingAnalyses()) ?? []
        answer.set { value in
            value.isInterrupted = true
            value.waiting = waiting.map { CheckReport.Waiting(host: $0.host, job: $0.job) }
        }
        try? output.show(answer.value) { _ in Page() }
        guard !waiting.isEmpty else {
            try? output.note(Cell("interrupted:", .warning), Cell("everything known is shown above"))
            return
        }
        try? output.note(
            Cell("interrupted:", .warning),
            Cell("the analyses of \(Self.names(waiting.map(\.host))) wait for the next check; see: macha queue list"))
    }

    /// `web1, web2 and 7 more`
    private static func names(_ hosts: [String]) -> String {
        let rest = hosts.count - 8
        return hosts.prefix(8).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
    }
}
