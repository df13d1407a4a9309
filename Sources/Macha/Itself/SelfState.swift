// SPDX-License-Identifier: MIT
import Foundation
import MachaFindings
import MachaInventory
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
    /// Whether the queue could be asked.
    var isQueueKnown: Bool
    /// When the job that waits longest was put in.
    var oldestWaiting: Date?
    var endpoints: [EndpointHealth]
    /// What fails now and was survived.
    var faults: [DaemonRecord.Fault]
    /// Since the start so many seconds have passed. What fails is counted from there.
    var uptime: Double
    /// Receivers at which notices do not arrive; `nil` when the outbox cannot be read.
    var receivers: [Store.ReceiverTrouble]?
    /// When the newest backup without faults was made.
    var lastBackup: Date?
    /// `nil` when the configuration asks for no backups.
    var backups: BackupSchedule?

    /// What is wrong with Macha itself, the worst first.
    func findings(at now: Date) -> [Finding] {
        ([disk, database, damage, backup(now), queue(now)] + endpoints.map { endpoint($0, now) }
            + (receivers ?? []).map { notices($0) } + faults.map { fault($0, now) })
            .compactMap { $0 }.sorted { $0.severity > $1.severity }
    }

    /// Of what nothing is known now: problems of these kinds are not gone.
    var unknown: Set<FindingKind> {
        var kinds: Set<FindingKind> = []
        if damages == nil { kinds.insert(.machaDatabaseDamaged) }
        if databaseBytes == nil { kinds.insert(.machaDatabaseLarge) }
        if !isQueueKnown { kinds.formUnion([.machaQueue, .machaModel]) }
        if receivers == nil { kinds.insert(.machaNotices) }
        if uptime < 900 { kinds.insert(.machaFault) }
        return kinds
    }

    var figures: DaemonRecord.Figures {
        DaemonRecord.Figures(
            databaseBytes: databaseBytes, freeBytes: freeBytes, totalBytes: totalBytes, oldestWaiting: oldestWaiting)
    }

    private func finding(
        _ kind: FindingKind, subject: String? = nil, _ severity: Severity, _ summary: String, remedy: String = "",
        commands: [String] = []
    ) -> Finding {
        Finding(
            kind, host: FleetHost.itself.name, subject: subject, severity, summary, remedy: remedy, commands: commands)
    }

    private var disk: Finding? {
        guard let freeBytes, let totalBytes, totalBytes > 0 else {
            return finding(
                .machaDisk, .warning, "How full the disk of the state directory is cannot be found out.")
        }
        let share = Double(freeBytes) / Double(totalBytes)
        let isCritical = freeBytes < DiskRoom.scarce
        guard isCritical || (share < 0.1 && freeBytes < 2 << 30) else { return nil }
        return finding(
            .machaDisk, isCritical ? .critical : .warning,
            "The disk of the state directory has \(freeBytes >> 20) MiB left.",
            remedy: "Make room: without it nothing can be recorded, and what cannot be recorded is not done.")
    }

    private var database: Finding? {
        guard let databaseBytes, databaseBytes > 4 << 30 else { return nil }
        return finding(
            .machaDatabaseLarge, .warning, "The database is \(databaseBytes >> 20) MiB large.",
            remedy: "Hosts that are gone keep their figures for a year; forget those that do not come back.",
            commands: ["macha forget HOST"])
    }

    private var damage: Finding? {
        guard let first = damages?.first else { return nil }
        return finding(
            .machaDatabaseDamaged, .critical, "The database is damaged: \(first.printable(limit: 200))",
            remedy: "Stop the daemon, keep a copy of macha.db, and put the last backup in its place.",
            commands: ["macha restore FILE"])
    }

    private func backup(_ now: Date) -> Finding? {
        guard let lastBackup, backups?.isOverdue(last: lastBackup, now: now) == true else { return nil }
        let days = Int(now.timeIntervalSince(lastBackup) / 86_400)
        let age = days > 1 ? "\(days) days" : "\(Int(now.timeIntervalSince(lastBackup) / 3_600)) hours"
        return finding(
            .machaBackup, .warning, "The last backup is \(age) old.", commands: ["macha logs orchestrator"])
    }

    private func queue(_ now: Date) -> Finding? {
        guard let oldestWaiting, now.timeIntervalSince(oldestWaiting) > 6 * 3_600 else { return nil }
        return finding(
            .machaQueue, .warning, "An analysis has waited for more than six hours.",
            commands: ["macha queue stats", "macha models list"])
    }

    private func endpoint(_ endpoint: EndpointHealth, _ now: Date) -> Finding? {
        guard let until = endpoint.setAsideUntil, until > now else { return nil }
        return finding(
            .machaModel, subject: endpoint.name, .warning,
            "The model endpoint \(endpoint.name.printable(limit: 80)) failed \(endpoint.failures) times and is set aside"
                + (endpoint.reason.map { ": \($0.printable(limit: 200))" } ?? "."),
            commands: ["macha models test \(endpoint.name)"])
    }

    private func notices(_ trouble: Store.ReceiverTrouble) -> Finding {
        finding(
            .machaNotices, subject: trouble.receiver, .warning,
            "Notices do not arrive at \(trouble.receiver.printable(limit: 80)): \(trouble.reason.printable(limit: 200))",
            commands: ["macha notify test \(trouble.receiver)"])
    }

    /// What happens once is a matter of the log.
    private func fault(_ fault: DaemonRecord.Fault, _ now: Date) -> Finding? {
        guard fault.count >= 3, now.timeIntervalSince(fault.last) < 3_600 else { return nil }
        return finding(
            .machaFault, subject: fault.subject, .warning,
            "Failed \(fault.count) times: \(fault.message.printable(limit: 300))",
            commands: ["macha logs orchestrator"])
    }
}
