// SPDX-License-Identifier: MIT
import MachaFindings
import MachaInventory
import MachaModel
import MachaProbes
import MachaStore

/// Keeps what was observed of a host and, in the same transaction, asks for an analysis where one is needed.
struct RecordStage: HostStage {
    private let components: CycleComponents

    init(_ components: CycleComponents) { self.components = components }

    func run(_ pass: inout HostPass) throws(StoreError) {
        guard let judgement = pass.judgement else { return }
        let (store, now) = (components.store, components.now())
        let findings = judgement.findings
        let before = components.comparesChanges ? try store.snapshots(of: pass.host.name, limit: 1).first : nil
        let recording = try store.record(judgement, now: now, asking: try analysis(of: pass.snapshot, findings))
        if !recording.opened.isEmpty { try components.muting.noteJoined(at: now) }
        pass.observation = Observation(
            report: try components.lastKnown(of: [pass.host]).report(judgement, withTrends: false),
            otherNames: Set(recording.opened.map(\.finding.host)).subtracting([pass.host.name]),
            changes: components.comparesChanges
                ? Change.shown(by: recording, (pass.snapshot, findings), since: before) : [])
        do throws(StoreError) {
            try components.files.write(pass.snapshot, findings: findings)
        } catch {
            pass.warnings.append("\(error)")
        }
    }

    /// The request for an analysis that goes into the queue together with the snapshot.
    private func analysis(
        of snapshot: Snapshot, _ findings: [Finding]
    ) throws(StoreError) -> (queue: JobQueue, request: JobRequest)? {
        guard let demand = components.demand, snapshot.contact == .reached,
            let request = try demand.request(
                for: snapshot.host, findings, in: components.store, now: components.now())
        else { return nil }
        return (demand.queue, request)
    }
}

extension Change {
    /// What changed on a host with this observation. A problem that comes and goes is announced the first time, and
    /// then kept quiet with the state that goes with it.
    static func shown(
        by recording: Recording, _ now: (snapshot: Snapshot, findings: [Finding]), since before: StoredSnapshot?
    ) -> [Change] {
        let (host, at) = (now.snapshot.host, now.snapshot.takenAt)
        let opened = recording.notices.filter(\.isTold).map { notice in
            Change(.found(notice.issue.finding), host: notice.issue.finding.host, at: at)
        }
        let closed = recording.ends.filter(\.isTold).map { notice in
            Change(.resolved(notice.issue.finding, lastSeen: notice.issue.lastSeen), host: host, at: at)
        }
        guard let before else { return [Change(.firstLook, host: host, at: at)] + opened + closed }
        let isQuiet = opened.isEmpty && closed.isEmpty && !(recording.notices + recording.ends).isEmpty
        let differences = Change.between((before.snapshot, before.findings), now).filter { change in
            if case .state = change.kind { !isQuiet } else { true }
        }
        return differences + opened + closed
    }
}
