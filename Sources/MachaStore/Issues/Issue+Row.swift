// SPDX-License-Identifier: MIT
import GRDB
import MachaFindings
import MachaModel

extension Issue {
    init(_ row: Row) throws {
        let origin: String = try row.value("origin")
        let state: String = try row.value("state")
        let resolution: String? = try row.value("resolution")
        let acknowledgement: String? = try row.value("acknowledgement")
        guard let knownOrigin = Origin(rawValue: origin) else { throw StoredValueError(column: "origin") }
        guard let knownState = IssueState(rawValue: state) else { throw StoredValueError(column: "state") }
        self.init(
            id: try row.value("id"), finding: try Finding(row, host: try row.value("host")), origin: knownOrigin,
            state: knownState, createdAt: try row.time("created_at"), firstSeen: try row.time("first_seen"),
            lastSeen: try row.time("last_seen"), count: try row.value("count"),
            recurrences: try row.value("recurrences"), regressions: try row.value("regressions"),
            resolvedAt: try row.time(ifAny: "resolved_at"),
            resolution: try resolution.map { text in
                guard let known = Resolution(rawValue: text) else { throw StoredValueError(column: "resolution") }
                return known
            },
            acknowledgement: try acknowledgement.map { try StoredJSON.value(Acknowledgement.self, from: $0) })
    }
}

extension IssueEvent {
    init(_ row: Row) throws {
        let kind: String = try row.value("kind")
        let severity: String = try row.value("severity")
        guard let knownKind = Kind(rawValue: kind), let knownSeverity = Severity(rawValue: severity) else {
            throw StoredValueError(column: "issue_event")
        }
        self.init(
            knownKind, at: try row.time("at"), by: try row.value("by"), note: UntrustedText(try row.value("note")),
            severity: knownSeverity)
    }
}
