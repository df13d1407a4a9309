// SPDX-License-Identifier: MIT
import MachaAnalyst
package import MachaFindings
package import MachaInventory
package import MachaModel
package import MachaStore
import Synchronization
package import struct Foundation.Date

/// The analyses of a fleet after a check: which hosts need one, who serves them, and what came of it.
package struct FleetAnalysis: Sendable {
    private let analysis: HostAnalysis
    private let worker: AnalysisWorker
    private let queue: JobQueue
    private let store: Store

    package init(_ analysis: HostAnalysis, _ worker: AnalysisWorker, store: Store) {
        self.analysis = analysis
        self.worker = worker
        self.store = store
        queue = analysis.queue
    }

    /// How far the analyses are, counted in jobs.
    package struct Progress: Hashable, Sendable {
        package var done: Int
        package var total: Int
        /// Hosts whose analysis is not over.
        package var waiting: [String]
    }

    /// What is said of one host.
    package struct Entry: Sendable, Encodable {
        package var host: String
        package var report: AnalysisReport?
        /// Nothing has changed since an analysis of the last day, so none was asked for.
        package var isUnchanged: Bool
    }

    /// What is reported to the caller while analyses run.
    package struct AnalysisObserver: Sendable {
        package var progress: @Sendable (Progress) -> Void = { _ in }
        package var step: @Sendable (AnalysisStep) -> Void = { _ in }
        /// A host's analysis is over; called once for each.
        package var ended: @Sendable (Entry) -> Void = { _ in }

        package init() {}
    }

    /// The hosts of `hosts` for which an analysis waits, and its job.
    package func waiting(_ hosts: [FleetHost]) throws(StoreError) -> [(host: String, job: Int64)] {
        var roots: [(host: String, job: Int64)] = []
        for host in hosts {
            if let job = try queue.open(key: AnalysisRequest.key(host.name)) { roots.append((host.name, job.id)) }
        }
        return roots
    }

    /// Gives back at once what this process works on: it is about to end.
    package func giveUp() throws(StoreError) {
        try queue.giveUp(worker: worker.name, reason: "interrupted", now: analysis.inquiry.now())
    }

    /// Analyses what waits for `hosts`, and says for each what is known now. Ends when all are done or no endpoint answers;
    /// what is left waits in the queue.
    package func run(
        _ hosts: [FleetHost], hearing: AnalysisObserver = AnalysisObserver()
    ) async throws(StoreError) -> [Entry] {
        let jobs = try waiting(hosts)
        hearing.progress(Progress(done: 0, total: jobs.count, waiting: jobs.map(\.host)))
        if !jobs.isEmpty {
            let told = Mutex<Set<String>>([])
            let served = try await worker.run(until: .over(jobs.map(\.job)), told: hearing.step) { [self] in
                guard let progress = try? progress(jobs) else { return }
                hearing.progress(progress)
                let over = Set(jobs.map(\.host)).subtracting(progress.waiting)
                let new = told.withLock { told in
                    defer { told.formUnion(over) }
                    return over.subtracting(told)
                }
                for host in new.sorted() {
                    if let entry = try? entry(host, isUnchanged: false) { hearing.ended(entry) }
                }
            }
            // Who has left has not been left without an answer.
            if !Task.isCancelled {
                try noteWaiting(jobs, served)
                let known = told.withLock { $0 }
                for (host, _) in jobs where !known.contains(host) {
                    hearing.ended(try entry(host, isUnchanged: false))
                }
            }
        }
        let asked = Set(jobs.map(\.host))
        var entries: [Entry] = []
        for host in hosts {
            entries.append(try entry(host.name, isUnchanged: !asked.contains(host.name)))
        }
        return entries
    }

    private func entry(_ host: String, isUnchanged: Bool) throws(StoreError) -> Entry {
        Entry(
            host: host, report: try store.analysisReport(of: host, now: analysis.inquiry.now()),
            isUnchanged: isUnchanged)
    }

    /// Serves whatever waits until the task is cancelled.
    package func serve() async throws(StoreError) { try await worker.run(until: .cancelled) }

    private func progress(_ roots: [(host: String, job: Int64)]) throws(StoreError) -> Progress {
        var progress = Progress(done: 0, total: 0, waiting: [])
        for (host, id) in roots {
            guard let job = try queue.job(id) else { continue }
            let parts = try queue.progress(of: id)
            progress.total += 1 + (parts?.total ?? 0)
            progress.done += (job.state.isOver ? 1 : 0) + (parts.map { $0.done + $0.lost } ?? 0)
            if !job.state.isOver { progress.waiting.append(host) }
        }
        return progress
    }

    /// A host that is left without an answer is unknown, with the reason; a missing answer never counts as healthy.
    private func noteWaiting(
        _ roots: [(host: String, job: Int64)], _ served: AnalysisWorker.Served
    ) throws(StoreError) {
        let now = analysis.inquiry.now()
        for (host, id) in roots {
            guard let job = try queue.job(id), job.state != .done else { continue }
            let failure: AnalysisFailure
            let waits = "the next check retries job \(id)"
            if let error = served.errors[id], !job.state.isOver {
                var met = AnalysisFailure(error, host: host, question: nil, now: now)
                met.remedy = [met.remedy, waits].filter { !$0.isEmpty }.joined(separator: "; ")
                failure = met
            } else if let silence = served.silent.first, !job.state.isOver {
                // What happened to another host is not what happened to this one.
                failure = AnalysisFailure(
                    host: host, madeAt: now, model: silence.model, code: AnalysisFailure.setAside,
                    message: "\(host) was not analysed: \(silence.message)",
                    remedy: [silence.remedy, waits].filter { !$0.isEmpty }.joined(separator: "; "), question: nil)
            } else {
                failure = AnalysisFailure(
                    host: host, madeAt: now, model: "", code: job.state.rawValue,
                    message: "the analysis of \(host) is \(job.state.rawValue)" + (job.reason.map { ": \($0)" } ?? ""),
                    remedy: "see: macha queue show \(id)", question: nil)
            }
            // An analysis that ended unusable has said so itself.
            if job.state == .failed, try store.analysisReport(of: host, now: now)?.failure != nil { continue }
            let record = AnalysisRecord(.unusable(failure), state: try analysis.state(of: job))
            try store.noteUnanswered(record, at: now)
        }
    }
}

extension Store {
    /// Whether a model should be asked about a host with these findings: its problems are others than those of the last
    /// usable analysis, or that one is a day old.
    package func needsAnalysis(
        of host: String, _ findings: [Finding], now: Date
    ) throws(StoreError) -> Bool {
        guard let last = try analysis(of: host) else { return true }
        return last.state != Finding.state(of: findings)
            || now.timeIntervalSince(last.analysis.madeAt) >= AnalysisRequest.standsFor
    }
}
