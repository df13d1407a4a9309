// SPDX-License-Identifier: MIT
import Foundation
import Logging
import MachaInventory
import MachaModel
import MachaStore

/// The daemon's own backups.
extension Daemon {
    /// Seconds until one that could not be made is tried again.
    private static let retry = 900.0

    private static let subject = "backup"

    /// Makes each backup when it is due. One that cannot be made is told once, and tried again.
    func keepBackups() async {
        var next = Date.distantPast
        while !Task.isCancelled {
            var pause = 60.0
            if let settings = try? current.environment.configuration().backup {
                let period = settings.pace.span
                pause = min(pause, period)
                // A clock that was set back does not put it off.
                if now() >= next || next > now().addingTimeInterval(max(period, Self.retry)) {
                    next = await backUpIfDue(settings)
                }
            } else {
                settle(Self.subject)
            }
            try? await clock.sleep(for: .seconds(pause))
        }
    }

    /// Returns when to ask again whether one is due. A folder that hangs, such as that of a server that is away, holds up
    /// nothing but this.
    private func backUpIfDue(_ settings: BackupSettings) async -> Date {
        let stop = BackupStop()
        return await withTaskCancellationHandler {
            await BlockingExecutor.shared.run { self.backUpIfDue(settings, stop) }
        } onCancel: {
            stop.raise()
        }
    }

    private func backUpIfDue(_ settings: BackupSettings, _ stop: BackupStop) -> Date {
        do throws(ControllerError) {
            guard let outcome = try current.backUpIfDue(settings, stop) else { return .distantPast }
            if let trouble = outcome.trouble {
                // A copy was written: another one a few minutes later would be the same.
                report(ControllerError(.unavailable, trouble), about: Self.subject)
                return now().addingTimeInterval(settings.pace.span)
            }
            let gone = outcome.deleted.isEmpty ? "" : "; \(outcome.deleted.count) older deleted"
            logger.notice("backup: \(outcome.backup.path) written and verified\(gone)")
            settle(Self.subject)
            return .distantPast
        } catch {
            report(error, about: Self.subject)
            return now().addingTimeInterval(Self.retry)
        }
    }
}

extension Controller {
    /// Makes the backup that is due by `settings`; `nil` when none is. Throws when none could be made.
    func backUpIfDue(
        _ settings: BackupSettings, _ stop: BackupStop
    ) throws(ControllerError) -> BackupOutcome? {
        let (store, now) = (try environment.store(), environment.now())
        let folder = settings.folder ?? backupFolder
        let last = try storing { () throws(StoreError) in try store.lastBackup(in: folder) }
        guard BackupSchedule(pace: settings.pace, zone: .current).isDue(last: last?.madeAt, now: now) else {
            return nil
        }
        if let named = settings.folder, !Self.isFolder(named) {
            throw ControllerError(
                .unavailable, "the folder \(named.printable()) of the configuration does not exist; mount it or make it"
            )
        }
        return try backUp(toFolder: folder, keep: settings.keep, stop)
    }
}

extension Controller.BackupOutcome {
    /// Why what was written does not count; `nil` when it does.
    fileprivate var trouble: String? {
        if let fault = backup.faults.first {
            return "\(backup.path) is not whole: \(fault); no whole one was deleted; see: macha audit verify"
        }
        return isRecorded ? nil : "\(backup.path) was written and verified, but the database could not record it"
    }
}
