// SPDX-License-Identifier: MIT
import Foundation
@testable import Macha
import MachaActions
import MachaFindings
import MachaInventory
import MachaModel
import MachaProbes
import MachaStore
import MachaTestSupport
import Testing

/// Reports over a real store.
struct PeriodReportTests {
    private let scratch: Scratch
    private let store: Store
    private let inventory: Inventory
    /// Monday, 30 November 2026, 07:30 UTC.
    private let morning = Date(timeIntervalSince1970: 1_796_023_800)

    init() throws {
        scratch = try Scratch("macha-period")
        store = try Store.open(at: scratch.path("macha.db"))
        inventory = try Self.inventory("host1, host2")
    }

    private static func inventory(_ names: String) throws -> Inventory {
        let hosts = names.split(separator: ",").map { "\($0): { address: \($0.trimmingPrefix(" ")).lan }" }
            .joined(separator: ", ")
        return try Inventory.parse(sources: [("f.yaml", "hosts: { \(hosts) }")], home: "/root", user: "macha")
    }

    private func hours(_ count: Double) -> Date { morning.addingTimeInterval(count * 3_600) }

    private func reader(
        _ kind: ReportKind = .daily, since: Double = -24, at now: Double = 0, _ other: Inventory? = nil,
        budget: Int? = nil
    ) throws -> PeriodReader {
        try PeriodReader(
            kind, since: hours(since), at: hours(now), store: store, inventory: other ?? inventory,
            analysesPerDay: budget)
    }

    private func text(_ report: PeriodReport) throws -> ReportDocument {
        PeriodText(report, zone: try #require(TimeZone(identifier: "UTC"))).document
    }

    /// Entries of a section as a person reads them.
    private func section(_ title: String, _ report: PeriodReport) throws -> [String] {
        try text(report).sections.first { $0.title == title }?.entries.map { entry in
            let detail = entry.detail.isEmpty ? "" : " (\(entry.detail))"
            return (entry.label.isEmpty ? "" : "\(entry.label): ") + entry.text + detail
        } ?? []
    }

    /// Checks a host at that hour; it is healthy but for `findings`.
    private func check(
        _ number: Int, at hour: Double, _ findings: [Finding] = [], booted: Double = -9_000
    ) throws {
        var host = MadeUpHost(number)
        let now = hours(hour)
        let snapshot = host.look(
            at: Int(now.timeIntervalSince1970), booted: Int(hours(booted).timeIntervalSince1970))
        try store.record(snapshot, findings: findings, now: now)
    }

    private func disk(_ number: Int = 1, _ severity: Severity = .critical) -> Finding {
        Finding(.diskSpace, host: "host\(number)", subject: "/", severity, "The disk is full.", evidence: ["97 %"])
    }

    private func unreached(_ name: String, at hour: Double) throws {
        let failure = ContactFailure(.unreachable, stage: .connect, message: "refused")
        let snapshot = Snapshot(host: name, takenAt: hours(hour), duration: 1, failure: failure)
        try store.record(snapshot, findings: Detectors.findings(in: snapshot), now: hours(hour))
    }

    @Test func `nothing to say is one sentence`() throws {
        for hour in [-30.0, -10, -1] { for number in 1...2 { try check(number, at: hour) } }
        let report = try reader().report
        #expect(report.isQuiet, "\(report)")
        let document = try text(report)
        #expect(document.summary == ["All 2 hosts are healthy, and nothing has happened since 29 Nov 07:30."])
        #expect(document.sections.isEmpty && document.notes.isEmpty)
        #expect(document.title == "Macha daily report: all 2 hosts are healthy")
    }

    @Test func `a host that was not checked or not reached is named and not called healthy`() throws {
        try check(1, at: -30)
        try check(2, at: -40)
        try unreached("host2", at: -1)
        let report = try reader(at: 0, try Self.inventory("host1, host2, host3")).report
        #expect(!report.isQuiet && report.summary.ok == 0)
        #expect(
            try section("Nothing is known of", report) == [
                "unknown: host1 was not checked in this time (last reached 29 Nov 01:30)",
                "unknown: host3 was not checked in this time (never reached)",
            ])
        let problem = try #require(try section("Problems", report).first)
        #expect(problem.contains("host2") && problem.contains("last reached 28 Nov 15:30"), "\(problem)")
        #expect(try text(report).title == "Macha daily report: 1 critical, 2 hosts unknown")
    }

    @Test(arguments: [true, false])
    func `what a person reported is told once, whether its host was ever checked or not`(isChecked: Bool) throws {
        if isChecked { try check(1, at: -1) }
        let finding = Finding(
            recorded: MachaFindings.Issue.reportedKind, host: "host1", subject: "loud fan", .warning,
            "The fan is loud.", evidence: [], figures: [:], remedy: "", commands: [])
        _ = try store.report(finding, note: "", by: "anna", at: hours(-2))
        let told = try section("Problems", try reader().report).filter { $0.contains("The fan is loud.") }
        #expect(told.count == 1, "\(told)")
    }

    @Test func `problems are new, open, resolved or known of, the worst first`() throws {
        let warning = Finding(.unitFailed, host: "host2", subject: "a.service", .warning, "a.service has failed.")
        let known = Finding(.diskInodes, host: "host2", subject: "/", .warning, "Inodes run out.")
        try check(1, at: -30)
        try check(2, at: -30, [warning, known])
        let issue = try #require(try store.issue(of: known.fingerprint))
        _ = try store.acknowledge(
            issue.id, until: hours(50), note: "ordered a disk", sharing: ["host2"], below: nil, by: "anna",
            at: hours(-29))
        try check(1, at: -3, [disk(), Finding(.memoryLow, host: "host1", .warning, "Memory is low.")])
        try check(1, at: -1, [disk()])
        try check(2, at: -1, [warning, known])
        let report = try reader().report
        #expect(
            try section("Problems", report) == [
                "critical, new: host1: The disk is full. (since 30 Nov 04:30; issue 3)",
                "warning: host2: a.service has failed. (since 29 Nov 01:30; issue 1)",
            ])
        #expect(
            try section("Resolved", report) == [
                "resolved: host1: Memory is low. (after 2 hours, 30 Nov 06:30)"
            ])
        #expect(
            try section("You know of these", report) == [
                "host2: Inodes run out. (acknowledged by anna until 2 Dec 09:30: ordered a disk)"
            ])
        #expect(try text(report).title == "Macha daily report: 1 critical, 1 warning")
        #expect(
            try text(report).summary.last == "Since 29 Nov 07:30, 2 problems came up and 1 was resolved.")
    }

    @Test func `actions say how they ended and who approved them, approvals how long they wait`() throws {
        for number in 1...2 { try check(number, at: -1) }
        let proposal = try restart("web.service")
        guard case .asked(let asked) = try store.ask(proposal, because: decision, at: hours(-6)) else {
            throw CancellationError()
        }
        _ = try store.grant(asked.id, content: asked.content, by: "anna", at: hours(-5))
        try run(asked.id, proposal, .verified, note: "fine", at: -4)
        let other = try restart("db.service")
        guard case .asked(let second) = try store.ask(other, because: decision, at: hours(-6)) else {
            throw CancellationError()
        }
        _ = try store.grant(second.id, content: second.content, by: "bob", at: hours(-5))
        try run(second.id, other, .failed, note: "exit 1, password=hunter2-geheim", at: -3)
        try store.ask(try restart("old.service"), because: decision, at: hours(-40))
        try store.ask(try restart("app.service"), because: decision, at: hours(-6))
        let report = try reader().report
        #expect(
            try section("Done", report) == [
                "failed: host1: Restart db.service (30 Nov 04:30, approved by bob; exit 1, password=[secret])",
                "succeeded: host1: Restart web.service (30 Nov 03:30, approved by anna)",
            ])
        #expect(
            try section("Waits for you", report) == [
                "approval 3: host1: Restart app.service (risk low; waits for 6 hours, expires in 18 hours)",
                "expired: host1: Restart old.service (approval 2 ended 29 Nov 15:30 without an answer)",
            ])
        #expect(try text(report).title.hasSuffix("1 approval waits"))
    }

    private let decision = Decision(.ask, .level, "suggest asks before actions of low risk")

    private func restart(_ unit: String) throws -> Proposal {
        try Proposal(
            host: "host1", playbook: "restart-failed-service", title: "Restart \(unit)",
            actions: [.restartUnit(try UnitName(unit))], rollback: [], evidence: [UntrustedText("failed")],
            finding: Fingerprint(host: "host1", kind: "unit-failed", subject: unit), requester: .macha,
            in: RiskContext())
    }

    private func run(_ approval: Int, _ proposal: Proposal, _ end: RunState, note: String, at hour: Double) throws {
        guard case .success(let used)? = try store.use(approval, at: hours(hour)) else { throw CancellationError() }
        let record = ActionRecord(
            .restartUnit(try UnitName("web.service")), on: "host1",
            machine: MachineIdentity(hostKey: nil, machineID: nil), playbook: nil, requester: .macha,
            startedAt: hours(hour))
        let detail = AuditEvent.StartDetail(
            proposal, used.authorized.authority, evidence: [], commands: [], wayBack: "none")
        guard
            case .begun(let id) = try store.begin(
                record, position: 0, of: used.run, before: ActionBaseline(invocation: "a"), limits: [], detail: detail)
        else { throw CancellationError() }
        let outcome: ActionRecord.Outcome = end == .verified ? .verified : .failed
        try store.end(id, outcome, detail: .recovery(found: note), at: hours(hour))
        try store.close(used.run, end, note: note, at: hours(hour))
    }

    @Test func `hosts are compared with the last report: states, boots, new and gone ones`() throws {
        let both = try Self.inventory("host1, host3")
        try check(1, at: -40)
        try check(3, at: -40)
        let mark = try reader(since: -63, at: -39, both).mark
        let earlier = StoredReport(kind: .daily, dueAt: hours(-39), madeAt: hours(-39), mark: mark)
        #expect(try store.keep(earlier, notices: []))
        #expect(!(try store.keep(earlier, notices: [])))
        try check(1, at: -1, [disk()], booted: -3)
        try check(2, at: -1)
        let report = try reader(since: -39).report
        #expect(
            try section("Changes on hosts", report) == [
                "host1 is critical, and was ok", "host1 booted 30 Nov 04:30", "host2 is new in the inventory",
                "host3 is no longer in the inventory",
            ])
        #expect(report.comparedWith == hours(-39))
    }

    @Test func `generation, revision and kernel of a host that is unknown now have not changed`() throws {
        let known = ReportMark.Host(state: .ok, generation: 41, revision: "abc", kernel: "6.6.1")
        let mark = ReportMark(takenAt: hours(-24), hosts: ["host1": known, "host2": known])
        _ = try store.keep(
            StoredReport(kind: .weekly, dueAt: hours(-24), madeAt: hours(-24), mark: mark), notices: [])
        try unreached("host1", at: -1)
        try check(2, at: -1)
        let reader = try reader()
        #expect(try section("Changes on hosts", reader.report) == ["host1 is unknown, and was ok"])
        #expect(reader.mark.hosts["host1"]?.generation == 41 && reader.mark.hosts["host1"]?.kernel == "6.6.1")
    }

    @Test func `a disk that fills is told with the time that is left`() throws {
        var host = MadeUpHost(1)
        for hour in stride(from: -200.0, through: -1, by: 1) {
            let time = hours(hour)
            let used = (150 << 30) + Int(hour + 200) * (100 << 20)
            let look = host.look(at: Int(time.timeIntervalSince1970), rootUsed: used)
            try store.record(try store.judge(look, of: inventory.hosts[0]), now: time)
        }
        let report = try reader().report
        let disk = try #require(report.capacity.first { $0.mount == "/" })
        #expect(disk.host == "host1")
        let left = try #require(disk.untilFull)
        #expect((8.0...18).contains(left / 86_400), "\(left / 86_400) days")
        let line = try #require(try section("Disks", report).first)
        #expect(line.contains("host1 /,") && line.contains("full in about"), "\(line)")
    }

    @Test func `a weekly report counts this week and the one before`() throws {
        for hour in stride(from: -400.0, through: -1, by: 12) {
            let isBad = (-330.0 ..< -310).contains(hour) || (-250.0 ..< -230).contains(hour) || hour > -30
            try check(1, at: hour, isBad ? [disk()] : [])
            try check(2, at: hour)
        }
        let report = try reader(.weekly, since: -168).report
        #expect(report.counts.opened == 1 && report.before?.opened == 1 && report.before?.resolved == 1)
        #expect(
            try text(report).summary.last
                == "Since 23 Nov 07:30, 1 problem came up (1 the week before) and none was resolved (1 the week before)."
        )
        #expect(try reader(.weekly, since: -300).report.before == nil)
    }

    @Test func `model use and what was not told are counted`() throws {
        for number in 1...2 { try check(number, at: -1) }
        let failure = AnalysisFailure(
            host: "host1", madeAt: hours(-2), model: "desk/tiny", code: "unreachable", message: "no answer",
            remedy: "", question: nil)
        _ = try store.noteUnanswered(AnalysisRecord(.unusable(failure), state: "a"), at: hours(-2))
        _ = try store.notify(at: hours(-2)) { _, _ in
            var plan = NotificationPlan(states: [:])
            plan.held = ["a", "b"].map {
                HeldNotice(
                    receiver: "phone", alert: $0, host: "host1", summary: "x", reason: .rateLimit, words: "30 an hour",
                    at: hours(-2))
            }
            return plan
        }
        for (id, reason) in [("one", "the name is unknown"), ("two", "no route to phone")] {
            let message = NoticeMessage(
                id: id, title: id, lines: [], priority: .high, tags: [], click: nil, at: hours(-2))
            try store.enqueue(
                [PlannedNotice(receiver: "phone", occasion: .new, message: message, alerts: [])], at: hours(-2))
            let claimed = try #require(try store.claimNotice(for: "phone", seconds: 60, at: hours(-2)))
            try store.failNotice(
                claimed.id, because: reason, isPermanent: true, wait: nil, retry: .standard, at: hours(-2))
        }
        let report = try reader(budget: 40).report
        #expect(
            try section("Models", report) == [
                "1 analysis (at most 40 a day), 0 calls, 0 tokens read and 0 written; 1 without a usable answer"
            ])
        #expect(try section("Notices", report) == ["None was sent; not told: 2 by the rate limit"])
        #expect(
            try section("Problems", report) == ["not delivered: 2 notices to phone (no route to phone)"])
    }

    @Test func `a new kind of error in a log is told with its line, without secrets`() throws {
        let found = Finding(
            .newError, host: "host1", subject: "app", .info, "app logs a new kind of error.",
            evidence: ["login with password=hunter2-geheim failed"])
        try check(1, at: -30)
        try check(1, at: -2, [found])
        try check(2, at: -2)
        let lines = try section("New in the logs", try reader().report)
        #expect(lines.count == 1 && lines[0].hasPrefix("host1: app logs a new kind of error."))
        #expect(lines[0].contains("[secret]") && !lines[0].contains("hunter2"))
    }

    @Test(.enabled(if: which("python3") != nil, "needs python3"))
    func `what cannot be read of one host is named and hides no other`() async throws {
        for number in 1...2 { try check(number, at: -1) }
        try await SQLiteEdit.run("UPDATE snapshot SET body = '{' WHERE host = 'host2'", in: scratch.path("macha.db"))
        let report = try reader().report
        #expect(report.unreadable.contains("host2") && report.summary.ok == 1 && !report.isQuiet)
        #expect(try text(report).notes.first?.contains("host2") == true)
    }
}
