// SPDX-License-Identifier: MIT
import MachaFindings
import MachaFleet
import MachaInventory
import MachaModel
import MachaProbes
import MachaStore

extension Executor {
    /// Records how the host is after a change, and returns what is different since the last observation.
    ///
    /// Reports and exit statuses speak of the newest recorded state: without this they would call a host critical that
    /// was just repaired, until the next check. A host that cannot be asked now is left to that check.
    func observe(_ session: HostSession) async throws(StoreError) -> [Change] {
        let host = session.host
        let snapshot = await session.snapshot(collector, after: try store.latestReached(host.name))
        guard snapshot.contact == .reached else { return [] }
        let judgement = try store.judge(snapshot, of: host)
        let findings = judgement.findings
        let before = try store.snapshots(of: host.name, limit: 1).first
        let recording = try store.record(judgement, now: now())
        // The database has it; the file is for people with jq, and the next check writes another.
        _ = try? SnapshotFiles(folder: folder).write(snapshot, findings: findings)
        return Change.shown(by: recording, (snapshot, findings), since: before)
    }
}
