// SPDX-License-Identifier: MIT
import Foundation
import Logging
import MachaFindings
import MachaInventory
import MachaModel
import MachaStore
import Synchronization

/// The daemon looks after itself as it does after its hosts.
extension Daemon {
    /// The database is looked through so often: all of it is read for that.
    private static var thorough: Duration { .seconds(86_400) }

    /// Once a minute.
    func watchSelf() async {
        var damages: [String]?
        let start = clock.now
        var due = start.advanced(by: .seconds(300))
        while !Task.isCancelled {
            if clock.now >= due {
                damages = try? store.damages()
                due = clock.now.advanced(by: Self.thorough)
            }
            take(ownState(damages, uptime: start.duration(to: clock.now) / .seconds(1)))
            try? await clock.sleep(for: .seconds(60))
        }
    }

    private func ownState(_ damages: [String]?, uptime: Double) -> SelfState {
        let stats = try? JobQueue(store).stats()
        let room = DiskRoom(at: stateFolder)
        let settings = (try? current.environment.configuration())?.backup
        return SelfState(
            freeBytes: room?.free, totalBytes: room?.total, databaseBytes: store.size, damages: damages,
            isQueueKnown: stats != nil, oldestWaiting: stats?.oldestWaiting,
            endpoints: stats?.endpoints ?? [], faults: faults.all, uptime: uptime,
            receivers: try? store.receiversInTrouble(before: now().addingTimeInterval(-AlertReader.patience)),
            lastBackup: (try? store.lastBackup(in: nil))?.madeAt,
            backups: settings.map { BackupSchedule(pace: $0.pace, zone: .current) })
    }

    /// Keeps what was found as issues of ``FleetHost/itself``, and logs what is new and what is over.
    private func take(_ own: SelfState) {
        let findings = own.findings(at: now())
        let health = findings.map {
            DaemonRecord.Health($0.severity, $0.recordedKind.name, $0.summary, remedy: $0.remedy)
        }
        let before = state.withLock { state in
            defer {
                state.record.health = health
                (state.record.figures, state.record.lastBackup) = (own.figures, own.lastBackup)
            }
            return state.record.health
        }
        log(health, before ?? [])
        attempt("self-watch") { () throws(ControllerError) in
            if current.isOwnNameFree {
                try storing { () throws(StoreError) in
                    try store.recordItself(findings, unknown: own.unknown, at: now())
                }
            }
            if before == nil { try keepRecord() }
        }
    }

    private func log(_ health: [DaemonRecord.Health], _ before: [DaemonRecord.Health]) {
        for finding in health where !before.contains(where: { $0.kind == finding.kind }) {
            logger.log(
                level: finding.severity == .critical ? .critical : .warning, "macha: \(finding.message)",
                metadata: ["host": "macha"])
        }
        for finding in before where !health.contains(where: { $0.kind == finding.kind }) {
            logger.notice("macha: over: \(finding.message)", metadata: ["host": "macha"])
        }
    }
}
