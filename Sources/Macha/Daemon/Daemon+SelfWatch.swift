// SPDX-License-Identifier: MIT
import Foundation
import Logging
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
        var due = ContinuousClock.now.advanced(by: .seconds(300))
        while !Task.isCancelled {
            if ContinuousClock.now >= due {
                damages = try? store.damages()
                due = .now.advanced(by: Self.thorough)
            }
            let own = ownState(damages)
            take(own)
            try? await Task.sleep(for: .seconds(60))
        }
    }

    private func ownState(_ damages: [String]?) -> SelfState {
        let stats = try? JobQueue(store).stats()
        var room = statvfs()
        let settings = (try? current.environment.configuration())?.backup
        let last = (try? store.lastBackup(in: nil))?.madeAt
        let isKnown = statvfs(stateFolder, &room) == 0
        return SelfState(
            freeBytes: isKnown ? UInt64(room.f_bavail) * UInt64(room.f_frsize) : nil,
            totalBytes: isKnown ? UInt64(room.f_blocks) * UInt64(room.f_frsize) : nil, databaseBytes: store.size,
            damages: damages, oldestWaiting: stats?.oldestWaiting, endpoints: stats?.endpoints ?? [],
            faults: faults.all,
            lastBackup: last, backups: settings.map { BackupSchedule(pace: $0.pace, zone: .current) })
    }

    /// Keeps what was found, and logs what is new and what is over.
    private func take(_ own: SelfState) {
        let findings = own.findings(at: now())
        let before = state.withLock { state in
            defer { (state.record.health, state.record.lastBackup) = (findings, own.lastBackup) }
            return state.record.health ?? []
        }
        for finding in findings where !before.contains(where: { $0.kind == finding.kind }) {
            logger.log(
                level: finding.severity == .critical ? .critical : .warning, "macha: \(finding.message)",
                metadata: ["host": "macha"])
        }
        for finding in before where !findings.contains(where: { $0.kind == finding.kind }) {
            logger.notice("macha: over: \(finding.message)", metadata: ["host": "macha"])
        }
    }
}
