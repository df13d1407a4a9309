// SPDX-License-Identifier: MIT
package import MachaActions
package import MachaInventory
package import MachaStore
package import struct Foundation.Date

extension Controller {
    /// The fleet as it was last seen, without asking any host; `withTrends` also brings how its figures went.
    package func status(_ hosts: [FleetHost], withTrends: Bool) throws(ControllerError) -> FleetReport {
        let known = try lastKnown()
        return try storing { () throws(StoreError) in try known.report(hosts, withTrends: withTrends) }
    }

    /// Everything that is known about `host`.
    package func detail(of host: FleetHost) throws(ControllerError) -> StatusQuery.Detail {
        let known = try lastKnown()
        return try storing { () throws(StoreError) in try known.detail(of: host) }
    }

    /// What changed in `scope` after `time`. The fleet is read once, for what it is like now.
    package func changes(of scope: Scope, since time: Date) throws(ControllerError) -> ChangeReport {
        let known = try lastKnown()
        let own = scope.isWithItself ? try ownReport() : nil
        return try storing { () throws(StoreError) in try known.changes(of: scope.hosts, since: time, beside: own) }
    }

    /// The newest `limit` snapshots of each of `hosts`.
    package func snapshots(of hosts: [FleetHost], limit: Int) throws(ControllerError) -> [StoredSnapshot] {
        let store = try environment.store()
        return try storing { () throws(StoreError) in
            var found: [StoredSnapshot] = []
            for host in hosts { found += try store.snapshots(of: host.name, limit: limit) }
            return found
        }
    }

    /// The snapshot of this number; `nil` when there is none, or it was forgotten.
    package func snapshot(_ id: Int64) throws(ControllerError) -> StoredSnapshot? {
        let store = try environment.store()
        return try storing { () throws(StoreError) in try store.snapshot(id) }
    }

    private func lastKnown() throws(ControllerError) -> StatusQuery {
        StatusQuery(store: try environment.store(), now: environment.now(), muting: try muting())
    }

    /// What waits for a person, and what is held back.
    package struct Waiting: Sendable {
        /// Approvals that are open, granted ones that have not begun among them.
        package var approvals: [Approval]
        package var pause: PauseState
        package var otherFolders: [StateFolders.Other]
    }

    /// What waits for a person. Warns of approvals that were edited.
    package func waiting() throws(ControllerError) -> Waiting {
        let store = try environment.store()
        let now = environment.now()
        let waiting = try storing { () throws(StoreError) in
            Waiting(
                approvals: try store.approvals(open: true, at: now), pause: try store.pauseState(),
                otherFolders: StateFolders(own: environment.stateFolder).others)
        }
        try warnOfEditedApprovals()
        return waiting
    }

    /// The head of the audit's chain; `nil` while it has no entries.
    package func auditHead() throws(ControllerError) -> AuditChain.Head? {
        let store = try environment.store()
        return try storing { () throws(StoreError) in try store.auditHead() }
    }
}
