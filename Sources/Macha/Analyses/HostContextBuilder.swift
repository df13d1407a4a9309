// SPDX-License-Identifier: MIT
package import MachaActions
import MachaAnalyst
import MachaFindings
package import MachaFleet
import MachaInventory
import MachaModel
import MachaProbes
package import MachaStore
package import struct Foundation.Date

/// Brings together what is known of a host before a model is asked about it, and looks up what the model asks for.
package struct HostContextBuilder: Sendable {
    /// Most bytes of journal that are read at a time, and how long that may take.
    private static let journalLimit = 4 << 30
    private static let journalTime = Duration.seconds(600)
    private static let digestTokens = 24_000
    /// How far back the first analysis of a host reads, in seconds.
    private static let firstSpan = 86_400.0

    let store: Store
    let library: PlaybookLibrary
    let situation: PolicyContextLoader
    let memories: LogBaselineFiles
    let connect: HostSession.Connect
    let now: @Sendable () -> Date

    /// `folder` is the state directory; `connect` makes a new way to a host each time.
    package init(
        store: Store, library: PlaybookLibrary, situation: PolicyContextLoader, folder: String,
        now: @escaping @Sendable () -> Date = { Date() }, connect: @escaping HostSession.Connect
    ) {
        self.store = store
        self.library = library
        self.situation = situation
        self.now = now
        self.connect = connect
        memories = LogBaselineFiles(folder: folder)
    }

    /// A host with its newest look.
    struct Case: Sendable {
        var host: FleetHost
        var snapshot: Snapshot
        var findings: [Finding]
        var state: String
        var offer: PlaybookOffer
    }

    /// `nil` for a host that was never asked.
    func open(_ host: FleetHost) throws(StoreError) -> Case? {
        guard let latest = try store.latest(hosts: [host.name]).first else { return nil }
        return Case(
            host: host, snapshot: latest.snapshot, findings: latest.findings,
            state: Finding.state(of: latest.findings),
            offer: PlaybookOffer(library, on: PlaybookTarget(host: host, facts: HostFacts(latest.snapshot))))
    }

    /// Everything but the journal.
    func material(_ inquiry: Case) throws(StoreError) -> AnalysisMaterial {
        let judgement = HostJudgement(
            inquiry.snapshot, of: inquiry.host, history: try store.history(for: inquiry.snapshot),
            found: inquiry.findings)
        let report = try StatusQuery(store: store, now: now(), muting: .none).report(judgement, withTrends: false)
        return AnalysisMaterial(
            host: inquiry.host, takenAt: inquiry.snapshot.takenAt,
            facts: AnalysisFacts.lines(inquiry.snapshot, report),
            findings: inquiry.findings.sorted { $0.severity > $1.severity }, journal: .none("not read yet"),
            actions: try actions(inquiry.host.name), issues: try issues(inquiry.host.name))
    }

    private func actions(_ host: String) throws(StoreError) -> [String] {
        try store.history(since: now().addingTimeInterval(-7 * 86_400)).records.filter { $0.host == host }.suffix(20)
            .reversed()
            .map { record in
                let way = record.isAutomatic ? "by itself" : "by a person"
                return
                    "\(stamp(record.startedAt)) \(record.kind.rawValue) \(record.target), \(way): \(record.outcome.rawValue)"
            }
    }

    private func issues(_ host: String) throws(StoreError) -> [String] {
        let open = try store.openIssues(hosts: [host]).map { issue in
            "\(issue.finding.recordedKind.name) \(issue.finding.subject?.raw ?? "") since \(stamp(issue.firstSeen)), seen \(issue.count) times"
        }
        let week = now().addingTimeInterval(-7 * 86_400)
        let closed = try store.issues(of: [host], changedSince: week).compactMap { issue -> String? in
            guard let end = issue.resolvedAt else { return nil }
            return
                "\(issue.finding.recordedKind.name) \(issue.finding.subject?.raw ?? "") from \(stamp(issue.firstSeen)) to \(stamp(end)), gone"
        }
        return Array((open + closed).prefix(30))
    }

    private func stamp(_ date: Date) -> String { date.formatted(.iso8601) }

    // MARK: The journal

    /// Tokens of the digest: a host that is well by our own detectors is worth one prompt, any other one several.
    func digestTokens(
        _ analyst: Analyst, _ material: AnalysisMaterial, _ inquiry: Case
    ) async throws(ModelError) -> Int {
        let isWell = !inquiry.findings.contains { $0.severity > .info }
        guard isWell else { return Self.digestTokens }
        // Lines are counted one by one in a prompt, each rounded up.
        return min(Self.digestTokens, try await analyst.journalRoom(material, inquiry.offer) * 4 / 5)
    }

    /// What the journal said since the last usable analysis, in at most `tokens`.
    ///
    /// What it taught of the host is kept for when it has been analysed, if `isKept`.
    func journal(
        _ inquiry: Case, tokens: Int, isKept: Bool = true
    ) async throws(StoreError) -> (AnalysisMaterial.Journal, until: Date?) {
        let until = now()
        let last = try store.analysis(of: inquiry.host.name)?.coversUntil
        let since = last ?? until.addingTimeInterval(-Self.firstSpan)
        let intake = JournalDigester(memory: memories.load(inquiry.host.name), now: until)
        let command = Command(
            "journalctl",
            ["--output=export", "--no-pager", "--quiet", "--since=@\(Int(since.timeIntervalSince1970))"],
            outputLimit: Self.journalLimit)
        let result: CommandResult
        do throws(ContactFailure) {
            let transport = try connect(inquiry.host)
            do throws(ContactFailure) {
                result = try await transport.stream(command, until: .now + Self.journalTime) { intake.feed($0) }
            } catch {
                await transport.close()
                throw error
            }
            await transport.close()
        } catch {
            return (.none("the journal could not be read: \(error.message.printable(limit: 200))"), nil)
        }
        let outcome = intake.finish(tokens: tokens, troubled: troubled(inquiry.findings), now: until)
        guard outcome.entries > 0 else { return (.none(silence(result, inquiry, since: since)), nil) }
        if isKept { memories.keep(outcome.memory, of: inquiry.host.name) }
        return (AnalysisMaterial.Journal(outcome.digest), until)
    }

    /// Why there is no entry. An account that may not read the journal gets no output, not even an error.
    private func silence(_ result: CommandResult, _ inquiry: Case, since: Date) -> String {
        if case .status(let status) = result.outcome, status != 0 {
            let said = String(decoding: result.standardError.prefix(200), as: UTF8.self).printable()
            return "the journal could not be read: journalctl ended with status \(status) \(said)"
        }
        if let failure = inquiry.snapshot[JournalProbe.self].failure {
            return "the journal could not be read: \(failure.reason.rawValue) \(failure.detail.printable(limit: 160))"
        }
        return "nothing was logged since \(stamp(since))"
    }

    func troubled(_ findings: [Finding]) -> Set<String> {
        Set(findings.compactMap { $0.subject?.raw }.flatMap { [$0, $0.replacing(".service", with: "")] })
    }

    // MARK: Questions of a model

    /// Runs the queries of a model. Each query passes policy, only reads, and is asked once a day while the host's
    /// problems are the same.
    func lookUp(
        _ questions: [Diagnosis], _ inquiry: Case, model: ModelName
    ) async throws(StoreError) -> [AnalysisMaterial.Lookup] {
        let session = HostSession(inquiry.host, connect: connect)
        var lookups: [AnalysisMaterial.Lookup] = []
        do throws(StoreError) {
            for question in questions.prefix(3) {
                lookups.append(
                    .init(
                        question: question.description,
                        answer: try await answer(question, inquiry, model, session)))
            }
        } catch {
            await session.close()
            throw error
        }
        await session.close()
        return lookups
    }

    private func answer(
        _ question: Diagnosis, _ inquiry: Case, _ model: ModelName, _ session: HostSession
    ) async throws(StoreError) -> String {
        let (host, name) = (inquiry.host.name, question.description)
        let day = now().addingTimeInterval(-86_400)
        if let known = try store.lookup(name, on: host, state: inquiry.state, since: day) { return known }
        let action = Action.diagnose(question)
        let context = try situation.context(for: inquiry.host, inquiry.snapshot, at: now())
        let decision = Policy.decide(
            action, risk: action.risk(in: RiskContext(host: inquiry.host)).risk,
            requester: .model(model.description), in: context)
        guard decision.outcome == .run else { return "not looked up: \(decision.sentence)" }
        let answer: String
        do throws(ContactFailure) {
            let result = try await session.look(question.command)
            let text = OutputExcerpt.text(result).raw
            answer = text.isEmpty ? "it returned nothing (\(result.outcome))" : text
        } catch {
            return "could not be looked up: \(error.message.printable(limit: 200))"
        }
        try store.keepLookup(
            name, answer: answer, on: host, state: inquiry.state, model: model.description, at: now())
        return answer
    }
}
