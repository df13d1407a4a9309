// SPDX-License-Identifier: MIT
import Foundation
import MachaFindings
import MachaModel
import MachaProbes
import MachaTestSupport
import Testing

@testable import MachaStore

struct IssueTests {
    let folder: TemporaryFolder
    let store: Store
    private let clear = Coverage.clear(known: ["disks", "units"], unknown: ["smart"])

    init() throws {
        folder = try TemporaryFolder()
        store = try Store.open(at: folder.database)
    }

    @discardableResult
    private func see(
        _ findings: [Finding], _ coverage: Coverage, at time: Double, recordedAt now: Double? = nil
    ) throws -> Recording {
        try store.record(
            reached("nas", at: minute(time)), findings: findings, coverage: coverage,
            gaps: Gaps(reached("nas", at: minute(time))), overview: nil, now: minute(now ?? time),
            retention: .standard)
    }

    @Test func `a problem that stays is one issue with its latest words`() throws {
        let opened = try see([.disk(on: "nas"), .disk(on: "nas", "twice")], clear, at: 0).opened
        #expect(opened.map(\.finding.kind) == [.diskSpace])
        let later = Finding.disk(on: "nas", "/ is 97 % full", .critical)
        #expect(try see([later], clear, at: 5).opened.isEmpty)

        let open = try store.openIssues()
        #expect(open.map(\.id) == opened.map(\.id))
        #expect(open.first?.finding == later)
        #expect(open.first?.firstSeen == minute(0))
        #expect(open.first?.lastSeen == minute(5))
        #expect(open.first?.count == 2)
    }

    @Test func `a full observation without the problem resolves it, and its return reopens the same issue`() throws {
        let first = try #require(try see([.disk(on: "nas")], clear, at: 0).opened.first)
        let resolved = try see([], clear, at: 5).resolved
        #expect(resolved.map(\.id) == [first.id])
        #expect(resolved.first?.resolvedAt == minute(5))
        #expect(try store.openIssues().isEmpty)

        let second = try #require(try see([.disk(on: "nas")], clear, at: 9).opened.first)
        #expect(second.id == first.id)
        #expect(second.firstSeen == minute(9) && second.createdAt == minute(0))
        #expect(second.recurrences == 1 && second.regressions == 0)
        #expect(try store.issue(first.id)?.history.map(\.kind) == [.opened, .resolved, .reopened])
    }

    @Test func `a host that does not answer keeps its problems, unconfirmed`() throws {
        try see([.disk(on: "nas")], clear, at: 0)
        let down = Finding(.unreachable, host: "nas", .critical, "nas does not answer")
        let recording = try store.record(unreachable("nas", at: minute(5)), findings: [down], now: minute(5))
        #expect(recording.resolved.isEmpty)
        let open = try store.openIssues()
        #expect(open.map(\.finding.kind) == [.diskSpace, .unreachable])
        #expect(open.map(\.lastSeen) == [minute(0), minute(5)])

        #expect(try see([.disk(on: "nas")], clear, at: 9).resolved.map(\.finding.kind) == [.unreachable])
    }

    @Test func `a problem counts from when it was seen, not from when that was stored`() throws {
        try store.record(reached("nas", at: minute(2)), findings: [.disk(on: "nas")], now: minute(4))
        #expect(try store.openIssues().map(\.firstSeen) == [minute(2)])
        #expect(try store.openIssues().map(\.lastSeen) == [minute(2)])
    }

    @Test func `hosts do not close one another's problems`() throws {
        try see([.disk(on: "nas")], clear, at: 0)
        try store.record(reached("web", at: minute(5)), findings: [], now: minute(5))
        #expect(try store.openIssues().map(\.finding.host) == ["nas"])
        #expect(try store.openIssues(hosts: ["web"]).isEmpty)
    }

    @Test func `a snapshot that arrives late neither opens nor resolves issues`() throws {
        try see([.disk(on: "nas")], clear, at: 10)
        #expect(try see([], clear, at: 9, recordedAt: 10).resolved.isEmpty)
        #expect(try see([.disk(on: "nas", "older words")], clear, at: 8, recordedAt: 10).opened.isEmpty)
        let open = try #require(try store.openIssues().first)
        #expect(open.finding.summary == Finding.disk(on: "nas").summary)
        #expect(open.firstSeen == minute(8))
        #expect(open.lastSeen == minute(10))

        try see([], clear, at: 20)
        #expect(try see([.disk(on: "nas")], clear, at: 15, recordedAt: 20).opened.isEmpty)
        #expect(try store.openIssues().isEmpty)
    }

    @Test(arguments: [60.0, 10_512_000])
    func `after a clock that was ahead is set back, what is observed then counts at once`(ahead: Double) throws {
        try see([.disk(on: "nas")], clear, at: 0)
        try see([.disk(on: "nas"), .unit(on: "nas")], clear, at: ahead)
        try see([.disk(on: "nas"), .unit(on: "nas")], clear, at: 5)
        #expect(try store.openIssues().map(\.lastSeen) == [minute(5), minute(5)])
        #expect(try see([.disk(on: "nas")], clear, at: 10).resolved.map(\.finding.kind) == [.unitFailed])
        #expect(
            try see([.disk(on: "nas"), .unit(on: "nas")], clear, at: 15).opened.map(\.finding.kind) == [.unitFailed])
        let newest = try store.latest(hosts: ["nas"])
        #expect(newest.map(\.snapshot.takenAt) == [minute(15)])
        #expect(try store.snapshots(of: "nas", limit: 9).count == 5, "nothing is lost")
    }

    @Test func `resolved issues are forgotten after a while, open ones never`() throws {
        try see([.disk(on: "nas"), .unit(on: "nas")], clear, at: 0)
        try see([.unit(on: "nas")], clear, at: 1)
        let retention = Retention(snapshotsPerHost: 100, resolvedIssues: .seconds(600))
        try store.prune(retention, now: minute(11))
        #expect(try store.issue(of: Finding.disk(on: "nas").fingerprint) != nil)
        try store.prune(retention, now: minute(12))
        #expect(try store.issue(of: Finding.disk(on: "nas").fingerprint) == nil)
        #expect(try store.openIssues().count == 1)
    }

    private static let rules: [(earlier: Coverage, now: Coverage, closes: Bool)] = [
        // A probe that answered then and is silent now may be the one that would show it.
        (.clear(known: ["disks", "units"], unknown: []), .clear(known: ["disks"], unknown: ["units"]), false),
        (.clear(known: ["disks"], unknown: []), .blind(stage: "collect"), false),
        // Silent then already, so never the source; and a probe that is new since then.
        (.clear(known: ["disks"], unknown: ["smart"]), .clear(known: ["disks"], unknown: ["smart"]), true),
        (.clear(known: ["disks"], unknown: []), .clear(known: ["disks"], unknown: ["new"]), true),
        (.clear(known: ["disks"], unknown: ["smart"]), .clear(known: ["disks", "smart"], unknown: []), true),
        // Contact: only what lies behind us is proved.
        (.blind(stage: "connect"), .clear(known: [], unknown: []), true),
        (.blind(stage: "connect"), .blind(stage: "authentication"), true),
        (.blind(stage: "host-key"), .blind(stage: "connect"), false),
        (.blind(stage: "connect"), .blind(stage: "somewhere"), false),
    ]

    @Test(arguments: rules)
    func `only an observation with the same coverage closes a finding`(earlier: Coverage, now: Coverage, closes: Bool) {
        #expect(now.closes(.disk(on: "nas"), lastSeenWith: earlier) == closes)
    }

    @Test(arguments: [(["units"], true), (["smart"], false)])
    func `a probe-unknown finding closes when that probe returns a reading`(unknown: [String], closes: Bool) throws {
        let silence = Finding(.probeUnknown, host: "nas", subject: "smart", .warning, "smart is unknown")
        try see([silence], clear, at: 0)
        let closed = try see([], .clear(known: [], unknown: Set(unknown)), at: 1).resolved
        #expect(closed.map(\.finding.kind) == (closes ? [.probeUnknown] : []))
    }
}
