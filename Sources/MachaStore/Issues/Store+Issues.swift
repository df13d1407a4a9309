// SPDX-License-Identifier: MIT
import GRDB
package import MachaFindings
package import MachaModel
package import struct Foundation.Date

extension Store {
    /// What is open now, by host and then longest first. `hosts` limits it; `nil` means all.
    package func openIssues(hosts: [String]? = nil) throws(StoreError) -> [Issue] {
        try read("cannot read the open findings") { db in
            let names =
                try hosts
                ?? String.fetchAll(
                    db, sql: "SELECT DISTINCT host FROM issue WHERE resolved_at IS NULL ORDER BY host")
            return try names.flatMap { host in
                try Row.fetchAll(
                    try db.cachedStatement(
                        sql: "SELECT * FROM issue WHERE host = ? AND resolved_at IS NULL ORDER BY first_seen, id"),
                    arguments: [host]
                ).map { try Issue($0) }
            }
        }
    }

    /// Every open issue of the fleet that can be read: for what hosts share. A row that was edited hides no other, and its
    /// host is told as unknown elsewhere.
    package func readableOpenIssues() throws(StoreError) -> [Issue] {
        try read("cannot read the open issues") { db in
            try Row.fetchAll(
                try db.cachedStatement(sql: "SELECT * FROM issue WHERE resolved_at IS NULL ORDER BY id")
            ).compactMap { row in try Self.ifReadable { try Issue(row) } }
        }
    }

    /// The open issues that may share a cause with an acknowledged one: none while nothing is acknowledged.
    package func openIssuesBesideAcknowledged() throws(StoreError) -> [Issue] {
        try read("cannot read the open issues") { db in
            let kinds = try String.fetchAll(
                try db.cachedStatement(sql: "SELECT DISTINCT kind FROM issue WHERE state = 'acknowledged'"))
            guard !kinds.isEmpty else { return [] }
            let related = Set(kinds).union(FindingKind.silence.map(\.rawValue)).sorted()
            return try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM issue WHERE resolved_at IS NULL AND kind IN (\(Self.marks(related.count))) ORDER BY id
                    """, arguments: StatementArguments(related)
            ).compactMap { row in try Self.ifReadable { try Issue(row) } }
        }
    }

    /// The issues of `hosts`, or of all when `nil`, that are in one of `states`, in the order of their ids.
    package func issues(hosts: [String]?, in states: Set<IssueState>) throws(StoreError) -> [Issue] {
        try read("cannot read the issues") { db in
            let names = states.map(\.rawValue).sorted()
            var condition = "state IN (\(Self.marks(names.count)))"
            if let hosts { condition += " AND host IN (\(Self.marks(hosts.count)))" }
            return try Row.fetchAll(
                db, sql: "SELECT * FROM issue WHERE \(condition) ORDER BY id",
                arguments: StatementArguments(names + (hosts ?? []))
            ).map { try Issue($0) }
        }
    }

    /// The issue `id` with its history, oldest first; `nil` when there is none, or none any more.
    package func issue(_ id: Int64) throws(StoreError) -> (issue: Issue, history: [IssueEvent])? {
        try read("cannot read issue \(id)") { db in
            try Issue.with(id, db).map { ($0, try Self.events(of: id, db)) }
        }
    }

    /// The issue of this problem, open or over; `nil` when there was none, or none is remembered.
    package func issue(of fingerprint: Fingerprint) throws(StoreError) -> Issue? {
        try read("cannot read the issue \(fingerprint)") { db in
            try Row.fetchOne(
                db, sql: "SELECT * FROM issue WHERE fingerprint = ?", arguments: [fingerprint.description]
            ).map { try Issue($0) }
        }
    }

    static func events(of id: Int64, _ db: Database) throws -> [IssueEvent] {
        try Row.fetchAll(
            try db.cachedStatement(sql: "SELECT * FROM issue_event WHERE issue_id = ? ORDER BY id"), arguments: [id]
        ).map { try IssueEvent($0) }
    }

    /// Problems of `hosts` that were first seen or proved gone after `time`, oldest news first.
    package func issues(of hosts: [String], changedSince time: Date) throws(StoreError) -> [Issue] {
        try read("cannot read what changed") { db in
            try hosts.flatMap { host in
                try Row.fetchAll(
                    try db.cachedStatement(
                        sql: """
                            SELECT * FROM issue WHERE host = :host AND (first_seen > :time OR resolved_at > :time)
                            ORDER BY coalesce(resolved_at, first_seen), id
                            """), arguments: ["host": host, "time": time.timeIntervalSince1970]
                ).map { try Issue($0) }
            }
        }
    }
}
