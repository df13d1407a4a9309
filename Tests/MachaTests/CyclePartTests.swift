// SPDX-License-Identifier: MIT
import Foundation
import MachaActions
import MachaAnalyst
import MachaFindings
import MachaFleet
import MachaInventory
import MachaModel
import MachaStore
import MachaTestSupport
import Synchronization
import Testing

@testable import Macha

/// What follows the observation of a host while the fleet is watched.
@Suite(.timeLimit(.minutes(20))) struct CyclePartTests {
    /// Asks for a restart of what has failed.
    private static let restart: ScriptedModel.Script = { request in
        let finding = request.lines(with: "unit-failed").map(\.id)
        return .text(Answer.analysis(proposals: "[\(Answer.restart("nginx.service", evidence: finding))]"))
    }

    private func repairs(
        _ lab: AnalysisLab, connect: HostSession.Connect? = nil
    ) -> Remediator {
        let noon = lab.noon
        let executor = Executor(
            store: lab.store, situation: PolicyContextLoader(lab.inventory, store: lab.store),
            folder: lab.scratch.path("state"),
            waiting: lab.fake.waiting, now: { noon }, connect: connect ?? lab.fake.connect)
        return Remediator(executor, lab.library, lab.inventory)
    }

    private func cycle(
        _ lab: AnalysisLab, remediator: Remediator? = nil, analyses: FleetAnalysis? = nil, exports: String? = nil
    ) -> HostCycle {
        let noon = lab.noon
        return HostCycle(
            .test(
                lab.store, in: lab.scratch.path("state"), remediator: remediator, analyses: analyses,
                exports: exports, now: { noon }))
    }

    private func analyses(_ lab: AnalysisLab, _ model: ScriptedModel) -> FleetAnalysis {
        let (analysis, worker) = lab.worker([.init("test", models: [model])])
        return FleetAnalysis(analysis, worker, store: lab.store)
    }

    @Test func `a repair waits for no model, and what the model proposes is decided about when it has answered`()
        async throws
    {
        let lab = try AnalysisLab()
        try await lab.look()
        let cycle = cycle(
            lab, remediator: repairs(lab), analyses: analyses(lab, ScriptedModel(reply: Self.restart)),
            exports: "/proc/nowhere")
        let first = await cycle.run(.remediate, of: lab.host)
        #expect(first.repairs?.entries.isEmpty == true)
        #expect(first.warnings.count == 1)
        // An observation that came while the model was at work, and saw the same.
        let later = lab.noon.addingTimeInterval(60)
        let snapshot = await Collector(now: { later }).collect(lab.host, over: try lab.fake.connect(lab.host))
        try lab.store.record(snapshot, findings: Detectors.findings(in: snapshot), now: later)
        let second = await cycle.run(.analyse, of: lab.host)
        #expect(second.analyses.map(\.isUnchanged) == [false])
        #expect(second.repairs?.entries.map(\.title) == ["Restart nginx.service"])
        #expect(try lab.store.approvals(open: true, at: lab.noon).count == 1)
        let third = await cycle.run(.analyse, of: lab.host)
        #expect(third.analyses.map(\.isUnchanged) == [true])
        #expect(third.repairs == nil)
    }

    @Test func `without repairs nothing is done, without analyses no model is asked`() async throws {
        let lab = try AnalysisLab(.autoFull, hasAnswer: true)
        try await lab.look()
        let model = ScriptedModel(reply: Self.restart)
        let observing = cycle(lab, analyses: analyses(lab, model))
        #expect(!observing.contains(.remediate) && observing.contains(.analyse))
        #expect(await observing.run(.remediate, of: lab.host).repairs == nil)
        #expect(await observing.run(.analyse, of: lab.host).repairs == nil)
        #expect(lab.fake.sent.isEmpty)
        let silent = cycle(lab, remediator: repairs(lab))
        #expect(silent.contains(.remediate) && !silent.contains(.analyse))
        #expect(await silent.run(.remediate, of: lab.host).repairs?.entries.count == 1)
        #expect(await silent.run(.analyse, of: lab.host).analyses.isEmpty)
        #expect(lab.fake.sent.count == 1)
        #expect(model.requests.count == 1)
    }

    @Test func `a watch that ends brings what has begun on a host to its end`() async throws {
        let lab = try AnalysisLab(.autoFull, hasAnswer: true)
        try await lab.look()
        let task = Mutex<Task<CycleState, Never>?>(nil)
        let fake = lab.fake
        let connect: HostSession.Connect = { (_) throws(ContactFailure) in
            FakeTransport(host: "web1") { command in
                // The watch is left at the moment at which the restart is sent.
                if command.words.contains("restart") { task.withLock { $0?.cancel() } }
                let loss = ContactFailure(.broken, stage: "exec", message: "cancelled")
                return Task.isCancelled ? .failure(loss) : fake.reply(to: command)
            }
        }
        let cycle = cycle(lab, remediator: repairs(lab, connect: connect))
        let host = lab.host
        task.withLock { $0 = Task { await cycle.run(.remediate, of: host) } }
        let running = try #require(task.withLock { $0 })
        let state = await running.value
        #expect(running.isCancelled)
        #expect(state.repairs?.entries.first?.run?.state == .verified)
        #expect(try lab.store.hostsWithOpenRuns().isEmpty)
    }

    @Test func `a repair stays on the page for an hour, unless it is reported again`() async throws {
        let lab = try AnalysisLab(.autoFull, hasAnswer: true)
        try await lab.look()
        let entry = try #require(try await repairs(lab).run([lab.host]).entries.first)
        let done = FleetView.Repair(entry: entry, doneAt: lab.noon)
        func kept(_ minutes: Double, beside new: [FleetView.Repair] = []) -> Int {
            FleetView.kept([done], beside: new, at: lab.noon.addingTimeInterval(minutes * 60)).count
        }
        #expect(kept(59) == 1)
        #expect(kept(60) == 0)
        #expect(kept(1, beside: [done]) == 0)
        #expect(FleetView.kept([FleetView.Repair(entry: entry)], beside: [], at: lab.noon).isEmpty)
    }

    @Test func `a cancelled caller's analysis is not counted as unanswered`() async throws {
        let lab = try AnalysisLab()
        try await lab.look()
        let asked = AsyncStream.makeStream(of: Void.self)
        let model = ScriptedModel { _ in
            asked.continuation.yield()
            return .never
        }
        let fleet = analyses(lab, model)
        let host = lab.host
        let task = Task { try await fleet.run([host]) }
        for await _ in asked.stream { break }
        task.cancel()
        _ = try await task.value
        #expect(try lab.store.analysisReport(of: "web1", now: lab.noon) == nil)
        #expect(try lab.job != nil)
        #expect(try lab.store.audit(kinds: [.analysis]).isEmpty)
    }
}
