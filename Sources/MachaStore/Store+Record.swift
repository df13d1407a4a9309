// SPDX-License-Identifier: MIT
import GRDB
package import MachaFindings
package import MachaModel
package import MachaProbes
package import struct Foundation.Date

extension Store {
    /// Stores a snapshot with its findings and figures and brings the issues up to date, all in one transaction.
    ///
    /// A problem seen for the first time opens an issue, one still there is counted on, and one not shown any more is
    /// resolved when the snapshot proves it gone: what is not listed where the answer has a gap is not gone. A snapshot
    /// that could see less than the one that showed the problem proves nothing: host not reached, or a probe silent that
    /// had answered. Then the issue stays open with its `lastSeen` in the past. Snapshots may arrive out of order; an
    /// older one neither resolves nor revives what a newer one has settled. A fingerprint that occurs twice in `findings` counts as one problem; `now` is the
    /// controller's clock, for what is too old to keep.
    ///
    /// With `asking`, that job goes into its queue in the same transaction.
    @discardableResult
    package func record(
        _ judgement: HostJudgement, now: Date, asking: (queue: JobQueue, request: JobRequest)? = nil
    ) throws(StoreError) -> Recording {
        try record(
            judgement.snapshot, findings: judgement.findings, coverage: Coverage(judgement.snapshot),
            gaps: judgement.gaps, overview: HostOverview(judgement), now: now, retention: .standard, asking: asking)
    }

    /// The same for findings that no judgement made.
    @discardableResult
    package func record(
        _ snapshot: Snapshot, findings: [Finding], now: Date, asking: (queue: JobQueue, request: JobRequest)? = nil
    ) throws(StoreError) -> Recording {
        try record(snapshot, findings: findings, now: now, retention: .standard, asking: asking)
    }

    /// The same, keeping no more than `retention` says.
    @discardableResult
    package func record(
        _ snapshot: Snapshot, findings: [Finding], now: Date, retention: Retention,
        asking: (queue: JobQueue, request: JobRequest)? = nil
    ) throws(StoreError) -> Recording {
        try record(
            snapshot, findings: findings, coverage: Coverage(snapshot), gaps: Gaps(snapshot), overview: nil, now: now,
            retention: retention, asking: asking)
    }

    func record(
        _ snapshot: Snapshot, findings: [Finding], coverage: Coverage, gaps: Gaps, overview: HostOverview?, now: Date,
        retention: Retention,
        asking: (queue: JobQueue, request: JobRequest)? = nil
    ) throws(StoreError) -> Recording {
        if let stray = findings.first(where: { $0.host != snapshot.host }) {
            throw StoreError(
                .rejected, path: path,
                reason: "cannot record the snapshot of \(snapshot.host): a finding is about \(stray.host)")
        }
        return try write("cannot record the snapshot of \(snapshot.host)") { db in
            try Self.bringBack(snapshot.host, to: snapshot.takenAt, now: now, db)
            let id = try insert(snapshot, db)
            for (position, finding) in findings.enumerated() { try insert(finding, at: position, of: id, db) }
            if let overview { try Self.keep(overview, of: id, on: snapshot.host, db) }
            let observation = Observation(host: snapshot.host, at: snapshot.takenAt, coverage: coverage, gaps: gaps)
            try Issue.lapse(at: now, db)
            var opened = try Issue.count(findings, in: observation, db)
            let resolved = try Issue.resolve(missingFrom: findings, in: observation, db)
            let isReplaced = try Self.note(machineOf: snapshot, db)
            opened += try tellOtherNames(of: snapshot, db)
            let notices = try opened.map { try Notice($0, db) }
            let ends = try resolved.map { try Notice($0, db) }
            try MetricHost.record(snapshot, isReplaced: isReplaced, db)
            try Self.forget(snapshotsOf: snapshot.host, beyond: retention.snapshotsPerHost, db)
            try Issue.retire(retention, at: now, db)
            if let asking {
                _ = try asking.queue.place([asking.request], root: nil, at: now.timeIntervalSince1970, db)
            }
            return Recording(id: id, opened: opened, resolved: resolved, notices: notices, ends: ends)
        }
    }

    /// Forgets what `retention` does not keep, for every host, also those no longer in the inventory.
    package func prune(_ retention: Retention = .standard, now: Date) throws(StoreError) {
        try write("cannot prune the history") { db in
            for host in try String.fetchAll(db, sql: "SELECT DISTINCT host FROM snapshot") {
                try Self.forget(snapshotsOf: host, beyond: retention.snapshotsPerHost, db)
            }
            let time = Int(now.timeIntervalSince1970)
            for name in try String.fetchAll(db, sql: "SELECT host FROM metric_host") {
                let known = try Self.ifReadable { try MetricHost(name, db) }
                guard let host = known ?? nil, host.foldedUntil < MetricHost.day(of: time) else { continue }
                try MetricFold.fold(host, until: MetricHost.day(of: time), db)
            }
            try db.execute(
                sql: """
                    DELETE FROM metric_host WHERE watched_since < ?
                    AND NOT EXISTS (SELECT 1 FROM metric_series WHERE host_id = metric_host.id)
                    """, arguments: [time - MetricFold.coarseSpan])
            try Issue.retire(retention, at: now, db)
            try Self.forgetSilences(endedBefore: now.addingTimeInterval(-(retention.resolvedIssues / .seconds(1))), db)
        }
    }

    /// After the clock was set back, what was recorded of `host` before has times that are still to come. It would count as
    /// the newest until then: it is taken for as old as `time`, that of the snapshot which is recorded now.
    private static func bringBack(_ host: String, to time: Date, now: Date, _ db: Database) throws {
        let limit = max(now, time).addingTimeInterval(60).timeIntervalSince1970
        let newest = try Double.fetchOne(
            try db.cachedStatement(sql: "SELECT max(taken_at) FROM snapshot WHERE host = ?"), arguments: [host])
        guard let newest, newest > limit else { return }
        let arguments: StatementArguments = [
            "host": host, "limit": limit, "time": time.timeIntervalSince1970 - 0.001,
        ]
        try db.execute(
            sql: """
                UPDATE snapshot SET taken_at = :time WHERE host = :host AND taken_at > :limit;
                UPDATE host_machine SET first_seen = min(first_seen, :time), last_seen = :time
                    WHERE host = :host AND last_seen > :limit;
                UPDATE issue SET created_at = min(created_at, :time), first_seen = min(first_seen, :time),
                    last_seen = min(last_seen, :time), resolved_at = min(resolved_at, :time)
                    WHERE host = :host AND (last_seen > :limit OR resolved_at > :limit)
                """, arguments: arguments)
    }

    private func insert(_ snapshot: Snapshot, _ db: Database) throws -> Int64 {
        let contact =
            switch snapshot.contact {
            case .reached: "reached"
            case .failed(let failure): failure.kind.rawValue
            }
        try db.execute(
            sql: "INSERT INTO snapshot (host, taken_at, duration, contact, body) VALUES (?, ?, ?, ?, ?)",
            arguments: [
                snapshot.host, snapshot.takenAt.timeIntervalSince1970, snapshot.duration, contact,
                try StoredJSON.text(of: snapshot),
            ])
        return db.lastInsertedRowID
    }

    /// Adds to the newest snapshot of each other name of the same machine that it has this one too: when that name answered,
    /// nobody knew. Returns the problems that this opened.
    private func tellOtherNames(of snapshot: Snapshot, _ db: Database) throws -> [Issue] {
        try Self.sharing(snapshot, db).flatMap { finding -> [Issue] in
            let known = try Self.ifReadable { try Self.snapshots(of: finding.host, limit: 1, db).first }
            guard let newest = known ?? nil,
                newest.snapshot.contact == .reached,
                !newest.findings.contains(where: { $0.fingerprint == finding.fingerprint })
            else { return [] }
            try insert(finding, at: newest.findings.count, of: newest.id, db)
            let observation = Observation(
                host: finding.host, at: newest.snapshot.takenAt, coverage: Coverage(newest.snapshot),
                gaps: Gaps(newest.snapshot))
            return try Issue.count([finding], in: observation, db)
        }
    }

    private func insert(_ finding: Finding, at position: Int, of snapshot: Int64, _ db: Database) throws {
        let values = try finding.arguments + ["snapshot": snapshot, "position": position]
        try db.cachedStatement(
            sql: """
                INSERT INTO finding
                    (snapshot_id, position, fingerprint, kind, subject, severity, summary, remedy, commands,
                    figures, evidence)
                VALUES (:snapshot, :position, :fingerprint, :kind, :subject, :severity, :summary, :remedy, :commands,
                    :figures, :evidence)
                """
        ).execute(arguments: values)
    }

    private static func forget(snapshotsOf host: String, beyond limit: Int, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                DELETE FROM snapshot WHERE id IN (
                    SELECT id FROM snapshot WHERE host = ? ORDER BY taken_at DESC, id DESC LIMIT -1 OFFSET ?)
                """
        ).execute(arguments: [host, limit])
    }
}
