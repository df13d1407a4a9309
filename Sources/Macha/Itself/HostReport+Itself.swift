// SPDX-License-Identifier: MIT
import MachaFindings
import MachaInventory
import MachaModel
import MachaStore
package import struct Foundation.Date

extension HostReport {
    /// What only the row of Macha itself has.
    package struct Itself: Sendable, Encodable {
        /// The number of its process; `nil` when none runs.
        package var process: Int32?
        package var startedAt: Date
        package var lastBackup: Date?
        package var databaseBytes: UInt64?
        package var freeBytes: UInt64?
    }

    /// A daemon that has written nothing for so many seconds says nothing about now.
    private static let silence = 600

    /// Macha itself, by what its daemon wrote last. `open` are its issues.
    ///
    /// A daemon that was stopped on purpose is away, as a host that its owner switched off.
    init(itself record: DaemonRecord, _ open: [Issue], muting: Muting, now: Date) {
        self.init(neverChecked: .itself)
        let age = max(0, Int(now.timeIntervalSince(record.endedAt ?? record.beatAt)))
        (takenAt, self.age) = (record.endedAt ?? record.beatAt, age)
        let isRunning = record.endedAt == nil && !record.isLost
        itself = Itself(
            process: isRunning ? record.pid : nil, startedAt: record.startedAt, lastBackup: record.lastBackup,
            databaseBytes: record.figures?.databaseBytes, freeBytes: record.figures?.freeBytes)
        if let free = record.figures?.freeBytes, let total = record.figures?.totalBytes, total > 0 {
            figures.diskUsed = 1 - Double(free) / Double(total)
            figures.diskAvailable = Int(clamping: free)
        }
        let known = open.sorted { $0.finding.severity > $1.finding.severity }.map { issue in
            FindingReport(
                issue.finding, since: issue.firstSeen, issue: issue.id, muted: muting.reason(for: issue))
        }
        if record.endedAt != nil {
            findings = [FindingReport(Self.stopped, since: record.endedAt ?? now)]
            unconfirmed = known
            reason = .finding(.known(.away))
        } else if record.isLost {
            findings = [FindingReport(Self.lost, since: record.beatAt)]
            unconfirmed = known
            (state, alarm, reason) = (.critical, .critical, .finding(.known(.machaSilent)))
        } else if age > Self.silence {
            unconfirmed = known
            reason = .stale
        } else if record.health != nil {
            findings = known
            state = Self.level(known.map(\.finding.severity))
            alarm = Self.level(known.filter { $0.muted == nil }.map(\.finding.severity))
            reason = state == .ok ? .ok : known.first.map { .finding($0.finding.recordedKind) } ?? .ok
        }
    }

    private static func level(_ severities: [Severity]) -> HostState.Level {
        switch severities.max() {
        case .critical: .critical
        case .warning: .warning
        case .info, nil: .ok
        }
    }

    private static var stopped: Finding {
        Finding(
            .away, host: FleetHost.itself.name, .info, "macha serve was stopped: nothing is checked by itself.",
            commands: ["systemctl start macha"])
    }

    private static var lost: Finding {
        Finding(
            .machaSilent, host: FleetHost.itself.name, .critical,
            "macha serve was ended without a word: nobody watches the fleet.", commands: ["systemctl start macha"])
    }
}
