// SPDX-License-Identifier: MIT
import GRDB
package import MachaActions
import MachaModel
package import struct Foundation.Date

/// What was begun on the fleet.
package struct ActionHistory: Sendable {
    package var records: [ActionRecord] = []
    /// Hosts on which something was begun that was not written by macha as it is stored now: what was done there is not known.
    package var unreadable: Set<String> = []
}

/// Looking back at what was begun.
extension Store {
    /// Hosts with runs that are neither ended nor skipped: under way in some process, or left by one that is gone.
    package func hostsWithOpenRuns() throws(StoreError) -> Set<String> {
        try read("cannot read the open runs") { db in
            Set(try String.fetchAll(db, sql: "SELECT host FROM run WHERE state IN ('authorised', 'started')"))
        }
    }

    /// Those runs of `host`. Whatever is stored of another host does not matter here.
    package func openRuns(of host: String) throws(StoreError) -> [StoredRun] {
        try read("cannot read the open runs of \(host)") { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM run WHERE host = ? AND state IN ('authorised', 'started') ORDER BY id",
                arguments: [host]
            ).map { try StoredRun($0) }
        }
    }

    /// The run with this id; `nil` when there is none.
    package func run(_ id: Int64) throws(StoreError) -> StoredRun? {
        try read("cannot read run \(id)") { db in
            try Row.fetchOne(db, sql: "SELECT * FROM run WHERE id = ?", arguments: [id]).map { try StoredRun($0) }
        }
    }

    /// The run that used this approval.
    package func run(ofApproval id: Int) throws(StoreError) -> StoredRun? {
        try read("cannot read the run of approval \(id)") { db in
            try Row.fetchOne(db, sql: "SELECT * FROM run WHERE approval_id = ?", arguments: [id])
                .map { try StoredRun($0) }
        }
    }

    /// The actions of a run, in the order they were begun.
    package func actions(of run: Int64) throws(StoreError) -> [StoredAction] {
        try read("cannot read the actions of run \(run)") { db in
            try Row.fetchAll(db, sql: "SELECT * FROM action WHERE run_id = ? ORDER BY id", arguments: [run])
                .map { try StoredAction($0) }
        }
    }

    /// Every action that was begun since `time`, for policy.
    package func history(since time: Date) throws(StoreError) -> ActionHistory {
        try read("cannot read the history of actions") { db in
            var history = ActionHistory()
            let rows = try Row.fetchAll(
                db, sql: "SELECT * FROM action WHERE started_at >= ? ORDER BY id",
                arguments: [time.timeIntervalSince1970])
            for row in rows {
                if let action = try Self.ifReadable({ try StoredAction(row) }) {
                    history.records.append(action.record)
                } else {
                    history.unreadable.insert(try row.value("host"))
                }
            }
            return history
        }
    }

    /// Hosts on which a change is under way.
    package func changingHosts() throws(StoreError) -> Set<String> {
        try read("cannot read the open runs") { db in
            Set(try String.fetchAll(db, sql: "SELECT host FROM run WHERE state = 'started'"))
        }
    }
}

extension StoredRun {
    init(_ row: Row) throws {
        let state: String = try row.value("state")
        guard let known = RunState(rawValue: state) else {
            throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "state “\(state)”"))
        }
        self.init(
            id: try row.value("id"), host: try row.value("host"), approval: try row.value("approval_id"), state: known,
            proposal: try StoredJSON.value(Proposal.self, from: try row.value("proposal")),
            authority: try StoredJSON.value(AuthorizedAction.Authority.self, from: try row.value("authority")),
            authorisedAt: try row.time("authorised_at"),
            endedAt: try row.time(ifAny: "ended_at"), note: try row.value("note"))
    }
}

extension StoredAction {
    init(_ row: Row) throws {
        let kind: String = try row.value("kind")
        let footprint: String = try row.value("footprint")
        let outcome: String = try row.value("outcome")
        guard let kind = Action.Kind(rawValue: kind), let footprint = Action.Footprint(rawValue: footprint),
            let outcome = ActionRecord.Outcome(rawValue: outcome)
        else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: [], debugDescription: "action “\(kind)” with outcome “\(outcome)”"))
        }
        var record = ActionRecord(
            host: try row.value("host"), kind: kind, target: try row.value("target"), footprint: footprint,
            playbook: try row.value("playbook"),
            isAutomatic: try row.value("is_automatic"), startedAt: try row.time("started_at"),
            outcome: outcome)
        let machine: String? = try row.value("machine")
        record.machine = try machine.map { try StoredJSON.value(MachineIdentity.self, from: $0) }
        self.init(
            id: try row.value("id"), run: try row.value("run_id"), position: try row.value("position"), record: record,
            before: try StoredJSON.value(ActionBaseline.self, from: try row.value("before")),
            endedAt: try row.time(ifAny: "ended_at"))
    }
}
