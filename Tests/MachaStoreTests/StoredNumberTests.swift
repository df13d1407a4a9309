// SPDX-License-Identifier: MIT
import MachaStore
import Testing

/// No number in the database ends the process, wherever it stands.
@Suite struct StoredNumberTests {
    static let numbers = ["1e300", "9e999", "-1", "9223372036854775807"]
    static let columns = [
        "snapshot.taken_at", "issue.first_seen", "issue.last_seen", "issue.count", "approval.expires_at",
        "run.authorised_at", "run.ended_at", "action.started_at", "action.ended_at", "action.position", "audit.at",
        "audit.sequence", "audit_head.sequence", "pause.since", "endpoint.failures", "endpoint.set_aside_until",
        "export.sequence", "metric_host.watched_since", "metric_host.folded_until", "queue_clock.turn",
    ]
    static let fields = [
        "snapshot.body $.takenAt", "snapshot.body $.duration", "approval.body $.expiresAt", "approval.body $.seenAt",
        "approval.body $.id", "run.proposal $.terms", "metric_host.marks $.boot", "audit.payload $.approval",
    ]

    /// Columns keep whole numbers or any; one that the schema's types refuse was never stored.
    @Test(arguments: columns) func `a column with any number is read or refused`(column: String) throws {
        let parts = column.split(separator: ".")
        for number in Self.numbers {
            let state = try TamperedState()
            let isStored = (try? state.forge("UPDATE \(parts[0]) SET \(parts[1]) = \(number)")) != nil
            guard isStored, let store = try? state.reopened() else { continue }
            TamperedState.readEverything(store)
            let faults = try state.exports.verify(store, heads: []).faults
            if parts[0] == "audit" || parts[0] == "audit_head" { #expect(!faults.isEmpty, "\(column) = \(number)") }
        }
    }

    @Test(arguments: fields) func `a document with any number is read or refused`(field: String) throws {
        let parts = field.split(separator: " ")
        let names = parts[0].split(separator: ".")
        for number in Self.numbers + ["12345678901234567"] {
            let state = try TamperedState()
            // Put in as text: SQLite would write an infinity as no number at all.
            try state.forge(
                """
                UPDATE \(names[0]) SET \(names[1]) =
                    replace(json_set(\(names[1]), '\(parts[1])', 'NUMBER'), '"NUMBER"', '\(number)')
                """)
            guard let store = try? state.reopened() else { continue }
            TamperedState.readEverything(store)
            _ = try state.exports.verify(store, heads: [])
        }
    }
}
