// SPDX-License-Identifier: MIT
import GRDB
import MachaActions
package import MachaModel
package import struct Foundation.Date

/// What becomes of asking models about a host, with what belongs into the record of it.
package struct AnalysisRecord: Sendable {
    package var outcome: AnalysisOutcome
    /// The problems the host had, ``Finding/state(of:)``.
    package var state: String
    /// The end of the journal that was read; `nil` when none was.
    package var coversUntil: Date?
    /// The last prompts, one a round.
    package var asked: [PromptNote]
    /// What was looked up because the model asked.
    package var lookups: [String]

    package init(
        _ outcome: AnalysisOutcome, state: String, coversUntil: Date? = nil, asked: [PromptNote] = [],
        lookups: [String] = []
    ) {
        self.outcome = outcome
        self.state = state
        self.coversUntil = coversUntil
        self.asked = asked
        self.lookups = lookups
    }
}

/// A usable analysis as it is kept.
package struct StoredAnalysis: Sendable {
    package var analysis: Analysis
    package var state: String
    package var coversUntil: Date?
}

extension Store {
    /// Attempts kept of each host.
    static let keptAnalyses = 50

    /// The newest usable analysis of `host`.
    package func analysis(of host: String) throws(StoreError) -> StoredAnalysis? {
        try read("cannot read the analysis of \(host)") { db in
            guard let row = try Self.newest(host, isUsable: true, db),
                case .usable(let analysis) = try StoredJSON.value(AnalysisOutcome.self, from: try row.value("body"))
            else { return nil }
            return StoredAnalysis(
                analysis: analysis, state: try row.value("state"),
                coversUntil: try row.time(ifAny: "covers_until"))
        }
    }

    /// What models had to say of `host`, as it is at `now`; `nil` when none was ever asked.
    package func analysisReport(of host: String, now: Date) throws(StoreError) -> AnalysisReport? {
        try read("cannot read the analysis of \(host)") { db in
            let usable = try Self.newest(host, isUsable: true, db)
            let failed = try Self.newest(host, isUsable: false, db)
            guard usable != nil || failed != nil else { return nil }
            var analysis: Analysis?
            var failure: AnalysisFailure?
            if let usable,
                case .usable(let value) = try StoredJSON.value(AnalysisOutcome.self, from: try usable.value("body"))
            {
                analysis = value
            }
            if let failed, (try failed.value("id") as Int64) > (try usable?.value("id") ?? 0),
                case .unusable(let value) = try StoredJSON.value(AnalysisOutcome.self, from: try failed.value("body"))
            {
                failure = value
            }
            return AnalysisReport(usable: analysis, failure: failure, now: now)
        }
    }

    /// Keeps that no model could be asked about a host, while its job goes on waiting. Says `false`, and keeps nothing,
    /// when that is known already: it is one event, however often it is tried.
    @discardableResult
    package func noteUnanswered(_ record: AnalysisRecord, at now: Date) throws(StoreError) -> Bool {
        guard case .unusable(let failure) = record.outcome else { return false }
        return try write("cannot record the analysis of \(failure.host)") { db in
            if let last = try Row.fetchOne(
                db, sql: "SELECT * FROM analysis WHERE host = ? ORDER BY id DESC LIMIT 1", arguments: [failure.host]),
                now.timeIntervalSince1970 - (try last.value("made_at") as Double) < 86_400,
                !(try last.value("is_usable") as Bool),
                case .unusable(let known) = try StoredJSON.value(AnalysisOutcome.self, from: try last.value("body")),
                known.model.hasPrefix(failure.model),
                failure.code == AnalysisFailure.setAside || known.code == failure.code
            {
                return false
            }
            try Self.keep(record, at: now, db)
            return true
        }
    }

    /// What was asked about `host` since `time`, while it had the problems `state`, and failed in a way that would be the same
    /// again: ``AnalysisFailure/question`` of each.
    package func lastingFailures(
        of host: String, state: String, since time: Date
    ) throws(StoreError) -> Set<String> {
        try read("cannot read the analyses of \(host)") { db in
            let rows = try Row.fetchAll(
                db, sql: "SELECT body FROM analysis WHERE host = ? AND is_usable = 0 AND state = ? AND made_at > ?",
                arguments: [host, state, time.timeIntervalSince1970])
            var questions: Set<String> = []
            for row in rows {
                guard
                    case .unusable(let failure) = try StoredJSON.value(
                        AnalysisOutcome.self, from: try row.value("body")),
                    failure.lastingWords != nil, let question = failure.question
                else { continue }
                questions.insert(question)
            }
            return questions
        }
    }

    /// The answer to a question that was asked since `time` while the host had the same problems.
    package func lookup(
        _ question: String, on host: String, state: String, since time: Date
    ) throws(StoreError) -> String? {
        try read("cannot read what was looked up on \(host)") { db in
            try String.fetchOne(
                db, sql: "SELECT answer FROM lookup WHERE host = ? AND question = ? AND state = ? AND at >= ?",
                arguments: [host, question, state, time.timeIntervalSince1970])
        }
    }

    /// Keeps the answer to a question, and writes to the audit that it was asked.
    package func keepLookup(
        _ question: String, answer: String, on host: String, state: String, model: String, at now: Date
    ) throws(StoreError) {
        try write("cannot record what was looked up on \(host)") { db in
            try db.execute(
                sql: """
                    INSERT INTO lookup (host, question, state, answer, at) VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT (host, question) DO UPDATE
                    SET state = excluded.state, answer = excluded.answer, at = excluded.at
                    """, arguments: [host, question, state, answer, now.timeIntervalSince1970])
            try Self.append(
                .lookedUp(AuditEvent.LookedUp(question, answer: answer, model: model)), host: host, at: now, db)
        }
    }

    private static func newest(_ host: String, isUsable: Bool, _ db: Database) throws -> Row? {
        try Row.fetchOne(
            db, sql: "SELECT * FROM analysis WHERE host = ? AND is_usable = ? ORDER BY id DESC LIMIT 1",
            arguments: [host, isUsable])
    }

    /// Stores `record` and writes it to the audit; returns its id.
    @discardableResult
    static func keep(_ record: AnalysisRecord, at now: Date, _ db: Database) throws -> Int64 {
        let (host, isUsable) =
            switch record.outcome {
            case .usable(let analysis): (analysis.host, true)
            case .unusable(let failure): (failure.host, false)
            }
        try db.execute(
            sql: """
                INSERT INTO analysis (host, made_at, is_usable, state, covers_until, body) VALUES (?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                host, now.timeIntervalSince1970, isUsable, record.state, record.coversUntil?.timeIntervalSince1970,
                try StoredJSON.text(of: record.outcome),
            ])
        let id = db.lastInsertedRowID
        // The newest usable one stays, however many attempts fail after it.
        try db.execute(
            sql: """
                DELETE FROM analysis WHERE host = :host AND id NOT IN (
                    SELECT id FROM analysis WHERE host = :host ORDER BY id DESC LIMIT :kept)
                AND id <> coalesce((SELECT max(id) FROM analysis WHERE host = :host AND is_usable = 1), 0)
                """, arguments: ["host": host, "kept": keptAnalyses])
        try append(
            .analysed(AuditEvent.Analysed(record.outcome, asked: record.asked, lookups: record.lookups)), host: host,
            at: now, db)
        if case .usable(let analysis) = record.outcome { try tellIssues(of: analysis, at: now, db) }
        return id
    }
}
