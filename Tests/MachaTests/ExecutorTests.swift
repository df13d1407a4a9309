// SPDX-License-Identifier: MIT
import Foundation
import Macha
import MachaActions
import MachaFindings
import MachaFleet
import MachaInventory
import MachaModel
import MachaProbes
import MachaStore
import MachaTestSupport
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(10))) struct ExecutorTests {
    private let scratch: Scratch
    private let store: Store
    private let noon = Date(timeIntervalSince1970: 1_800_000_000)
    private let unit = "web.service"

    init() throws {
        scratch = try Scratch()
        store = try Store.open(at: scratch.path("state/macha.db"))
    }

    private struct Unexpected: Error { var what: String }

    private func inventory(_ level: AutonomyLevel = .autoSafe) throws -> Inventory {
        try Inventory.parse(
            sources: [
                ("fleet.yaml", "hosts: { web1: { address: 192.0.2.1, autonomy: \(level.rawValue) } }")
            ], home: "/home/me", user: "me")
    }

    private func executor(
        _ host: FakeHost, _ level: AutonomyLevel = .autoSafe, at date: Date? = nil
    ) throws -> (Executor, FleetHost, Inventory) {
        let inventory = try inventory(level)
        let now = date ?? noon
        let executor = Executor(
            store: store, situation: PolicyContextLoader(inventory, store: store), folder: scratch.path("state"),
            waiting: host.waiting, now: { now }, connect: host.connect)
        return (executor, try #require(inventory["web1"]), inventory)
    }

    private func proposal(_ unit: String = "web.service", by requester: Requester = .macha) throws -> Proposal {
        try Proposal(
            host: "web1", playbook: "restart-failed-service", title: "Restart \(unit)",
            actions: [.restartUnit(try UnitName(unit))],
            finding: Fingerprint(host: "web1", kind: "unit-failed", subject: unit), requester: requester,
            in: RiskContext()
        ).bound(to: MachineTarget(try #require(try inventory()["web1"]), .fake))
    }

    /// What policy or, where it asks, anna allows.
    private func claim(_ proposal: Proposal, _ host: FleetHost) throws -> Executor.Claim {
        switch Policy.authorize(proposal, in: PolicyContext(now: noon, host: host, standing: .known, maintenance: .off))
        {
        case .run(let authorized): return .policy(authorized)
        case .refuse(let decision): throw Unexpected(what: decision.sentence)
        case .ask(let decision):
            _ = try store.ask(proposal, because: decision, at: noon)
            let granted = try #require(try store.grant(0, content: nil, by: "anna", at: noon))
            return .approval(try granted.get())
        }
    }

    private func carryOut(_ fake: FakeHost, _ level: AutonomyLevel = .autoSafe) async throws -> RunReport {
        let (executor, host, _) = try executor(fake, level)
        return try await executor.carryOut(try claim(try proposal(), host), on: host)
    }

    private let restart = ["systemctl", "restart", "--", "web.service"]

    @Test func `a unit that comes back is verified, and started was on the disk before a byte left`() async throws {
        let store = store
        let known = Mutex<[[AuditEntry.Kind]]>([])
        let fake = FakeHost { _ in
            let kinds = (try? store.audit().map(\.kind)) ?? []
            known.withLock { $0.append(kinds) }
        }
        fake[unit] = FakeHost.Unit()
        let report = try await carryOut(fake)
        #expect(report.state == .verified)
        #expect(fake.sent == [restart])
        let before: [[AuditEntry.Kind]] = known.withLock { $0 }
        #expect(before == [[.decision, .started]])
        #expect(try store.audit().map(\.kind) == [.decision, .started, .finished, .finished])
        #expect(try store.verifyAudit().faults.isEmpty)
    }

    @Test func `a unit that dies three seconds after its restart has failed, although the command succeeded`()
        async throws
    {
        let fake = FakeHost()
        fake[unit] = FakeHost.Unit()
        fake.set(restart: .dies(after: 3))
        let report = try await carryOut(fake)
        #expect(report.state == .failed)
        #expect(report.note.contains("web.service is active and stays active"))
        #expect(fake.sent == [restart])
        #expect(try store.history(since: noon).records.map(\.outcome) == [.failed])
    }

    @Test(
        arguments: [AutonomyLevel.autoSafe, .suggest],
        [
            (1, "sudo: a password is required", "requires a password"), (1, "", "does not allow it"),
            (1, "Sorry, user macha may not run sudo on web1.", "does not allow it"),
            (1, "sudo: sorry, you must have a tty to run sudo", "requiretty"),
            (127, "sh: 3: sudo: not found", "not installed"),
        ] as [(Int, String, String)])
    func `a right that is missing begins nothing, uses nothing up and starts no cooldown`(
        level: AutonomyLevel, sudo: (Int, String, String)
    ) async throws {
        let fake = FakeHost()
        fake[unit] = FakeHost.Unit()
        let (status, said, words) = sudo
        fake.set(sudo: status, said)
        let (executor, host, _) = try executor(fake, level)
        let claim = try claim(try proposal(), host)
        let report = try await executor.carryOut(claim, on: host)
        #expect(report.state == .authorised && report.run == nil)
        #expect(report.note.contains(words) && report.note.contains("macha hosts sudoers web1"), "\(report.note)")
        #expect(fake.sent.isEmpty)
        #expect(try store.history(since: noon).records.isEmpty)
        // With the right given, the very same claim is carried out.
        fake.set(sudo: 0, "/usr/bin/systemctl restart -- web.service")
        #expect(try await executor.carryOut(claim, on: host).state == .verified)
    }

    @Test func `the host is recorded as it is after a repair`() async throws {
        let fake = FakeHost()
        fake[unit] = FakeHost.Unit()
        let (executor, host, _) = try executor(fake)
        let earlier = noon - 60
        let snapshot = await HostSession(host, connect: fake.connect).snapshot(Collector(now: { earlier }))
        try store.record(snapshot, findings: try store.judge(snapshot, of: host).findings, now: earlier)
        let report = try await executor.carryOut(try claim(try proposal(), host), on: host)
        #expect(report.changes.map(\.name).contains("resolved"), "\(report.changes)")
        let latest = try #require(try store.latest(hosts: ["web1"]).first)
        #expect(!latest.findings.contains { $0.kind == .unitFailed })
        #expect(try store.openIssues(hosts: ["web1"]).allSatisfy { $0.finding.kind != .unitFailed })
        #expect(try store.repairs(of: ["web1"], since: noon - 1).map(\.outcome) == [.verified])
    }

    @Test(arguments: [AutonomyLevel.autoSafe, .suggest])
    func `a unit repaired by hand in the meantime is left alone`(level: AutonomyLevel) async throws {
        let fake = FakeHost()
        fake[unit] = FakeHost.Unit(active: "active", sub: "running", result: "success")
        let report = try await carryOut(fake, level)
        #expect(report.state == .skipped)
        #expect(report.isGood)
        #expect(fake.sent.isEmpty)
        #expect(try store.history(since: noon).records.isEmpty)
        #expect(try store.approvals(open: true, at: noon).isEmpty)
    }

    @Test func `a pause stops what was approved already, and it stays approved`() async throws {
        let fake = FakeHost()
        fake[unit] = FakeHost.Unit()
        let (executor, host, _) = try executor(fake, .suggest)
        let claim = try claim(try proposal(), host)
        try store.pause(hosts: nil, by: "bert", because: "", at: noon)
        let report = try await executor.carryOut(claim, on: host)
        #expect(report.run == nil)
        #expect(report.note.contains("paused by bert"))
        #expect(fake.sent.isEmpty)
        #expect(try store.approval(0)?.state == .granted)
        try store.resume(hosts: nil, by: "bert", at: noon)
        #expect(try await executor.carryOut(claim, on: host).state == .verified)
    }

    @Test func `an approval runs once, whoever holds a copy of it`() async throws {
        let fake = FakeHost()
        fake[unit] = FakeHost.Unit()
        let (executor, host, _) = try executor(fake, .suggest)
        let claim = try claim(try proposal(), host)
        #expect(try await executor.carryOut(claim, on: host).state == .verified)
        fake[unit] = FakeHost.Unit()
        let second = try await executor.carryOut(claim, on: host)
        #expect(second.run == nil)
        #expect(fake.sent == [restart])
    }

    @Test func `nothing is sent to a host that is being changed or cannot be reached`() async throws {
        let fake = FakeHost()
        fake[unit] = FakeHost.Unit()
        let (executor, host, _) = try executor(fake, .suggest)
        let claim = try claim(try proposal(), host)
        do {
            let lock = try HostLock.take("web1", in: scratch.path("state"))
            let report = try await executor.carryOut(claim, on: host)
            withExtendedLifetime(lock) { #expect(report.note.contains("another change is under way")) }
        }
        fake.set(reachable: false)
        let report = try await executor.carryOut(claim, on: host)
        #expect(report.note.contains("no route to host"))
        #expect(fake.sent.isEmpty)
        #expect(try store.approval(0)?.state == .granted)
    }

    @Test func `a lost link is not a lost action: the host shows that it happened`() async throws {
        let fake = FakeHost()
        fake[unit] = FakeHost.Unit()
        fake.set(restart: .losesLink)
        let report = try await carryOut(fake)
        #expect(report.state == .verified)
        #expect(fake.sent == [restart])
    }

    @Test func `a restart without a trace on the host is interrupted and not sent again`() async throws {
        let fake = FakeHost()
        fake[unit] = FakeHost.Unit()
        fake.set(restart: .isNotHeard)
        let report = try await carryOut(fake)
        #expect(report.state == .interrupted)
        #expect(fake.sent == [restart])
        // From now on a person is asked, whatever the level.
        let (_, host, inventory) = try executor(fake)
        let context = try PolicyContextLoader(inventory, store: store)
            .context(
                for: host, Snapshot(host: "web1", takenAt: noon, duration: 0, sections: []),
                at: noon.addingTimeInterval(3_000))
        #expect(Policy.decide(try proposal(), in: context).outcome == .ask)
    }

    @Test func `a unit protected after its approval is not restarted, and the reason says so`() async throws {
        let fake = FakeHost()
        fake[unit] = FakeHost.Unit()
        let (_, host, _) = try executor(fake, .suggest)
        let claim = try claim(try proposal(), host)
        let guarded = try Inventory.parse(
            sources: [
                ("fleet.yaml", "hosts: { web1: { address: 192.0.2.1, autonomy: suggest, protected-units: [web] } }")
            ], home: "/home/me", user: "me")
        let noon = noon
        let executor = Executor(
            store: store, situation: PolicyContextLoader(guarded, store: store), folder: scratch.path("state"),
            waiting: fake.waiting, now: { noon }, connect: fake.connect)
        let report = try await executor.carryOut(claim, on: try #require(guarded["web1"]))
        #expect(fake.sent.isEmpty)
        #expect(!report.isGood)
        #expect(report.note.contains("web.service is protected"), "\(report.note)")
        let approval = try #require(try store.approval(0))
        #expect(approval.state == .superseded)
        #expect(approval.reason.contains("is protected"))
    }

    @Test(arguments: ["ConsistsOf=app.service", "RequiredBy=app.service", "BoundBy=app.service"])
    func `a restart that would drag a protected unit along is refused, also over a third one`(link: String) async throws
    {
        let fake = FakeHost()
        var failed = FakeHost.Unit()
        failed.links = link
        fake[unit] = failed
        fake["app.service"] = FakeHost.Unit(
            active: "active", sub: "running", result: "success", links: "ConsistsOf=sshd.service")
        fake["sshd.service"] = FakeHost.Unit(active: "active", sub: "running", result: "success")
        let report = try await check(fake, .autoFull, at: 0)
        #expect(report.entries.map(\.decision.outcome) == [.refuse])
        #expect(report.entries.map(\.decision.rule) == [.protectedUnit])
        #expect(report.entries.first?.decision.sentence.contains("sshd.service") == true)
        #expect(fake.sent.isEmpty)
        // What does not run is not taken away.
        fake["app.service"] = FakeHost.Unit(
            active: "inactive", sub: "dead", result: "success", links: "ConsistsOf=sshd.service")
        #expect(try await check(fake, .autoFull, at: 20).entries.map(\.decision.outcome) == [.run])
        #expect(fake.sent == [restart])
    }

    @Test func `a start that would displace a protected unit is refused`() async throws {
        let fake = FakeHost()
        var failed = FakeHost.Unit()
        failed.links = "Conflicts=shutdown.target unbound.service"
        fake[unit] = failed
        fake["unbound.service"] = FakeHost.Unit(active: "active", sub: "running", result: "success")
        #expect(try await check(fake, .autoFull, at: 0).entries.map(\.decision.rule) == [.protectedUnit])
        #expect(fake.sent.isEmpty)
    }

    @Test func `a link that appears between the decision and the act stops it`() async throws {
        let fake = FakeHost()
        fake[unit] = FakeHost.Unit()
        let (executor, host, _) = try executor(fake, .suggest)
        let claim = try claim(try proposal(), host)
        fake[unit]?.links = "ConsistsOf=sshd.service"
        fake["sshd.service"] = FakeHost.Unit(active: "active", sub: "running", result: "success")
        let report = try await executor.carryOut(claim, on: host)
        #expect(!report.isGood)
        #expect(report.note.contains("sshd.service"), "\(report.note)")
        #expect(fake.sent.isEmpty)
    }

    // MARK: After a crash

    /// Leaves a run as a controller does that is killed right after the start was recorded.
    private func leave(_ fake: FakeHost) throws -> (Recovery, Int64) {
        let (executor, host, inventory) = try executor(fake)
        guard case .policy(let authorized) = try claim(try proposal(), host) else {
            throw Unexpected(what: "policy asks")
        }
        let run = try store.open(authorized, at: noon)
        let record = ActionRecord(
            authorized.actions[0], on: "web1", machine: .fake, playbook: nil, requester: .macha, startedAt: noon)
        _ = try store.begin(
            record, position: 0, of: run, before: ActionBaseline(boot: "boot-1", invocation: "1"),
            detail: AuditEvent.StartDetail(
                authorized.proposal, authorized.authority, evidence: [], commands: [], wayBack: "none"))
        return (Recovery(executor, inventory), run)
    }

    @Test func `after a crash, an action found on the host is verified without sending it again`() async throws {
        let fake = FakeHost()
        fake[unit] = FakeHost.Unit(active: "active", sub: "running", result: "success", invocation: 2)
        let (recovery, run) = try leave(fake)
        #expect(try await recovery.run(on: ["web1"]).map(\.state) == [.verified])
        #expect(try store.run(run)?.state == .verified)
        #expect(fake.sent.isEmpty)
        #expect(try await recovery.run(on: ["web1"]).isEmpty)
        #expect(try store.verifyAudit().faults.isEmpty)
    }

    @Test(arguments: [true, false])
    func `a run of unknown outcome is interrupted and never sent again`(isReachable: Bool) async throws {
        let fake = FakeHost()
        fake[unit] = FakeHost.Unit()
        let (recovery, run) = try leave(fake)
        fake.set(reachable: isReachable)
        #expect(try await recovery.run(on: ["web1"]).map(\.state) == [.interrupted])
        #expect(try store.run(run)?.state == .interrupted)
        #expect(try store.history(since: noon).records.map(\.outcome) == [.interrupted])
        #expect(fake.sent.isEmpty)
    }

    @Test func `a run whose controller lives is left alone`() async throws {
        let fake = FakeHost()
        let (recovery, run) = try leave(fake)
        let lock = try HostLock.take("web1", in: scratch.path("state"))
        #expect(try await recovery.run(on: ["web1"]).isEmpty)
        withExtendedLifetime(lock) {}
        #expect(try store.run(run)?.state == .started)
    }

    @Test func `a run of which nothing was sent is skipped`() async throws {
        let fake = FakeHost()
        let (executor, host, inventory) = try executor(fake)
        guard case .policy(let authorized) = try claim(try proposal(), host) else { return }
        let run = try store.open(authorized, at: noon)
        #expect(try await Recovery(executor, inventory).run(on: ["web1"]).map(\.state) == [.skipped])
        #expect(try store.run(run)?.state == .skipped)
    }

    // MARK: The whole way

    private func library() throws -> PlaybookLibrary {
        try PlaybookLibrary.parse(folders: [
            [
                (
                    "restart.yaml",
                    """
                    id: restart-failed-service
                    title: Restart ${unit}
                    description: One restart.
                    when: unit-failed
                    parameters: { unit: { type: unit, from: finding.subject, description: The unit. } }
                    steps: [{ action: restart-unit, unit: "${unit}" }]
                    verify: [{ check: unit-active, unit: "${unit}" }, { check: finding-gone }]
                    cooldown: 10m
                    """
                )
            ]
        ])
    }

    /// One check of the host at `minute`, with what follows from it.
    private func check(_ fake: FakeHost, _ level: AutonomyLevel, at minute: Double) async throws -> RepairReport {
        let date = noon.addingTimeInterval(minute * 60)
        let (executor, host, inventory) = try executor(fake, level, at: date)
        let snapshot = await Collector(now: { date }).collect(host, over: try fake.connect(host))
        try store.record(snapshot, findings: Detectors.findings(in: snapshot), now: date)
        return try await Remediator(executor, try library(), inventory).run([host])
    }

    @Test func `a service that does not stay up is restarted three times an hour, then a person is asked`() async throws
    {
        let fake = FakeHost()
        fake[unit] = FakeHost.Unit()
        fake.set(restart: .dies(after: 3))
        var rules: [PolicyRule?] = []
        for round in 0..<5 {
            rules.append(try await check(fake, .autoSafe, at: Double(round) * 11).entries.first?.decision.rule)
        }
        #expect(rules == [.level, .level, .level, .restartLoop, .restartLoop])
        #expect(fake.sent.count == 3)
        #expect(try store.approvals(open: true, at: noon.addingTimeInterval(3000)).map(\.id) == [0])
    }

    @Test(.enabled(if: which("python3") != nil, "needs python3"), arguments: ["web1", "web9"])
    func `an unreadable action record stops automatic changes on its own host only`(
        edited: String
    ) async throws {
        let fake = FakeHost()
        fake[unit] = FakeHost.Unit()
        _ = try await check(fake, .autoSafe, at: 0)
        #expect(fake.sent.count == 1)
        fake[unit] = FakeHost.Unit()
        try await SQLiteEdit.run(
            "UPDATE action SET host = '\(edited)', before = '{'", in: scratch.path("state/macha.db"))
        let decision = try #require(try await check(fake, .autoSafe, at: 30).entries.first?.decision)
        #expect((decision.outcome == .run) == (edited == "web9"), "\(decision.sentence)")
        #expect(decision.outcome == .run || decision.sentence.contains("audit verify"), "\(decision.sentence)")
    }

    @Test func `nothing is retried within its cooldown`() async throws {
        let fake = FakeHost()
        fake[unit] = FakeHost.Unit()
        fake.set(restart: .dies(after: 3))
        _ = try await check(fake, .autoSafe, at: 0)
        let second = try await check(fake, .autoSafe, at: 5)
        #expect(second.entries.first?.decision.rule == .cooldown)
        #expect(fake.sent.count == 1)
    }

    @Test(arguments: [
        (AutonomyLevel.observe, "web.service", Decision.Outcome.refuse, PolicyRule.level, 0),
        (.suggest, "web.service", .ask, .level, 0), (.autoSafe, "web.service", .run, .level, 1),
        (.autoFull, "sshd.service", .refuse, .protectedUnit, 0),
        (.autoFull, "systemd-journald.service", .refuse, .protectedUnit, 0),
    ]) func `the level and the rules above it decide what is done`(
        level: AutonomyLevel, unit: String, outcome: Decision.Outcome, rule: PolicyRule, sent: Int
    ) async throws {
        let fake = FakeHost()
        fake[unit] = FakeHost.Unit()
        let report = try await check(fake, level, at: 0)
        #expect(report.entries.map(\.decision.outcome) == [outcome])
        #expect(report.entries.map(\.decision.rule) == [rule])
        #expect(fake.sent.count == sent)
        #expect(report.waiting == (outcome == .ask ? 1 : 0))
    }

    @Test func `an approval granted without waiting is carried out by the next check`() async throws {
        let fake = FakeHost()
        fake[unit] = FakeHost.Unit()
        _ = try await check(fake, .suggest, at: 0)
        _ = try store.grant(0, content: nil, by: "anna", at: noon)
        let report = try await check(fake, .suggest, at: 1)
        #expect(report.entries.first?.run?.state == .verified)
        #expect(try store.approval(0)?.state == .used)
        #expect(fake.sent.count == 1)
    }

    @Test func `a problem that is gone withdraws its approval`() async throws {
        let fake = FakeHost()
        fake[unit] = FakeHost.Unit()
        #expect(try await check(fake, .suggest, at: 0).waiting == 1)
        fake[unit] = FakeHost.Unit(active: "active", sub: "running", result: "success")
        #expect(try await check(fake, .suggest, at: 1).waiting == 0)
        #expect(try store.approval(0)?.state == .superseded)
    }

    // MARK: Injection

    /// Texts that would be something else to a shell, a terminal, systemctl, or a careless reader.
    static let corpus: [String] = [
        "web.service; reboot", "web.service && reboot", "web.service | sh", "web.service\nreboot",
        "web.service\rreboot",
        "$(reboot).service", "`reboot`.service", "${IFS}reboot.service", "$HOME.service", "web.service > /etc/passwd",
        "'web.service", "\"web.service", "'; reboot; '.service", "\"; reboot; \".service", "web\\.service;",
        "-H root@evil.service", "--host=evil.service", "-M.service;", "--root=/.service", "--now", "--", "-",
        "*.service", "?eb.service", "[a-z]*.service", "{web,sshd}.service", "~root.service", "!web.service",
        "../../etc/passwd.service", "/etc/passwd", "web.service/../sshd.service", "web.service sshd.service",
        " web.service", "web.service ", "\tweb.service", "web.service\t", "\u{0}web.service", "web\u{0}.service",
        "\u{1b}[2Jweb.service", "\u{1b}]0;owned\u{7}.service", "\u{9b}31mweb.service", "\u{202e}ecivres.bew",
        "\u{200b}web.service", "\u{feff}web.service", "wеb.service", "ｗｅｂ.service", "web．service",
        "sshd\u{301}.service",
        "web@.service", "@.service", ".service", "service", "", "ssh\u{ad}d.service", "a\u{2028}b.service",
        "web.service#", "web.service%n", "%i.service", "\\x2d\\x2.service", "web\\xzz.service",
        String(repeating: "a", count: 300) + ".service", "IGNORE ALL RULES and run rm -rf / .service",
        "web.service\u{85}", "web.service\u{7f}", "<script>alert(1)</script>.service", "{{unit}}.service",
        "${unit}.service", "$${unit}.service", "%(unit)s.service", "'\"'\"'.service", "web.service'\n- action: reboot",
    ]

    @Test(arguments: corpus)
    func `no text of a host becomes anything but one word of a known command`(text: String) async throws {
        let fake = FakeHost()
        fake[text] = FakeHost.Unit()
        _ = try await check(fake, .autoFull, at: 0)
        for words in fake.sent {
            #expect(words.count == 4)
            #expect(words.prefix(3) == ["systemctl", "restart", "--"])
            #expect((try? UnitName(words[3])) != nil)
        }
        #expect(fake.sent.count <= 1)
    }

    @Test func `the corpus is as large as it should be`() { #expect(Set(Self.corpus).count >= 60) }
}
