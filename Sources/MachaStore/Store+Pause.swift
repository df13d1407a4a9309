// SPDX-License-Identifier: MIT
import GRDB
package import MachaActions
package import struct Foundation.Date

extension Store {
    /// Where nothing may change now.
    package func pauseState() throws(StoreError) -> PauseState {
        try read("cannot read the pause") { try Self.pauseState($0) }
    }

    static func pauseState(_ db: Database) throws -> PauseState {
        var state = PauseState()
        for row in try Row.fetchAll(db, sql: "SELECT * FROM pause") {
            let entry = PauseState.Entry(
                by: try row.value("by"), since: try row.time("since"), reason: try row.value("reason"))
            let host: String = try row.value("host")
            if host == fleetRow { state.fleet = entry } else { state.hosts[host] = entry }
        }
        return state
    }

    /// Stops every change on `hosts`, or in the whole fleet when `nil`, at once, also what waits already. A pause that is
    /// there stays as it was.
    package func pause(
        hosts: [String]?, by person: String, because reason: String, at now: Date
    ) throws(StoreError) {
        try write("cannot pause") { db in
            for host in hosts ?? [Self.fleetRow] {
                try db.execute(
                    sql: "INSERT INTO pause (host, by, since, reason) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                    arguments: [host, person, now.timeIntervalSince1970, reason])
            }
            try Self.append(
                .paused(AuditEvent.Pause(hosts: hosts, by: person, reason: reason)),
                host: hosts?.count == 1 ? hosts?.first : nil, at: now, db)
        }
    }

    /// Allows changes again on `hosts`, or everywhere when `nil`; returns what is still paused.
    @discardableResult
    package func resume(hosts: [String]?, by person: String, at now: Date) throws(StoreError) -> PauseState {
        try write("cannot resume") { db in
            if let hosts {
                try db.execute(
                    sql: "DELETE FROM pause WHERE host IN (\(Self.marks(hosts.count)))",
                    arguments: StatementArguments(hosts))
            } else {
                try db.execute(sql: "DELETE FROM pause")
            }
            try Self.append(
                .resumed(AuditEvent.Pause(hosts: hosts, by: person, reason: "")),
                host: hosts?.count == 1 ? hosts?.first : nil, at: now, db)
            return try Self.pauseState(db)
        }
    }

    /// No host has this name: an inventory's names are plain.
    static let fleetRow = "*"
}
