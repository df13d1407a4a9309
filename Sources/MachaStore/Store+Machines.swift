// SPDX-License-Identifier: MIT
import GRDB
import MachaActions
import MachaFindings
package import MachaModel
import MachaProbes
import struct Foundation.Date

extension Store {
    /// The names of the inventory under which `machine` may have answered last, with the machine of each.
    package func names(of machine: MachineIdentity) throws(StoreError) -> [String: MachineIdentity] {
        try read("cannot read which machine is which") { db in
            try Self.names(of: machine, db)
        }
    }

    /// Notes which names the inventory has: one that it no longer has is no second name of anything.
    package func list(hosts: [String]) throws(StoreError) {
        try write("cannot note the inventory's hosts") { db in
            try db.execute(
                sql: "UPDATE host_machine SET is_listed = host IN (SELECT value FROM json_each(?))",
                arguments: [try StoredJSON.text(of: hosts)])
        }
    }

    /// What is known of the machine of `snapshot`: its other names, and which machine had its name before.
    static func knownMachines(for snapshot: Snapshot, _ db: Database) throws -> KnownMachines {
        var known = KnownMachines()
        let machine = snapshot.machine
        guard !machine.isUnknown else { return known }
        known.others = try names(of: machine, db).filter { $0.key != snapshot.host }
        for row in try machineRows(of: snapshot.host, db) where row.lastSeen <= snapshot.takenAt {
            known.isFirst = row.machine.isAnother(than: machine)
            if known.isFirst { known.before = (row.machine, row.lastSeen) }
        }
        return known
    }

    /// Notes which machine answered; whether it is another one than answered under this name the last time.
    static func note(machineOf snapshot: Snapshot, _ db: Database) throws -> Bool {
        let machine = snapshot.machine
        guard !machine.isUnknown else { return false }
        let last = try machineRows(of: snapshot.host, db).last
        let at = snapshot.takenAt.timeIntervalSince1970
        try db.execute(
            sql: """
                INSERT INTO host_machine (host, host_key, machine_id, first_seen, last_seen) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (host, host_key, machine_id) DO UPDATE SET
                    last_seen = max(last_seen, excluded.last_seen), is_listed = 1
                """, arguments: [snapshot.host, machine.hostKey ?? "", machine.machineID ?? "", at, at])
        return last.map { machine.isAnother(than: $0.machine) } ?? false
    }

    /// For each other name of the inventory whose machine may be that of `snapshot`: what it shares with it.
    static func sharing(_ snapshot: Snapshot, _ db: Database) throws -> [Finding] {
        let others = try names(of: snapshot.machine, db).filter { $0.key != snapshot.host }
        return others.sorted { $0.key < $1.key }.compactMap {
            MachineRule.shared($0.key, $0.value, with: snapshot.host, snapshot.machine)
        }
    }

    /// The names under which the machine of `record` answered last, its own among them.
    static func names(of record: ActionRecord, _ db: Database) throws -> Set<String> {
        guard let machine = record.machine else { return [record.host] }
        return Set(try names(of: machine, db).keys).union([record.host])
    }

    /// By the inventory's names: the machine that answered last under each, where that may be `machine`. Reads these names
    /// only, however many hosts there are.
    private static func names(of machine: MachineIdentity, _ db: Database) throws -> [String: MachineIdentity] {
        let hosts = try String.fetchAll(
            try db.cachedStatement(
                sql: """
                    SELECT host FROM host_machine WHERE host_key = ?1 AND ?1 <> ''
                    UNION SELECT host FROM host_machine WHERE machine_id = ?2 AND ?2 <> ''
                    """), arguments: [machine.hostKey ?? "", machine.machineID ?? ""])
        var machines: [String: MachineIdentity] = [:]
        for host in hosts {
            guard let last = try machineRows(of: host, db).last(where: \.isListed), machine.mayBe(last.machine) else {
                continue
            }
            machines[host] = last.machine
        }
        return machines
    }

    private struct MachineRow {
        var machine: MachineIdentity
        var lastSeen: Date
        var isListed: Bool
    }

    /// In the order in which they were last seen.
    private static func machineRows(of host: String, _ db: Database) throws -> [MachineRow] {
        let statement = try db.cachedStatement(
            sql: "SELECT * FROM host_machine WHERE host = ? ORDER BY last_seen, first_seen")
        return try Row.fetchAll(statement, arguments: [host]).map { row in
            let (key, id): (String, String) = (try row.value("host_key"), try row.value("machine_id"))
            return MachineRow(
                machine: MachineIdentity(hostKey: key.isEmpty ? nil : key, machineID: id.isEmpty ? nil : id),
                // Which machine it is counts whenever it was seen; a time that is none is the oldest.
                lastSeen: try ifReadable { try row.time("last_seen") } ?? .distantPast,
                isListed: try row.value("is_listed"))
        }
    }
}
