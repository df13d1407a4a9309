// SPDX-License-Identifier: MIT
import Foundation
import MachaActions
import MachaModel
import MachaTestSupport
import Testing

@testable import MachaStore

/// The payloads of the audit: what a version wrote, every later one reads, and writes in the same bytes.
@Suite struct AuditEventTests {
    // MARK: What was recorded

    private static let recorded = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Recorded")
    static let versions: [String] =
        (try? FileManager.default.contentsOfDirectory(atPath: recorded.path))?
        .filter { FileManager.default.fileExists(atPath: recorded.appending(path: "\($0)/state.tar.xz").path) }.sorted()
        ?? []

    private func entries(of version: String, in scratch: Scratch) async throws -> [AuditEntry] {
        let archive = Self.recorded.appending(path: "\(version)/state.tar.xz").path
        let python = try #require(which("python3"))
        let unpacked = try ChildProcess(python, ["-m", "tarfile", "-e", archive, scratch.url.path])
        try #require(await unpacked.finished() == 0, "Python cannot unpack \(archive)")
        return try Store.open(at: scratch.path("state/macha.db")).audit(limit: 10_000)
    }

    @Test(.enabled(if: PythonServer.isAvailable, "needs python3"), .timeLimit(.minutes(5)), arguments: versions)
    func `every payload of an earlier version is read, and written again in the same bytes`(version: String)
        async throws
    {
        var kinds: Set<AuditEntry.Kind> = []
        for entry in try await entries(of: version, in: try Scratch()) {
            guard case .event(let event) = entry.content else {
                Issue.record("entry \(entry.sequence) cannot be read: \(entry.payload)")
                continue
            }
            #expect(event.kind == entry.kind)
            #expect(try StoredJSON.text(of: event) == entry.payload)
            kinds.insert(entry.kind)
        }
        #expect(kinds == Set(AuditEntry.Kind.allCases))
    }

    // MARK: What no record holds

    private static let hash = ContentHash(of: "ok".utf8)

    static let written: [(event: AuditEvent, text: String)] = [
        (
            .refused(AuditEvent.Withheld(title: "Restart a/b", why: "another machine")),
            #"{"event":"refused","title":"Restart a/b","why":"another machine"}"#
        ),
        (
            .skipped(AuditEvent.Withheld(title: "Restart \"x\"", why: "é")),
            #"{"event":"skipped","title":"Restart \"x\"","why":"é"}"#
        ),
        (
            .accepted(
                AuditEvent.Accepted(by: "anna", why: "", databaseEnd: nil, exportsEnd: 9, exportsHash: hash)),
            #"{"by":"anna","event":"accepted","exportsEnd":9,"exportsHash":"\#(hash)","#
                + #""title":"the database as it is, older than its exports","why":""}"#
        ),
        (
            .forgotten(AuditEvent.Forgotten(by: "anna", why: "sold", rows: ["snapshot": 3])),
            #"{"by":"anna","event":"forgotten","rows":{"snapshot":3},"#
                + #""title":"what was observed of the host","why":"sold"}"#
        ),
        (
            .lookedUp(AuditEvent.LookedUp("unit-status nginx.service", answer: "ok", model: "desk/tiny")),
            #"{"answer":"\#(hash)","bytes":"2","event":"looked-up","model":"desk/tiny","#
                + #""question":"unit-status nginx.service"}"#
        ),
        (
            .paused(AuditEvent.Pause(hosts: nil, by: "anna", reason: "a move")),
            #"{"by":"anna","reason":"a move"}"#
        ),
        (
            .closed(AuditEvent.RunEnd(run: 3, state: .rolledBack, note: "undone")),
            #"{"note":"undone","run":3,"state":"rolled-back"}"#
        ),
        (
            .left(AuditEvent.RunLeft(run: 3, title: "Restart x", left: "the daemon ended")),
            #"{"left":"the daemon ended","run":3,"title":"Restart x"}"#
        ),
    ]

    @Test(arguments: written.indices)
    func `an event is written as the first version wrote it, and read back`(index: Int) throws {
        let (event, text) = Self.written[index]
        let folder = try TemporaryFolder()
        let store = try Store.open(at: folder.database)
        try store.note(event, host: "web1", at: minute(0))
        let entry = try #require(try store.audit().last)
        #expect(entry.payload == text)
        #expect(entry.kind == event.kind)
        #expect(entry.content == .event(event))
    }

    @Test func `each change of an approval is an event`() throws {
        let state = try TamperedState()
        _ = try state.store.ask(
            try restart("waiting", evidence: ["worse"]), because: asks, at: minute(4))
        try state.store.withdraw(TamperedState.waiting, because: "gone", at: minute(5))
        let changes = try state.store.audit(kinds: [.approval]).map { entry in
            guard case .event(.approval(let change)) = entry.content else { return "unreadable" }
            return "\(change.approval) \(change.event.rawValue)"
        }
        #expect(
            changes == [
                "0 asked", "0 granted", "1 asked", "1 granted", "2 asked", "2 refreshed", "2 superseded",
            ])
    }

    // MARK: What cannot be read

    @Test(arguments: AuditEntry.Kind.allCases)
    func `a payload that is no event stays what it is`(kind: AuditEntry.Kind) {
        for payload in [
            "", "nonsense", "{}", "[1]", "null", #"{"event":"teleported","run":1}"#, #"{"event":7,"action":"x"}"#,
            #"{"run":9e999}"#, #"{"run":12345678901234567}"#, String(repeating: "[", count: 100_000),
        ] {
            let entry = AuditEntry(after: nil, at: minute(0), kind: kind, host: nil, payload: payload)
            guard case .unreadable(let event) = entry.content else {
                Issue.record("\(kind): \(payload.prefix(40)) was read as \(entry.content)")
                continue
            }
            #expect(event.text == payload)
        }
    }

    @Test func `an event is not read from an entry of another kind`() throws {
        let state = try TamperedState()
        for entry in try state.store.audit() {
            for kind in AuditEntry.Kind.allCases where kind != entry.kind {
                let isPause = Set([kind, entry.kind]) == [.paused, .resumed]
                if isPause { continue }
                let moved = AuditEntry(after: nil, at: minute(0), kind: kind, host: nil, payload: entry.payload)
                if case .event(let event) = moved.content { Issue.record("\(entry.kind) as \(kind): \(event)") }
            }
        }
    }

    @Test func `an event of another version is reported as unknown, not as a fault`() throws {
        let state = try TamperedState()
        let start = try #require(try state.store.audit(kinds: [.started]).first)
        try state.rewrite(from: start.sequence) { $0.replacing("restart-unit", with: "levitate-unit") }
        let store = try state.reopened()
        #expect(try store.verifyAudit().faults.isEmpty)
        let empty = Exports(folder: state.folder.path + "/no-exports")
        let verification = try empty.verify(store, heads: [])
        #expect(verification.faults.isEmpty)
        #expect(verification.blind.contains { $0.hasPrefix("entry \(start.sequence) of the audit:") })
        let words = try state.exports.verify(store, heads: []).faults.map(\.description)
        #expect(words.contains { $0.contains("actions.jsonl") && $0.contains("another content") }, "\(words)")
    }

    @Test func `a grant whose use cannot be read is not used`() throws {
        let state = try TamperedState()
        let grant = try #require(
            try state.store.audit(kinds: [.approval]).last {
                if case .event(.approval(let change)) = $0.content { change.event == .granted } else { false }
            })
        let use = try #require(try state.store.audit(kinds: [.decision]).first { $0.sequence > grant.sequence })
        try state.rewrite(from: use.sequence) { $0.replacing("authorised", with: "teleported") }
        guard case .failure(let refusal)? = try state.reopened().use(TamperedState.granted, at: minute(4)) else {
            Issue.record("it was used")
            return
        }
        #expect("\(refusal)".contains("entry \(use.sequence) of the audit, which may be its use, cannot be read"))
    }

    // MARK: Logs

    @Test func `every kind belongs to one log`() {
        let kinds = AuditEntry.Log.allCases.flatMap(\.kinds)
        #expect(Set(kinds) == Set(AuditEntry.Kind.allCases))
        #expect(kinds.count == AuditEntry.Kind.allCases.count)
    }
}
