// SPDX-License-Identifier: MIT
import Foundation
import Macha
import MachaActions
import MachaAnalyst
import MachaFindings
import MachaFleet
import MachaInventory
import MachaModel
import MachaStore
import MachaTestSupport

/// A host behind a fake transport, a real store, and whatever models a test brings.
struct AnalysisLab {
    let scratch: Scratch
    let store: Store
    let queue: JobQueue
    let fake: FakeHost
    let inventory: Inventory
    let library: PlaybookLibrary
    let host: FleetHost
    let noon = Date(timeIntervalSince1970: 1_800_000_000)

    struct Missing: Error {}

    /// With `hasAnswer` a playbook answers failed units by itself.
    init(
        _ level: AutonomyLevel = .suggest, journal: String = "", failed: [String] = ["nginx.service"],
        hasAnswer: Bool = false
    ) throws {
        scratch = try Scratch()
        store = try Store.open(at: scratch.path("state/macha.db"))
        // Nothing is waited for: what failed may be tried again at once.
        queue = JobQueue(
            store, rules: QueueRules(retry: BackOff(first: 0, limit: 0), endpointRetry: BackOff(first: 600, limit: 600))
        )
        fake = FakeHost("web1")
        fake.set(journal: journal)
        for unit in failed { fake[unit] = FakeHost.Unit() }
        inventory = try Inventory.parse(
            sources: [("fleet.yaml", "hosts: { web1: { address: 192.0.2.1, autonomy: \(level.rawValue) } }")],
            home: "/home/me", user: "me")
        guard let host = inventory["web1"] else { throw Missing() }
        self.host = host
        let answer =
            hasAnswer
            ? [("answer.yaml", Self.playbook("answer-failed-unit", "from: finding.subject", when: "unit-failed"))] : []
        library = try PlaybookLibrary.parse(folders: [[("restart.yaml", Self.playbook("restart-unit"))] + answer])
    }

    private static func playbook(_ id: String, _ more: String = "", when finding: String? = nil) -> String {
        """
        id: \(id)
        title: Restart ${unit}
        description: Restarts a service.
        \(finding.map { "when: { finding: \($0) }" } ?? "")
        parameters:
          unit:
            type: unit
            description: Which one.
            \(more)
        steps:
          - action: restart-unit
            unit: ${unit}
        """
    }

    /// Looks at the host and asks for an analysis of it, as a check does.
    @discardableResult
    func look(priority: Priority? = nil) async throws -> [Finding] {
        let snapshot = await Collector(now: { noon }).collect(host, over: try fake.connect(host))
        let findings = Detectors.findings(in: snapshot)
        try store.record(
            snapshot, findings: findings, now: noon,
            asking: (queue, AnalysisRequest.job(for: host.name, findings, priority: priority)))
        return findings
    }

    var job: Job? { get throws { try queue.open(key: AnalysisRequest.key(host.name)) } }

    func worker(_ endpoints: [AnalysisWorker.Endpoint]) -> (HostAnalysis, AnalysisWorker) {
        let noon = noon
        let inquiry = HostContextBuilder(
            store: store, library: library, situation: PolicyContextLoader(inventory, store: store),
            folder: scratch.path("state"), now: { noon }, connect: fake.connect)
        let analysis = HostAnalysis(
            inquiry, queue: queue, inventory: inventory, models: endpoints.flatMap { $0.models.map(\.name) })
        return (
            analysis,
            AnalysisWorker(
                analysis, endpoints: endpoints, name: "test", beat: .milliseconds(20), poll: .milliseconds(5))
        )
    }

    /// Analyses what waits, and answers what is known of the host then.
    func analyse(_ endpoints: [AnalysisWorker.Endpoint]) async throws -> AnalysisReport? {
        let (analysis, worker) = worker(endpoints)
        return try await FleetAnalysis(analysis, worker, store: store).run([host]).first?.report
    }

    func analyse(_ model: any LanguageModel) async throws -> AnalysisReport? {
        try await analyse([AnalysisWorker.Endpoint(model.name.endpoint, models: [model])])
    }

    /// What policy makes of what is proposed now, playbooks and models alike.
    func repair() async throws -> RepairReport {
        let noon = noon
        let executor = Executor(
            store: store, situation: PolicyContextLoader(inventory, store: store), folder: scratch.path("state"),
            waiting: fake.waiting, now: { noon }, connect: fake.connect)
        return try await Remediator(executor, library, inventory).run([host])
    }
}

/// Journals in the export format.
enum ExportText {
    /// One entry for each of `lines`, a second apart from `start` on, in seconds since 1970.
    static func entries(_ lines: [String], unit: String = "nginx.service", from start: Int = 1_799_999_000) -> String {
        lines.enumerated().map { index, line in
            """
            __CURSOR=s=1;i=\(index)
            __REALTIME_TIMESTAMP=\((start + index) * 1_000_000)
            _BOOT_ID=00000000000000000000000000000001
            PRIORITY=4
            SYSLOG_IDENTIFIER=\(unit.replacing(".service", with: ""))
            _SYSTEMD_UNIT=\(unit)
            MESSAGE=\(line.replacing("\n", with: " "))


            """
        }.joined()
    }
}

extension ChatRequest {
    /// The lines of the prompt that can be cited and hold `word`, with their ids.
    func lines(with word: String) -> [(id: String, text: String)] {
        (messages.last { $0.role == .user }?.text ?? "").split(separator: "\n").compactMap { line in
            guard line.contains(word), let space = line.firstIndex(of: " ") else { return nil }
            let id = line[..<space]
            let isID =
                id.first.map { "FSADIK".contains($0) } == true && id.dropFirst().allSatisfy(\.isNumber) && id.count > 1
                || id.count >= 5 && id.count <= 8
                    && id.prefix(5).allSatisfy { $0.isLowercase && $0.isASCII }
                    && id.dropFirst(5).allSatisfy { $0 == "." || $0.isNumber }
            return isID ? (String(id), String(line[line.index(after: space)...])) : nil
        }
    }

    /// Whether notes are asked for, not an analysis.
    var wantsNotes: Bool { messages.first?.text.contains("colleague") == true }
}

/// Answers in the shape of an analysis.
enum Answer {
    static func analysis(
        observations: String = "[]", cause: String = "null", suggestions: String = "[]", proposals: String = "[]",
        questions: String? = "[]",
        status: String = "attention", summary: String = "Something is wrong."
    ) -> String {
        """
        {"observations":\(observations),"root_cause":\(cause),"suggestions":\(suggestions),"proposals":\(proposals),\
        \(questions.map { "\"questions\":\($0)," } ?? "")"status":"\(status)","summary":"\(summary)"}
        """
    }

    static func restart(_ unit: String, risk: String = "low", evidence: [String]) -> String {
        """
        {"playbook":"restart-unit","parameters":[{"name":"unit","value":"\(unit)"}],"reason":"it failed",\
        "evidence":\(list(evidence)),"risk":"\(risk)"}
        """
    }

    static func list(_ words: [String]) -> String { "[" + words.map { "\"\($0)\"" }.joined(separator: ",") + "]" }
}
