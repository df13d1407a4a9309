// SPDX-License-Identifier: MIT
import Foundation
import MachaActions
import MachaModel

/// What the entries of the audit, read from the first to the last, say that the other tables hold now.
struct AuditReplay {
    /// What the newest entry about an approval says of it.
    struct Question {
        var state: Approval.State
        var title: String?
        /// `nil` in entries of earlier versions, which counted the steps alone.
        var risk: Risk?
        var by: String?
        /// `nil` where an earlier version may have shown other content since, without an entry.
        var content: ContentHash?
    }

    struct Run {
        var host: String?
        var content: ContentHash?
        var approval: Int?
        var state: StoredRun.State
    }

    struct Begun {
        /// `nil` for a kind of action that this version does not know.
        var record: ActionRecord?
        var endedAt: Date?
    }

    private(set) var questions: [Int: Question] = [:]
    private(set) var grants: [Int: ContentHash] = [:]
    private(set) var runs: [Int64: Run] = [:]
    private(set) var actions: [Int64: Begun] = [:]
    /// As the table has them: hosts, or ``Store/fleetRow``.
    private(set) var pauses: Set<String> = []

    init(_ entries: [AuditEntry]) {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .secondsSince1970
        for entry in entries {
            switch entry.kind {
            case .exec, .analysis: continue
            case .decision, .approval, .started, .finished, .interrupted, .paused, .resumed: break
            }
            guard let note = try? decoder.decode(AuditNote.self, from: Data(entry.payload.utf8)) else { continue }
            switch entry.kind {
            case .decision: authorise(note, entry)
            case .approval: ask(note)
            case .started: begin(note)
            case .finished, .interrupted: end(note, entry)
            case .paused: pauses.formUnion(note.hosts ?? [Store.fleetRow])
            case .resumed: pauses = note.hosts.map { pauses.subtracting($0) } ?? []
            case .exec, .analysis: break
            }
        }
    }

    private mutating func ask(_ note: AuditNote) {
        guard let id = note.approval, let event = note.event else { return }
        let isQuestion = event == "asked" || event == "refreshed"
        guard let state = isQuestion ? .waiting : Approval.State(rawValue: event) else { return }
        if state == .granted { grants[id] = note.content }
        questions[id] = Question(
            state: state, title: note.title, risk: note.hasTarget ? note.risk : nil, by: note.by,
            content: isQuestion && !note.hasTarget ? nil : note.content)
    }

    private mutating func authorise(_ note: AuditNote, _ entry: AuditEntry) {
        guard note.event == "authorised", let run = note.run else { return }
        runs[run] = Run(host: entry.host, content: note.content, approval: note.authorityApproval, state: .authorised)
        if let approval = note.authorityApproval { questions[approval]?.state = .used }
    }

    private mutating func begin(_ note: AuditNote) {
        guard let action = note.action else { return }
        actions[action] = Begun(record: note.record)
        if let run = note.run { runs[run]?.state = .started }
    }

    private mutating func end(_ note: AuditNote, _ entry: AuditEntry) {
        if let action = note.action {
            actions[action] = Begun(record: note.record, endedAt: entry.at)
        } else if let run = note.run, let state = note.state {
            runs[run]?.state = state
        }
    }
}

/// What is read of a payload. One field that is not understood makes that field unknown, and no other.
private struct AuditNote: Decodable {
    var event: String?
    var run: Int64?
    var action: Int64?
    var approval: Int?
    var authorityApproval: Int?
    var content: ContentHash?
    var title: String?
    var risk: Risk?
    var by: String?
    var hasTarget: Bool
    var record: ActionRecord?
    var state: StoredRun.State?
    var hosts: [String]?

    private enum Key: String, CodingKey {
        case event, run, action, approval, authority, content, title, risk, by, target, record, state, hosts
    }

    private struct Authority: Decodable {
        struct Approval: Decodable { var id: Int }
        var approval: Approval?
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        func field<Value: Decodable>(_ key: Key) -> Value? { try? container.decodeIfPresent(Value.self, forKey: key) }
        event = field(.event)
        run = field(.run)
        action = field(.action)
        approval = field(.approval)
        authorityApproval = (field(.authority) as Authority?)?.approval?.id
        content = field(.content)
        title = field(.title)
        risk = field(.risk)
        by = field(.by)
        hasTarget = container.contains(.target)
        record = field(.record)
        state = field(.state)
        hosts = field(.hosts)
    }
}
