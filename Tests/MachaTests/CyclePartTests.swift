// SPDX-License-Identifier: MIT
import Foundation
import MachaAnalyst
import MachaCore
import MachaFleet
import MachaStore
import MachaTestSupport
import Synchronization
import Testing

@testable import Macha

/// What follows a look while the fleet is watched.
@Suite(.timeLimit(.minutes(20))) struct AftercareTests {
    /// Asks for a restart of what has failed.
    private static let restart: ScriptedModel.Script = { request in
        let finding = request.lines(with: "unit-failed").map(\.id)
        return .text(Answer.analysis(proposals: "[\(Answer.restart("nginx.service", evidence: finding))]"))
    }

    private func repairs(
        _ lab: AnalysisLab, connect: HostSession.Connect? = nil
    ) -> RepairCycle {
        let noon = lab.noon
        let executor = Executor(
            store: lab.store, situation: Situation(lab.inventory, store: lab.store), folder: lab.scratch.path("state"),
            waiting: lab.fake.waiting, now: { noon }, connect: connect ?? lab.fake.connect)
        return RepairCycle(executor, lab.library, lab.inventory)
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
        let care = Aftercare(
            repairs: repairs(lab), analyses: analyses(lab, ScriptedModel(reply: Self.restart)),
            export: { ["full disk"] })
        let first = try await care.act(lab.host)
        #expect(first.repairs?.entries.isEmpty == true)
        #expect(first.warnings == ["full disk"])
        // A look that came while the model was at work, and saw the same.
        let later = lab.noon.addingTimeInterval(60)
        let look = await Collector(now: { later }).collect(lab.host, over: try lab.fake.connect(lab.host))
        try lab.store.record(look, findings: Detectors.findings(in: look), now: later)
        let second = try await care.analyse(lab.host)
        #expect(second.isAnalysed)
        #expect(second.repairs?.entries.map(\.title) == ["Restart nginx.service"])
        #expect(try lab.store.approvals(open: true, at: lab.noon).count == 1)
        let third = try await care.analyse(lab.host)
        #expect(!third.isAnalysed)
        #expect(third.repairs == nil)
    }

    @Test func `without repairs nothing is done, without analyses no model is asked`() async throws {
        let lab = try AnalysisLab(.autoFull, hasAnswer: true)
        try await lab.look()
        let model = ScriptedModel(reply: Self.restart)
        let looking = Aftercare(repairs: nil, analyses: analyses(lab, model))
        #expect(try await looking.act(lab.host).repairs == nil)
        #expect(try await looking.analyse(lab.host).repairs == nil)
        #expect(lab.fake.sent.isEmpty)
        let silent = Aftercare(repairs: repairs(lab), analyses: nil)
        #expect(try await silent.act(lab.host).repairs?.entries.count == 1)
        #expect(try await silent.analyse(lab.host).analysis == nil)
        #expect(lab.fake.sent.count == 1)
        #expect(model.requests.count == 1)
    }

    @Test func `a watch that ends brings what has begun on a host to its end`() async throws {
        let lab = try AnalysisLab(.autoFull, hasAnswer: true)
        try await lab.look()
        let task = Mutex<Task<Aftercare.Outcome, any Error>?>(nil)
        let fake = lab.fake
        let connect: HostSession.Connect = { (_) throws(ContactFailure) in
            FakeTransport(host: "web1") { command in
                // The watch is left at the moment at which the restart is sent.
                if command.words.contains("restart") { task.withLock { $0?.cancel() } }
                let loss = ContactFailure(.broken, stage: "exec", message: "cancelled")
                return Task.isCancelled ? .failure(loss) : fake.reply(to: command)
            }
        }
        let care = Aftercare(repairs: repairs(lab, connect: connect), analyses: nil)
        let host = lab.host
        task.withLock { $0 = Task { try await care.act(host) } }
        let running = try #require(task.withLock { $0 })
        let outcome = try await running.value
        #expect(running.isCancelled)
        #expect(outcome.repairs?.entries.first?.run?.state == .verified)
        #expect(try lab.store.hostsWithOpenRuns().isEmpty)
    }

    @Test func `what was done stays in sight for an hour, unless the same is told anew`() async throws {
        let lab = try AnalysisLab(.autoFull, hasAnswer: true)
        try await lab.look()
        let entry = try #require(try await repairs(lab).run([lab.host]).entries.first)
        let done = FleetWatch.Repair(entry: entry, doneAt: lab.noon)
        func kept(_ minutes: Double, beside new: [FleetWatch.Repair] = []) -> Int {
            FleetWatch.kept([done], beside: new, at: lab.noon.addingTimeInterval(minutes * 60)).count
        }
        #expect(kept(59) == 1)
        #expect(kept(60) == 0)
        #expect(kept(1, beside: [done]) == 0)
        #expect(FleetWatch.kept([FleetWatch.Repair(entry: entry)], beside: [], at: lab.noon).isEmpty)
    }

    @Test func `an analysis whose asker has left is not called unanswered`() async throws {
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
