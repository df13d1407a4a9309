// SPDX-License-Identifier: MIT
import Foundation
import MachaFindings
import MachaInventory
import MachaModel
import MachaStore
import Testing

@testable import Macha

/// What the daemon says of its own health.
struct SelfStateTests {
    private let noon = Date(timeIntervalSince1970: 1_800_000_000)
    private static let gibibyte: UInt64 = 1 << 30

    private var well: SelfState {
        SelfState(
            freeBytes: 50 * Self.gibibyte, totalBytes: 100 * Self.gibibyte, databaseBytes: 200 << 20, damages: [],
            isQueueKnown: true, oldestWaiting: nil, endpoints: [], faults: [], uptime: 3_600, receivers: [],
            lastBackup: nil, backups: nil)
    }

    private func kinds(_ change: (inout SelfState) -> Void) -> [String] {
        var state = well
        change(&state)
        return state.findings(at: noon).map { "\($0.severity.rawValue) \($0.recordedKind.name)" }
    }

    @Test func `what cannot be examined now is unknown, not gone`() {
        #expect(well.unknown.isEmpty)
        var blind = well
        (blind.damages, blind.isQueueKnown, blind.receivers, blind.uptime) = (nil, false, nil, 60)
        #expect(
            blind.unknown == [.machaDatabaseDamaged, .machaQueue, .machaModel, .machaNotices, .machaFault])
    }

    @Test func `notices that do not arrive are a warning`() {
        let trouble = Store.ReceiverTrouble(receiver: "phone", since: noon, reason: "401")
        #expect(kinds { $0.receivers = [trouble] } == ["warning macha-notices"])
    }

    @Test func `every finding has a severity that its kind gives a reason for, and is about macha`() {
        var state = well
        (state.freeBytes, state.databaseBytes, state.damages) = (nil, 5 * Self.gibibyte, ["row 7"])
        for finding in state.findings(at: noon) {
            #expect(finding.host == "macha")
            #expect(finding.kind?.entry.reasons.contains { $0.severity == finding.severity } == true)
        }
    }

    @Test func `nothing is wrong while all is well`() {
        #expect(well.findings(at: noon).isEmpty)
        #expect(kinds { $0.oldestWaiting = noon.addingTimeInterval(-3_600) }.isEmpty)
        #expect(kinds { $0.damages = nil }.isEmpty, "it has not been looked through yet")
    }

    @Test func `a disk that fills is a warning, then critical, and one that cannot be asked is no healthy one`() {
        #expect(kinds { $0.freeBytes = Self.gibibyte }.contains("warning macha-disk"))
        #expect(kinds { $0.freeBytes = 5 * Self.gibibyte }.isEmpty, "room enough, however large the disk is")
        #expect(kinds { $0.freeBytes = 100 << 20 } == ["critical macha-disk"])
        #expect(kinds { $0.freeBytes = nil } == ["warning macha-disk"])
    }

    @Test func `a damaged database is critical and comes first`() {
        let found = kinds {
            $0.damages = ["row 7 missing from index"]
            $0.oldestWaiting = noon.addingTimeInterval(-7 * 3_600)
            $0.databaseBytes = 5 * Self.gibibyte
        }
        #expect(found.first == "critical macha-database-damaged")
        #expect(Set(found.dropFirst()) == ["warning macha-queue", "warning macha-database-large"])
    }

    @Test func `a model that is set aside is a warning until it is tried again`() {
        let health = EndpointHealth(
            name: "desk", running: 0, failures: 4, setAsideUntil: noon.addingTimeInterval(60), reason: "refused")
        #expect(kinds { $0.endpoints = [health] } == ["warning macha-model"])
        var over = health
        over.setAsideUntil = noon.addingTimeInterval(-1)
        #expect(kinds { $0.endpoints = [over] }.isEmpty)
    }

    @Test func `a backup that was missed twice is a warning, where backups are configured`() {
        let daily = BackupSchedule(pace: .every(86_400), zone: .gmt)
        let days = { (count: Double) in noon.addingTimeInterval(-count * 86_400) }
        #expect(kinds { ($0.lastBackup, $0.backups) = (days(3), daily) } == ["warning macha-backup"])
        #expect(kinds { ($0.lastBackup, $0.backups) = (days(1.9), daily) }.isEmpty)
        #expect(kinds { ($0.lastBackup, $0.backups) = (days(300), nil) }.isEmpty)
    }

    @Test func `what fails again and again is a warning, what failed once or long ago is not`() {
        func fault(_ count: Int, _ age: TimeInterval) -> DaemonRecord.Fault {
            DaemonRecord.Fault(
                subject: "host nas", message: "nas: the database is locked", count: count, since: noon,
                last: noon.addingTimeInterval(-age))
        }
        #expect(kinds { $0.faults = [fault(3, 60)] } == ["warning macha-fault"])
        #expect(kinds { $0.faults = [fault(2, 60), fault(9, 7_200)] }.isEmpty)
    }
}
