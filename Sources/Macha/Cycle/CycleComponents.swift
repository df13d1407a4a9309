// SPDX-License-Identifier: MIT
package import MachaFleet
import MachaInventory
package import MachaStore
package import struct Foundation.Date

/// What the stages of a cycle work with, made once a process.
package struct CycleComponents: Sendable {
    let connector: HostConnector
    let store: Store
    let files: SnapshotFiles
    /// Which analyses are asked for; `nil` when no model is wanted.
    let demand: AnalysisDemand?
    /// `nil` when nothing is to be done.
    let remediator: Remediator?
    /// `nil` when no model is asked.
    let analyses: FleetAnalysis?
    let exporter: Exporter
    /// What is muted, for reports.
    let muting: MutingLoader
    /// Hosts asked at once.
    let width: Int
    /// Ask the slow probes too, whether they are due or not.
    let isFresh: Bool
    /// Compare each host with its observation before, and say what changed.
    let comparesChanges: Bool
    /// The controller's wall clock.
    let now: @Sendable () -> Date

    package init(
        connector: HostConnector, store: Store, files: SnapshotFiles, demand: AnalysisDemand?, remediator: Remediator?,
        analyses: FleetAnalysis?, exporter: Exporter, muting: MutingLoader, width: Int, isFresh: Bool,
        comparesChanges: Bool,
        now: @escaping @Sendable () -> Date
    ) {
        self.connector = connector
        self.store = store
        self.files = files
        self.demand = demand
        self.remediator = remediator
        self.analyses = analyses
        self.exporter = exporter
        self.muting = muting
        self.width = max(1, width)
        self.isFresh = isFresh
        self.comparesChanges = comparesChanges
        self.now = now
    }

    /// `hosts` as the store knows them now.
    func lastKnown(of hosts: [FleetHost]) throws(StoreError) -> StatusQuery {
        let now = now()
        return StatusQuery(store: store, now: now, muting: try muting.muting(of: hosts, at: now))
    }

    /// The reports of `hosts` as they are known now, after another name of their machine has answered: they learn of it by
    /// that. None when they cannot be read just now.
    func known(of hosts: [FleetHost]) -> [HostReport] {
        guard !hosts.isEmpty else { return [] }
        return (try? lastKnown(of: hosts).report(hosts).hosts) ?? []
    }
}
