// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel
import MachaStore

/// Does what may be done about the hosts, and asks a person for the rest.
package struct RemediateStage: CycleStage {
    /// Why hosts are changed at this point.
    package enum Reason: Hashable, Sendable {
        /// By what was found.
        case findings
        /// By what models proposed just now, of which policy runs nothing unasked.
        case proposals
    }

    private let components: CycleComponents
    private let reason: Reason

    init(_ components: CycleComponents, reason: Reason) {
        self.components = components
        self.reason = reason
    }

    func run(_ state: inout CycleState, _ observer: CycleObserver) async throws(StoreError) {
        state.addedRepairs = nil
        guard let remediator = components.remediator else { return }
        let hosts = hosts(of: state)
        guard !hosts.isEmpty, !Task.isCancelled else { return }
        observer.receive(.remediating(reason))
        let report: RepairReport
        do throws(StoreError) {
            report = try await uncancelled { () throws(StoreError) in
                try await remediator.run(hosts, isJustAnalysed: reason == .proposals)
            }
        } catch {
            // The observation is reported whatever becomes of this.
            state.note(error, of: nil)
            return try refresh(&state)
        }
        let added = state.repairs.map { report.news(since: $0) } ?? report
        state.addedRepairs = added
        state.repairs = state.repairs?.with(added) ?? added
        // Each repair has recorded an observation of its host: reports and exit statuses are about that.
        if report.hasActed { try refresh(&state) }
    }

    private func hosts(of state: CycleState) -> [FleetHost] {
        guard reason == .proposals else { return state.hosts }
        let wanting = Set(state.analyses.filter(\.proposesSomething).map(\.host))
        return state.hosts.filter { wanting.contains($0.name) }
    }

    private func refresh(_ state: inout CycleState) throws(StoreError) {
        state.fleet = try components.lastKnown(of: state.hosts).report(state.hosts)
    }

    /// In a task of its own: whoever leaves must not cut off in the middle what has begun on a host, and waits for its end.
    private func uncancelled(
        _ body: @escaping @Sendable () async throws(StoreError) -> RepairReport
    ) async throws(StoreError) -> RepairReport {
        let work = Task { () -> Result<RepairReport, StoreError> in
            do throws(StoreError) { return .success(try await body()) } catch { return .failure(error) }
        }
        return try await work.value.get()
    }
}

extension FleetAnalysis.Entry {
    /// A model has answered just now, and proposes or suggests something.
    fileprivate var proposesSomething: Bool {
        guard !isUnchanged, let analysis = report?.analysis else { return false }
        return !analysis.proposals.isEmpty || !analysis.suggestions.isEmpty
    }
}

extension RepairReport {
    /// What is in this one and was not in `known`: what models asked for, and what they suggest.
    func news(since known: RepairReport) -> RepairReport {
        var news = self
        let old = Set(known.entries.map { "\($0.host)\n\($0.title)" })
        news.entries = entries.filter { !old.contains("\($0.host)\n\($0.title)") }
        news.recovered = []
        return news
    }

    func with(_ news: RepairReport) -> RepairReport {
        var all = self
        all.entries += news.entries
        all.suggestions += news.suggestions
        all.troubles += news.troubles
        all.waiting = news.waiting
        return all
    }
}
