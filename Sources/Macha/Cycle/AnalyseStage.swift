// SPDX-License-Identifier: MIT
import MachaStore

package import struct Foundation.Date

/// Asks models about the hosts for which an analysis waits.
struct AnalyseStage: CycleStage {
    private let components: CycleComponents

    init(_ components: CycleComponents) { self.components = components }

    func run(_ state: inout CycleState, _ observer: CycleObserver) async throws(StoreError) {
        guard let analyses = components.analyses else { return }
        var hearing = FleetAnalysis.AnalysisObserver()
        hearing.progress = { observer.receive(.analysing($0)) }
        hearing.step = { observer.receive(.analysisStep($0)) }
        hearing.ended = { observer.receive(.analysed($0)) }
        do throws(StoreError) {
            state.analyses = try await analyses.run(state.hosts, hearing: hearing)
        } catch {
            state.note(error, of: nil)
        }
        state.fleet = state.fleet?.with(state.analyses, at: components.now())
    }
}

extension FleetReport {
    /// This report with what models had to say since.
    package func with(_ entries: [FleetAnalysis.Entry], at now: Date) -> FleetReport {
        let reports = Dictionary(entries.map { ($0.host, $0.report) }, uniquingKeysWith: { first, _ in first })
        var report = FleetReport(
            hosts.map { host in
                var host = host
                if let report = reports[host.host] { host.analysis = report }
                return host
            }, now: max(generatedAt, now))
        (report.repairs, report.approvals) = (repairs, approvals)
        return report
    }
}
