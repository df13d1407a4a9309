// SPDX-License-Identifier: MIT
import GRDB
package import MachaFindings
import MachaInventory
import MachaModel
package import struct Foundation.Date

extension Store {
    /// Brings the issues of Macha itself up to date with what it found of itself. A problem is resolved when it is not among
    /// `findings`, unless it is of a kind in `unknown`: what could not be examined is not gone.
    package func recordItself(
        _ findings: [Finding], unknown: Set<FindingKind>, at now: Date
    ) throws(StoreError) {
        let name = FleetHost.itself.name
        if findings.isEmpty, try openIssues(hosts: [name]).isEmpty { return }
        try write("cannot record the state of macha itself") { db in
            let observation = Observation(
                host: name, at: now, coverage: .clear(known: [], unknown: []), gaps: Gaps())
            try Issue.lapse(at: now, db)
            _ = try Issue.count(findings, in: observation, db)
            let open = try Row.fetchAll(
                try db.cachedStatement(sql: "SELECT * FROM issue WHERE host = ? AND resolved_at IS NULL"),
                arguments: [name]
            ).map { try Issue($0).finding }
            _ = try Issue.resolve(
                missingFrom: findings + open.filter { $0.isAny(of: unknown) }, in: observation, db)
        }
    }
}
