// SPDX-License-Identifier: MIT
import GRDB
import MachaActions
package import MachaFindings
package import MachaInventory
import MachaModel
package import struct Foundation.Date

/// A silence that a person made, over or not.
package struct StoredSilence: Hashable, Sendable, Identifiable {
    package let id: Int64
    package let silence: Silence
    /// Who ended it early; `nil` when nobody did.
    package let endedBy: String?
}

/// What people silence, and where they are at work. Each word and its audit entry are one transaction.
extension Store {
    /// Raises no alarm about what fits, until `until`.
    package func silence(
        _ selector: HostSelector, kind: String?, subject: SubjectGlob?, until: Date, by person: String,
        because reason: String, at now: Date
    ) throws(StoreError) -> StoredSilence {
        try write("cannot record the silence") { db in
            try db.execute(
                sql: """
                    INSERT INTO silence (selector, kind, subject, begins_at, ends_at, by, reason)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    "\(selector)", kind, subject?.text, now.timeIntervalSince1970, until.timeIntervalSince1970, person,
                    reason,
                ])
            let id = db.lastInsertedRowID
            try Self.append(
                .silence(
                    AuditEvent.Quiet(
                        .began, silence: id, hosts: "\(selector)", findings: kind, subject: subject?.text,
                        until: until, by: person, why: reason)), host: nil, at: now, db)
            let silence = Silence(
                .command(id), selector: selector, kind: kind, subject: subject,
                span: MutedSpan(from: now, until: until), by: person, reason: UntrustedText(reason))
            return StoredSilence(id: id, silence: silence, endedBy: nil)
        }
    }

    /// The silences that people made and that are still remembered, in the order in which they were made. One that was
    /// edited is none: an alarm too many is better than one too few.
    package func silences() throws(StoreError) -> [StoredSilence] {
        try read("cannot read the silences") { db in
            try Row.fetchAll(db, sql: "SELECT * FROM silence ORDER BY id").compactMap { row in
                try Self.ifReadable { try StoredSilence(row) }
            }
        }
    }

    /// Ends the silence `id` now; returns it, or `nil` when there is none that still holds.
    package func expire(_ id: Int64, by person: String, at now: Date) throws(StoreError) -> StoredSilence? {
        try write("cannot end silence \(id)") { db in
            try db.execute(
                sql: """
                    UPDATE silence SET ended_at = :now, ended_by = :by
                    WHERE id = :id AND ended_at IS NULL AND ends_at > :now
                    """, arguments: ["id": id, "now": now.timeIntervalSince1970, "by": person])
            guard db.changesCount == 1,
                let row = try Row.fetchOne(db, sql: "SELECT * FROM silence WHERE id = ?", arguments: [id])
            else { return nil }
            let ended = try StoredSilence(row)
            try Self.append(
                .silence(
                    AuditEvent.Quiet(
                        .ended, silence: id, hosts: "\(ended.silence.selector)", findings: ended.silence.kind,
                        subject: ended.silence.subject?.text, until: nil, by: person, why: "")),
                host: nil, at: now, db)
            return ended
        }
    }

    /// Nothing is repaired on `hosts` unasked, and no alarm is raised about them, until `until`.
    package func maintain(
        _ hosts: [String], until: Date, by person: String, because reason: String, at now: Date
    ) throws(StoreError) {
        try write("cannot record the maintenance") { db in
            for host in hosts {
                try db.execute(
                    sql: "INSERT INTO maintenance (host, begins_at, ends_at, by, reason) VALUES (?, ?, ?, ?, ?)",
                    arguments: [
                        host, now.timeIntervalSince1970, until.timeIntervalSince1970, person, reason,
                    ])
            }
            try Self.audit(maintenance: .began, hosts, until: until, by: person, why: reason, at: now, db)
        }
    }

    /// Ends the maintenance of `hosts` now; returns those that were in it.
    package func endMaintenance(of hosts: [String], by person: String, at now: Date) throws(StoreError) -> [String] {
        try write("cannot end the maintenance") { db in
            let ended = try hosts.filter { host in
                try db.execute(
                    sql: """
                        UPDATE maintenance SET ended_at = :now, ended_by = :by
                        WHERE host = :host AND ended_at IS NULL AND ends_at > :now
                        """, arguments: ["host": host, "now": now.timeIntervalSince1970, "by": person])
                return db.changesCount > 0
            }
            if !ended.isEmpty {
                try Self.audit(maintenance: .ended, ended, until: nil, by: person, why: "", at: now, db)
            }
            return ended
        }
    }

    /// The windows that people opened and that are still remembered.
    package func maintenanceWindows() throws(StoreError) -> [MaintenanceWindow] {
        try read("cannot read the maintenance") { try Self.windows($0) }
    }

    static func windows(_ db: Database) throws -> [MaintenanceWindow] {
        try Row.fetchAll(try db.cachedStatement(sql: "SELECT * FROM maintenance ORDER BY id")).compactMap { row in
            try ifReadable {
                MaintenanceWindow(
                    id: try row.value("id"), host: try row.value("host"), span: try MutedSpan(row),
                    by: try row.value("by"), reason: UntrustedText(try row.value("reason")))
            }
        }
    }

    static func forgetSilences(endedBefore time: Date, _ db: Database) throws {
        for table in ["silence", "maintenance"] {
            try db.execute(
                sql: "DELETE FROM \(table) WHERE coalesce(ended_at, ends_at) < ?",
                arguments: [time.timeIntervalSince1970])
        }
    }

    private static func audit(
        maintenance change: AuditEvent.Quiet.Change, _ hosts: [String], until: Date?, by person: String, why: String,
        at now: Date, _ db: Database
    ) throws {
        try append(
            .maintenance(
                AuditEvent.Quiet(
                    change, silence: nil, hosts: hosts.joined(separator: ","), findings: nil, subject: nil,
                    until: until, by: person, why: why)),
            host: hosts.count == 1 ? hosts.first : nil, at: now, db)
    }
}

extension StoredSilence {
    fileprivate init(_ row: Row) throws {
        let (selector, subject): (String, String?) = (try row.value("selector"), try row.value("subject"))
        // `try?` would make one of an absent pattern and a broken one.
        let known: HostSelector
        let pattern: SubjectGlob?
        do {
            known = try HostSelector(selector)
            pattern = try subject.map { try SubjectGlob($0) }
        } catch {
            throw StoredValueError(column: "silence")
        }
        id = try row.value("id")
        silence = Silence(
            .command(id), selector: known, kind: try row.value("kind"), subject: pattern, span: try MutedSpan(row),
            by: try row.value("by"), reason: UntrustedText(try row.value("reason")))
        endedBy = try row.value("ended_by")
    }
}

extension MutedSpan {
    /// An early end counts.
    fileprivate init(_ row: Row) throws {
        let (end, early) = (try row.time("ends_at"), try row.time(ifAny: "ended_at"))
        self.init(from: try row.time("begins_at"), until: early.map { min($0, end) } ?? end)
    }
}
