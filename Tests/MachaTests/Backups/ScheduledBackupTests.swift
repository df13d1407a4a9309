// SPDX-License-Identifier: MIT
import Foundation
import MachaInventory
import MachaStore
import MachaTestSupport
import Synchronization
import Testing

@testable import Macha

/// The backups that the daemon makes by itself, under a clock that a test sets.
struct ScheduledBackupTests {
    private final class Clock: Sendable {
        let now = Mutex(Date(timeIntervalSince1970: 1_800_000_000))
        func pass(hours: Double) { now.withLock { $0 += hours * 3_600 } }
    }

    private let scratch: Scratch
    private let clock = Clock()
    private let controller: Controller

    init() throws {
        scratch = try Scratch()
        let clock = clock
        controller = Controller(
            Environment(
                Environment.Names(
                    configuration: nil, inventory: nil, stateFolder: scratch.path("state"), playbooks: nil),
                keepsConnections: false,
                clock: ControllerClock(wall: { clock.now.withLock { $0 } }, waitingBy: TestClock()), warn: { _ in }))
    }

    private func settings(keep: Int, folder: String? = nil) -> BackupSettings {
        var settings = BackupSettings()
        (settings.keep, settings.folder) = (keep, folder)
        return settings
    }

    private var files: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: scratch.path("state/backups"))) ?? []).sorted()
    }

    @Test func `one is made each day, the newest are kept, and every one of them is whole`() throws {
        for day in 0..<5 {
            let made = try controller.backUpIfDue(settings(keep: 3), BackupStop())
            #expect(made != nil && made?.deleted.count == (day < 3 ? 0 : 1))
            #expect(try controller.backUpIfDue(settings(keep: 3), BackupStop()) == nil, "not twice a day")
            clock.pass(hours: 24)
        }
        #expect(files.count == 3)
        for name in files {
            #expect(try controller.inspectBackup(scratch.path("state/backups/\(name)")).faults.isEmpty)
        }
        clock.pass(hours: 24 * 30)
        #expect(try controller.backUpIfDue(settings(keep: 3), BackupStop()) != nil)
        #expect(try controller.backUpIfDue(settings(keep: 3), BackupStop()) == nil, "one for all that were missed")
    }

    @Test func `a folder that is not there is not made: it may be a disk that is not mounted`() throws {
        let folder = scratch.path("nas")
        let failure = #expect(throws: ControllerError.self) {
            _ = try controller.backUpIfDue(settings(keep: 3, folder: folder), BackupStop())
        }
        #expect(failure?.messages.first?.contains("does not exist") == true)
        #expect(!FileManager.default.fileExists(atPath: folder))
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        #expect(try controller.backUpIfDue(settings(keep: 3, folder: folder), BackupStop()) != nil)
    }

    @Test func `another folder gets one at once`() throws {
        _ = try controller.backUpIfDue(settings(keep: 3), BackupStop())
        let folder = scratch.path("nas")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        #expect(try controller.backUpIfDue(settings(keep: 3, folder: folder), BackupStop()) != nil)
    }

    @Test func `how many to keep is refused where the backup is a file`() throws {
        let failure = #expect(throws: ControllerError.self) {
            _ = try controller.backUp(to: scratch.path("copy.db"), keep: 3)
        }
        #expect(failure?.kind == .usage && failure?.messages.first?.contains("is none") == true)
        #expect(!FileManager.default.fileExists(atPath: scratch.path("copy.db")))
    }
}
