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
        #expect(folder.names == ["snapshot_nas_1800000000.json"])
        let document = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path)))
        let top = try #require(document as? [String: Any])
        #expect((top["snapshot"] as? [String: Any])?["takenAt"] as? String == "2027-01-15T08:00:00Z")
        #expect((top["findings"] as? [[String: Any]])?.first?["kind"] as? String == "disk-space")
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
    }

    @Test func `the oldest files of the same host make room`() throws {
        for host in ["a", "a_1"] {
            for step in 0..<3 { try files.write(reached(host, at: minute(Double(step))), findings: []) }
        }
        #expect(
            folder.names
                == [
                    "snapshot_a_1800000060.json", "snapshot_a_1800000120.json",
                    "snapshot_a_1_1800000060.json", "snapshot_a_1_1800000120.json",
                ].sorted())
    }

    @Test func `files left half written by a killed process are removed`() throws {
        for stale in [".snapshot_nas_17.tmp", ".snapshot_web_17.tmp"] {
            let path = folder.path + "/" + stale
            try Data("{".utf8).write(to: URL(fileURLWithPath: path))
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: -7_200)], ofItemAtPath: path)
        }
        // One that is being written now is spared.
        try Data("{".utf8).write(to: URL(fileURLWithPath: folder.path + "/.snapshot_nas_18.tmp"))
        try files.write(reached("nas", at: minute(0)), findings: [])
        #expect(folder.names == [".snapshot_nas_18.tmp", ".snapshot_web_17.tmp", "snapshot_nas_1800000000.json"])
    }

    @Test func `many writers of one file in one second do not disturb one another`() throws {
        let (folder, files) = (folder, files)
        let failures = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: 64) { _ in
            guard (try? files.write(reached("nas", at: minute(0)), findings: [])) == nil else { return }
            failures.withLock { $0 += 1 }
        }
        #expect(failures.withLock { $0 } == 0)
        #expect(folder.names == ["snapshot_nas_1800000000.json"])
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
