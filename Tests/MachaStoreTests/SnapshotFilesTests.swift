// SPDX-License-Identifier: MIT
import Dispatch
import Foundation
import Synchronization
import Testing

@testable import MachaStore

struct SnapshotFilesTests {
    let folder: TemporaryFolder
    let files: SnapshotFiles

    init() throws {
        folder = try TemporaryFolder()
        files = SnapshotFiles(folder: folder.path, perHost: 2)
    }

    @Test func `a snapshot is exported as a whole, for its owner only`() throws {
        let path = try files.write(reached("nas", at: minute(0)), findings: [.disk(on: "nas")])
        #expect(path == folder.path + "/snapshot_nas_1800000000.json")
        #expect(folder.names == ["snapshot_nas_1800000000.json", "snapshots"])
        let document = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path)))
        let top = try #require(document as? [String: Any])
        #expect((top["snapshot"] as? [String: Any])?["takenAt"] as? String == "2027-01-15T08:00:00Z")
        #expect((top["findings"] as? [[String: Any]])?.first?["kind"] as? String == "disk-space")
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
    }

    private func archived(_ host: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/snapshots/\(host)").sorted()
    }

    @Test func `the newest file of a host lies in front, and the oldest make room`() throws {
        for host in ["a", "a_1"] {
            for step in [0, 2, 1, 3] { try files.write(reached(host, at: minute(Double(step))), findings: []) }
        }
        #expect(folder.names == ["snapshot_a_1800000180.json", "snapshot_a_1_1800000180.json", "snapshots"])
        #expect(try archived("a") == ["snapshot_a_1800000120.json", "snapshot_a_1800000180.json"])
        #expect(try archived("a_1") == ["snapshot_a_1_1800000120.json", "snapshot_a_1_1800000180.json"])
    }

    @Test func `files of earlier versions go to their hosts' folders, also after a kill meanwhile`() throws {
        let names = ["snapshot_a_17.json", "snapshot_a_18.json", "snapshot_a_1_9.json", "snapshot_nas_3.json"]
        for name in names + ["snapshot_note.json", "macha.db"] {
            try Data(name.utf8).write(to: URL(fileURLWithPath: folder.path + "/" + name))
        }
        // What an adoption that was killed leaves.
        try FileManager.default.createDirectory(
            atPath: folder.path + "/.snapshots.tmp/a", withIntermediateDirectories: true)
        try FileManager.default.moveItem(
            atPath: folder.path + "/snapshot_a_17.json", toPath: folder.path + "/.snapshots.tmp/a/snapshot_a_17.json")
        try files.write(reached("nas", at: minute(0)), findings: [])
        #expect(
            folder.names == [
                "macha.db", "snapshot_a_18.json", "snapshot_a_1_9.json", "snapshot_nas_1800000000.json",
                "snapshot_note.json", "snapshots",
            ])
        #expect(try archived("a") == ["snapshot_a_17.json", "snapshot_a_18.json"])
        #expect(try archived("a_1") == ["snapshot_a_1_9.json"])
        #expect(try archived("nas") == ["snapshot_nas_1800000000.json", "snapshot_nas_3.json"])
    }

    @Test func `forgetting a host deletes all its files, and no other host's`() throws {
        for host in ["a", "a_1"] {
            for step in 0..<2 { try files.write(reached(host, at: minute(Double(step))), findings: []) }
        }
        try files.forget("a")
        #expect(folder.names == ["snapshot_a_1_1800000060.json", "snapshots"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/snapshots") == ["a_1"])
        #expect(try archived("a_1").count == 2)
    }

    @Test func `files of a clock that was ahead give way to those of now`() throws {
        for time in [0.0, 60, 5] { try files.write(reached("nas", at: minute(time)), findings: []) }
        #expect(folder.names == ["snapshot_nas_1800000300.json", "snapshots"])
        #expect(try archived("nas") == ["snapshot_nas_1800000000.json", "snapshot_nas_1800000300.json"])
    }

    @Test func `files left half written by a killed process are removed`() throws {
        try files.write(reached("nas", at: minute(0)), findings: [])
        let own = folder.path + "/snapshots/nas/"
        for (name, age) in [("17", 7_200.0), ("18", 0)] {
            let path = "\(own).snapshot_nas_1800000000.json.\(name).tmp"
            try Data("{".utf8).write(to: URL(fileURLWithPath: path))
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: -age)], ofItemAtPath: path)
        }
        try files.write(reached("nas", at: minute(0)), findings: [])
        // One that is being written now is spared.
        #expect(try archived("nas") == [".snapshot_nas_1800000000.json.18.tmp", "snapshot_nas_1800000000.json"])
    }

    @Test func `many writers of one file in one second do not disturb one another`() throws {
        let (folder, files) = (folder, files)
        let failures = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: 64) { _ in
            guard (try? files.write(reached("nas", at: minute(0)), findings: [])) == nil else { return }
            failures.withLock { $0 += 1 }
        }
        #expect(failures.withLock { $0 } == 0)
        #expect(folder.names == ["snapshot_nas_1800000000.json", "snapshots"])
        #expect(try archived("nas") == ["snapshot_nas_1800000000.json"])
    }

    @Test func `a link in place of the file is replaced, not followed`() throws {
        let victim = folder.path + "/victim"
        try Data("mine".utf8).write(to: URL(fileURLWithPath: victim))
        for name in ["snapshot_nas_1800000000.json"] { symlink(victim, folder.path + "/" + name) }
        try files.write(reached("nas", at: minute(0)), findings: [])
        #expect(try Data(contentsOf: URL(fileURLWithPath: victim)) == Data("mine".utf8))
    }

    @Test(arguments: [
        "", ".", "..", "../evil", "a/b", "/etc/passwd", ".hidden", "a\u{0}b", "a b", "ünder", "a\u{1b}[2J",
    ])
    func `a name that could leave the folder is refused`(host: String) throws {
        let error = #expect(throws: StoreError.self) { try files.write(reached(host, at: minute(0)), findings: []) }
        #expect(error?.code == .rejected)
        #expect(error?.description.unicodeScalars.contains("\u{1b}") == false)
        #expect(folder.names.isEmpty)
    }

    @Test func `a folder that is not there is an error with its path`() throws {
        let gone = SnapshotFiles(folder: folder.path + "/gone")
        let error = #expect(throws: StoreError.self) { try gone.write(reached("nas", at: minute(0)), findings: []) }
        #expect(error?.code == .notWritable)
        #expect(error?.path.hasPrefix(folder.path + "/gone/") == true)
    }
}
