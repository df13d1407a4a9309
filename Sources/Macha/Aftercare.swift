// SPDX-License-Identifier: MIT
package import MachaCore
import MachaStore

/// What follows a look at one host while the fleet is watched: what may be done is done, what has to be asked waits, and a
/// model is asked where one is wanted.
///
/// The repairs come first, because a model can take minutes; what it proposes is decided about when it has answered.
package struct Aftercare: Sendable {
    /// What came of it on one host.
    package struct Outcome: Sendable {
        package var host: String
        /// `nil` when nothing was to be done.
        package var repairs: RepairReport?
        /// What is known from models now; `nil` when none was asked.
        package var analysis: AnalysisReport?
        /// A model was asked just now.
        package var isAnalysed = false
        /// What could not be exported.
        package var warnings: [String] = []
    }

    private let repairs: RepairCycle?
    private let analyses: FleetAnalysis?
    private let export: @Sendable () -> [String]

    /// Without `repairs` nothing is done, without `analyses` no model is asked. `export` brings the files for people up to
    /// date, and answers what could not be written.
    package init(repairs: RepairCycle?, analyses: FleetAnalysis?, export: @escaping @Sendable () -> [String] = { [] }) {
        self.repairs = repairs
        self.analyses = analyses
        self.export = export
    }

    var acts: Bool { repairs != nil }
    var asksModels: Bool { analyses != nil }

    /// Does what may be done on `host` by its newest look, and asks for the rest.
    func act(_ host: FleetHost) async throws(StoreError) -> Outcome {
        let report = try await repair(host, isJustAnalysed: false)
        return Outcome(host: host.name, repairs: report, warnings: report == nil ? [] : export())
    }

    /// Asks a model about `host` if the look wants one, and acts on what it proposes.
    func analyse(_ host: FleetHost) async throws(StoreError) -> Outcome {
        var outcome = Outcome(host: host.name)
        guard let entry = try await analyses?.run([host]).first else { return outcome }
        outcome.analysis = entry.report
        outcome.isAnalysed = !entry.isUnchanged
        guard outcome.isAnalysed else { return outcome }
        if let analysis = entry.report?.analysis, !analysis.proposals.isEmpty || !analysis.suggestions.isEmpty {
            outcome.repairs = try await repair(host, isJustAnalysed: true)
        }
        outcome.warnings = export()
        return outcome
    }

    /// In a task of its own: a watch that ends must not cut off in the middle what has begun on a host. Whoever ends it waits
    /// for that.
    private func repair(_ host: FleetHost, isJustAnalysed: Bool) async throws(StoreError) -> RepairReport? {
        guard let repairs, !Task.isCancelled else { return nil }
        let work = Task { () -> Result<RepairReport, StoreError> in
            do throws(StoreError) {
                return .success(try await repairs.run([host], isJustAnalysed: isJustAnalysed))
            } catch {
                return .failure(error)
            }
        }
        return try await work.value.get()
    }
}

/// Hosts that wait for something of which only a few get it at once; each waits once, and gets it once at a time.
struct CareLine {
    private var waiting: [FleetHost] = []
    private(set) var busy: Set<String> = []

    mutating func add(_ host: FleetHost) {
        if !waiting.contains(where: { $0.name == host.name }) { waiting.append(host) }
    }

    /// Takes those whose turn it is, so that at most `width` are busy.
    mutating func next(atMost width: Int) -> [FleetHost] {
        var taken: [FleetHost] = []
        while busy.count < width, let index = waiting.firstIndex(where: { !busy.contains($0.name) }) {
            let host = waiting.remove(at: index)
            busy.insert(host.name)
            taken.append(host)
        }
        return taken
    }

    mutating func finish(_ host: String) { busy.remove(host) }
}
