// SPDX-License-Identifier: MIT
import Foundation
import MachaModel
import MachaStore

/// What the daemon knows of its own health. `nil` is what it could not find out.
struct SelfState: Sendable {
    /// Of the file system that holds the state folder.
    var freeBytes: UInt64?
    var totalBytes: UInt64?
    var databaseBytes: UInt64?
    /// What is wrong inside the database, empty when it is whole; `nil` while it has not been looked through.
    var damages: [String]?
    /// When the job that waits longest was put in.
    var oldestWaiting: Date?
    var endpoints: [EndpointHealth]
    /// What fails now and was survived.
    var faults: [DaemonRecord.Fault]
    /// When the newest backup without faults was made.
    var lastBackup: Date?
    /// `nil` when the configuration asks for no backups.
    var backups: BackupSchedule?

    /// What is wrong with Macha itself, the worst first.
    func findings(at now: Date) -> [DaemonRecord.Health] {
        ([disk, database, damage, queue(now), backup(now)] + endpoints.map { endpoint($0, now) }
            + faults.map { fault($0, now) })
            .compactMap { $0 }.sorted { $0.severity > $1.severity }
    }

    private var disk: DaemonRecord.Health? {
        guard let freeBytes, let totalBytes, totalBytes > 0 else {
            return DaemonRecord.Health(
                .warning, "disk-unknown", "how full the disk of the state folder is cannot be found out", remedy: "")
        }
        let share = Double(freeBytes) / Double(totalBytes)
        let isCritical = freeBytes < 200 << 20
        guard isCritical || (share < 0.1 && freeBytes < 2 << 30) else { return nil }
        return DaemonRecord.Health(
            isCritical ? .critical : .warning, "disk-full",
            "the disk of the state folder has \(freeBytes >> 20) MiB left",
            remedy: "make room: without it nothing can be recorded, and what cannot be recorded is not done")
    }

    private var database: DaemonRecord.Health? {
        guard let databaseBytes, databaseBytes > 4 << 30 else { return nil }
        return DaemonRecord.Health(
            .warning, "database-large", "the database is \(databaseBytes >> 20) MiB large",
            remedy: "hosts that are gone keep their figures for a year; nothing is wrong as long as the disk has room")
    }

    private var damage: DaemonRecord.Health? {
        guard let first = damages?.first else { return nil }
        return DaemonRecord.Health(
            .critical, "database-damaged", "the database is damaged: \(first.printable(limit: 200))",
            remedy: "stop the daemon, keep a copy of macha.db, and put the last backup in its place")
    }

    private func backup(_ now: Date) -> DaemonRecord.Health? {
        guard let lastBackup, backups?.isOverdue(last: lastBackup, now: now) == true else { return nil }
        let days = Int(now.timeIntervalSince(lastBackup) / 86_400)
        let age = days > 1 ? "\(days) days" : "\(Int(now.timeIntervalSince(lastBackup) / 3_600)) hours"
        return DaemonRecord.Health(
            .warning, "backup-old", "the last backup is \(age) old", remedy: "see: macha logs orchestrator")
    }

    private func queue(_ now: Date) -> DaemonRecord.Health? {
        guard let oldestWaiting, now.timeIntervalSince(oldestWaiting) > 6 * 3_600 else { return nil }
        return DaemonRecord.Health(
            .warning, "queue-old", "an analysis has waited for more than six hours",
            remedy: "see: macha queue stats and macha models")
    }

    private func endpoint(_ endpoint: EndpointHealth, _ now: Date) -> DaemonRecord.Health? {
        guard let until = endpoint.setAsideUntil, until > now else { return nil }
        return DaemonRecord.Health(
            .warning, "model-unavailable",
            "the model endpoint \(endpoint.name) failed \(endpoint.failures) times and is set aside"
                + (endpoint.reason.map { ": \($0.printable(limit: 200))" } ?? ""),
            remedy: "see: macha models test \(endpoint.name)")
    }

    /// What happens once is a matter of the log.
    private func fault(_ fault: DaemonRecord.Fault, _ now: Date) -> DaemonRecord.Health? {
        guard fault.count >= 3, now.timeIntervalSince(fault.last) < 3_600 else { return nil }
        return DaemonRecord.Health(
            .warning, "fault", "failed \(fault.count) times: \(fault.message)", remedy: "see: macha logs orchestrator")
    }
}
