// SPDX-License-Identifier: MIT
import GRDB
package import MachaFindings
package import MachaInventory
package import MachaModel
package import MachaProbes

extension Store {
    /// Judges `snapshot` of `host` by everything that was known before it: the one place where a judgement is made.
    package func judge(_ snapshot: Snapshot, of host: FleetHost) throws(StoreError) -> HostJudgement {
        HostJudgement(snapshot, of: host, history: try history(for: snapshot))
    }

    /// The judgement that was recorded with `look`.
    package func judgement(recorded look: StoredSnapshot, of host: FleetHost) throws(StoreError) -> HostJudgement {
        HostJudgement(look.snapshot, of: host, history: try history(for: look.snapshot), found: look.findings)
    }

    /// The state of the problem `fingerprint` by `judgement`, measured by how it was last seen.
    package func standing(
        of fingerprint: Fingerprint, by judgement: HostJudgement
    ) throws(StoreError) -> HostJudgement.Standing {
        let row = try read("cannot read the problems of \(judgement.host.name)") { db in
            try Row.fetchOne(
                try db.cachedStatement(sql: "SELECT * FROM issue WHERE fingerprint = ? AND resolved_at IS NULL"),
                arguments: [fingerprint.description]
            ).map { (try Issue($0).finding, try StoredJSON.value(Coverage.self, from: try $0.value("coverage"))) }
        }
        return judgement.standing(of: fingerprint, known: row)
    }
}
