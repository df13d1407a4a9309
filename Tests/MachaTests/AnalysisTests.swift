// SPDX-License-Identifier: MIT
import Foundation
import MachaActions
import MachaAnalyst
import MachaFindings
import MachaFleet
import MachaModel
import MachaStore
import MachaTestSupport
import Synchronization
import Testing

@testable import Macha

@Suite(.timeLimit(.minutes(10))) struct AnalysisTests {
    private static let trouble = [
        "starting", "bind() to 0.0.0.0:80 failed (98: Address already in use)", "still could not bind()",
    ]

    /// Sees what is wrong, and asks for a restart.
    private static let sensible: ScriptedModel.Script = { request in
        let line = request.lines(with: "bind() to").map(\.id)
        let finding = request.lines(with: "unit-failed").map(\.id)
        return .text(
            Answer.analysis(
                observations:
                    #"[{"title":"nginx.service cannot bind","detail":"","severity":"warning","evidence":\#(Answer.list(finding))}]"#,
                cause:
                    #"{"statement":"Port 80 is taken","evidence":\#(Answer.list(line)),"confidence":0.8}"#,
                proposals: "[\(Answer.restart("nginx.service", evidence: finding))]", summary: "nginx cannot bind."))
    }

    /// A journal with so many statements that its digest fits no prompt of 8,192 tokens.
    private static func manyLines(_ count: Int = 900) -> [String] {
        let words = [
            "disk", "link", "fan", "lease", "token", "queue", "mount", "cache", "relay", "probe", "index", "volume",
        ]
        return (0..<count).map { index in
            let (a, b, c) = (words[index % 12], words[index / 12 % 12], words[index / 144 % 12])
            return
                "\(a) \(b)\(c) refused the \(c) of \(b)-\(a): error \(index) while it wrote the \(a) table of the \(c)"
        }
    }

    @Test func `a check's host is analysed, and the restart it asks for waits for a person`() async throws {
        let lab = try AnalysisLab(journal: ExportText.entries(Self.trouble))
        let findings = try await lab.look()
        let model = ScriptedModel(reply: Self.sensible)
        let report = try #require(try await lab.analyse(model))
        #expect(report.state == .known)
        let analysis = try #require(report.analysis)
        #expect(analysis.rootCause?.statement.raw == "Port 80 is taken")
        let cited = try #require(analysis.rootCause?.evidence.first)
        #expect(analysis.evidence[cited]?.raw.contains("Address already in use") == true)
        #expect(analysis.proposals.map(\.playbook) == ["restart-unit"])
        #expect(analysis.cost.journalLines == 3)
        #expect(try lab.job == nil)

        let repairs = try await lab.repair()
        #expect(repairs.entries.map(\.title) == ["Restart nginx.service"])
        #expect(repairs.waiting == 1)
        #expect(lab.fake.sent.isEmpty)
        let approval = try #require(try lab.store.approvals(open: true, at: lab.noon).first)
        #expect(approval.proposal.requester == .model("test/scripted"))
        #expect(approval.proposal.finding == findings.first { $0.kind == .unitFailed }?.fingerprint)

        let audit = try lab.store.audit(kinds: [.analysis])
        #expect(audit.count == 1)
        #expect(audit.first?.payload.contains("\"outcome\":\"usable\"") == true)
        #expect(audit.first?.payload.contains("Address already in use") == false)
        #expect(try lab.store.verifyAudit().faults.isEmpty)
    }

    @Test func `the next journal query begins where the last analysis ended`() async throws {
        let lab = try AnalysisLab(journal: ExportText.entries(Self.trouble))
        try await lab.look()
        _ = try await lab.analyse(ScriptedModel(reply: Self.sensible))
        try await lab.look()
        _ = try await lab.analyse(ScriptedModel(reply: Self.sensible))
        let since = lab.fake.looks.compactMap { $0.first { $0.hasPrefix("--since=") } }
        #expect(since == ["--since=@1799913600", "--since=@1800000000"])
    }

    @Test func `a host whose problems are the same is not analysed again for a day`() async throws {
        let lab = try AnalysisLab(journal: ExportText.entries(Self.trouble))
        let findings = try await lab.look()
        #expect(try lab.store.needsAnalysis(of: "web1", findings, now: lab.noon))
        _ = try await lab.analyse(ScriptedModel(reply: Self.sensible))
        let soon = lab.noon.addingTimeInterval(86_399)
        #expect(try !lab.store.needsAnalysis(of: "web1", findings, now: soon))
        #expect(try lab.store.needsAnalysis(of: "web1", [], now: soon))
        #expect(try lab.store.needsAnalysis(of: "web1", findings, now: lab.noon.addingTimeInterval(86_400)))
    }

    @Test func `a newer snapshot supersedes the queued analysis`() async throws {
        let lab = try AnalysisLab()
        try await lab.look()
        let first = try #require(try lab.job)
        try await lab.look()
        #expect(try lab.queue.job(first.id)?.state == .superseded)
        #expect(try lab.job?.priority == .urgent)
    }

    @Test func `a model's query is run once, and its second reply counts`() async throws {
        let lab = try AnalysisLab(journal: ExportText.entries(Self.trouble))
        try await lab.look()
        let model = ScriptedModel { request in
            let disk = request.lines(with: "/dev/sda1").map(\.id)
            guard !disk.isEmpty else {
                return .text(Answer.analysis(questions: #"[{"look":"disk-usage","unit":null}]"#))
            }
            return .text(
                Answer.analysis(
                    cause: #"{"statement":"the disk is full","evidence":\#(Answer.list([disk[0]])),"confidence":1}"#))
        }
        let report = try await lab.analyse(model)
        #expect(report?.analysis?.rootCause?.statement.raw == "the disk is full")
        #expect(report?.analysis?.cost.calls == 2)
        #expect(lab.fake.looks.filter { $0.first == "df" }.count == 1)
        #expect(lab.fake.sent.isEmpty)

        try await lab.look()
        _ = try await lab.analyse(model)
        #expect(lab.fake.looks.filter { $0.first == "df" }.count == 1)
        #expect(try lab.store.audit(kinds: [.analysis]).filter { $0.payload.contains("looked-up") }.count == 1)
    }

    @Test func `a model that never stops asking is answered twice`() async throws {
        let lab = try AnalysisLab()
        try await lab.look()
        let count = Mutex(0)
        let kinds = ["disk-usage", "processes", "memory", "timers"]
        let model = ScriptedModel { request in
            guard request.schema?.document.text.contains(#""questions""#) == true else {
                return .text(Answer.analysis(questions: nil))
            }
            let round = count.withLock { count in
                count += 1
                return count
            }
            return .text(Answer.analysis(questions: #"[{"look":"\#(kinds[round % 4])","unit":null}]"#))
        }
        let report = try await lab.analyse(model)
        #expect(report?.analysis?.cost.calls == 3)
    }

    @Test func `a large journal is read in parts, and every prompt fits`() async throws {
        let lab = try AnalysisLab(journal: ExportText.entries(Self.manyLines() + Self.trouble))
        try await lab.look()
        let model = ScriptedModel(context: 8_192) { request in
            guard request.wantsNotes else { return Self.sensible(request) }
            let lines = request.lines(with: "bind() to")
            return .text(
                #"{"notes":\#(lines.isEmpty ? "[]" : #"[{"text":"port 80 is taken","severity":"critical","evidence":["\#(lines[0].id)"]}]"#)}"#
            )
        }
        let report = try await lab.analyse(model)
        let analysis = try #require(report?.analysis)
        #expect(analysis.cost.calls > 3)
        #expect(analysis.cost.calls == model.requests.count)
        #expect(analysis.rootCause?.statement.raw == "Port 80 is taken")
        for request in model.requests { #expect(TokenEstimate.tokens(in: request) + request.answerLimit <= 8_192) }
        #expect(lab.fake.looks.filter { $0.first == "journalctl" }.count == 1)
    }

    @Test func `a part that no model could read is there by its most unusual lines`() async throws {
        let lab = try AnalysisLab(journal: ExportText.entries(Self.manyLines()))
        try await lab.look()
        let model = ScriptedModel(context: 8_192) { request in
            request.wantsNotes ? .text("no JSON at all") : .text(Answer.analysis())
        }
        let report = try await lab.analyse(model)
        #expect(report?.state == .known)
        let last = try #require(model.requests.last)
        #expect(last.messages[1].text.contains("not read by a model (the answer of test/scripted is not JSON"))
    }

    @Test func `when one of two endpoints dies in the middle, the other ends the work and no part is paid twice`()
        async throws
    {
        let lab = try AnalysisLab(journal: ExportText.entries(Self.manyLines()))
        try await lab.look()
        let answered = Mutex<[String]>([])
        @Sendable func reply(_ request: ChatRequest) -> ScriptedModel.Reply {
            guard request.wantsNotes else { return .text(Answer.analysis()) }
            let parts = request.lines(with: "refused").map(\.id)
            answered.withLock { $0.append(parts.joined(separator: " ")) }
            return .text(#"{"notes":[{"text":"refused","severity":"warning","evidence":["\#(parts[0])"]}]}"#)
        }
        let served = Mutex(0)
        let dying = NamedModel(
            "desk",
            ScriptedModel { request in
                let count = served.withLock { served in
                    served += 1
                    return served
                }
                return count > 2 ? .failure(.connectionLost) : reply(request)
            })
        let steady = NamedModel("tower", ScriptedModel { reply($0) })
        let report = try await lab.analyse([
            .init("desk", models: [dying]), .init("tower", models: [steady]),
        ])
        #expect(report?.state == .known)
        let parts = answered.withLock { $0 }
        #expect(parts.count > 3)
        #expect(Set(parts).count == parts.count)
    }

    @Test func `an analysis that was ended in the middle goes on with the parts that are paid`() async throws {
        let lab = try AnalysisLab(journal: ExportText.entries(Self.manyLines()))
        try await lab.look()
        let parts = Mutex(0)
        // It dies after two parts; the process is told to end, as by a person.
        let first = ScriptedModel(context: 8_192) { request in
            guard request.wantsNotes else { return .text(Answer.analysis()) }
            let count = parts.withLock { parts in
                parts += 1
                return parts
            }
            return count > 2 ? .failure(.unreachable) : .text(#"{"notes":[]}"#)
        }
        let half = try await lab.analyse(first)
        #expect(half?.state == .unknown)
        let job = try #require(try lab.job)
        let progress = try #require(try lab.queue.progress(of: job.id))
        #expect(progress.done == 2)
        try lab.queue.restore(endpoint: "test")
        let second = ScriptedModel(context: 8_192) { request in
            .text(request.wantsNotes ? #"{"notes":[]}"# : Answer.analysis())
        }
        let whole = try await lab.analyse(second)
        #expect(whole?.state == .known)
        #expect(second.requests.filter(\.wantsNotes).count == progress.total - 2)
        #expect(lab.fake.looks.filter { $0.first == "journalctl" }.count == 1)
    }

    @Test func `cancelling the job stops the request`() async throws {
        let lab = try AnalysisLab()
        try await lab.look()
        let job = try #require(try lab.job)
        let store = lab.queue
        let noon = lab.noon
        let model = ScriptedModel { _ in
            _ = try? store.cancel(job.id, reason: "not wanted", now: noon)
            return .never
        }
        let report = try await lab.analyse(model)
        #expect(try lab.queue.job(job.id)?.state == .cancelled)
        #expect(report?.state == .unknown)
        #expect(report?.failure?.code == "cancelled")
    }

    @Test func `a worker without an end stops when it is cancelled`() async throws {
        let lab = try AnalysisLab()
        let (analysis, worker) = lab.worker([.init("test", models: [ScriptedModel { _ in .text(Answer.analysis()) }])])
        let fleet = FleetAnalysis(analysis, worker, store: lab.store)
        try await lab.look()
        let job = try #require(try lab.job)
        let task = Task { try await fleet.serve() }
        while try lab.queue.job(job.id)?.state != .done { await Task.yield() }
        task.cancel()
        try await task.value
    }
}

extension ScriptedModel {
    typealias Script = @Sendable (ChatRequest) -> Reply
}

/// A model under another endpoint's name.
struct NamedModel: LanguageModel {
    let name: ModelName
    private let model: ScriptedModel

    init(_ endpoint: String, _ model: ScriptedModel) {
        name = ModelName(endpoint: endpoint, model: model.name.model)
        self.model = model
    }

    func describe() async throws(ModelError) -> ModelDescription { try await model.describe() }

    func chat(
        _ request: ChatRequest, onPiece: @Sendable (ChatPiece) -> Void
    ) async throws(ModelError) -> ChatAnswer { try await model.chat(request, onPiece: onPiece) }

    func embed(_ texts: [String]) async throws(ModelError) -> [[Float]] { try await model.embed(texts) }
}
