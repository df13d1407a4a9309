// SPDX-License-Identifier: MIT
package import MachaFindings
package import MachaInventory
package import MachaProbes

extension Detectors {
    /// What is found in `snapshot` of a host about which the inventory says nothing, unless a test says otherwise.
    package static func findings(
        in snapshot: Snapshot, thresholds: Thresholds = Thresholds(), history: HostHistory = HostHistory(),
        isIntermittent: Bool = false
    ) -> [Finding] {
        let host = FleetHost(
            name: snapshot.host, connection: .local, thresholds: thresholds, isIntermittent: isIntermittent)
        return HostJudgement(snapshot, of: host, history: history).findings
    }
}
