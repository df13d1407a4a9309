// SPDX-License-Identifier: MIT
import Foundation
import Testing

@testable import MachaStore

@Suite struct ExportLogTests {
    private func content(_ path: String) -> String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }

    @Test func `lines are appended, readable by their owner only`() throws {
        let folder = try TemporaryFolder()
        let log = ExportLog(path: folder.path + "/actions.jsonl")
        try log.append(["one"], isDurable: false)
        try log.append(["two", "three"], isDurable: false)
        #expect(content(log.path) == "one\ntwo\nthree\n")
        let mode = try FileManager.default.attributesOfItem(atPath: log.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test func `half a line of a process that was killed does not swallow the next`() throws {
        let folder = try TemporaryFolder()
        let log = ExportLog(path: folder.path + "/actions.jsonl")
        try "one\nha".write(toFile: log.path, atomically: true, encoding: .utf8)
        try log.append(["two"], isDurable: true)
        #expect(content(log.path) == "one\nha\ntwo\n")
    }

    @Test func `a line for which there is no room leaves no half of itself, and the reason is told`() async {
        // A limit of a file's size is met in the middle of a line, as a full disk is. It holds for a whole process.
        await #expect(processExitsWith: .success) {
            let folder = try TemporaryFolder()
            let log = ExportLog(path: folder.path + "/actions.jsonl")
            try log.append(["one"], isDurable: false)
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit()
            getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            let usual = limit.rlim_cur
            limit.rlim_cur = 10
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            let error = #expect(throws: StoreError.self) { try log.append(["a longer line"], isDurable: false) }
            #expect(error?.reason == "cannot write the export: file too large")
            #expect((try? String(contentsOfFile: log.path, encoding: .utf8)) == "one\n")
            limit.rlim_cur = usual
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            try log.append(["a longer line"], isDurable: false)
            #expect((try? String(contentsOfFile: log.path, encoding: .utf8)) == "one\na longer line\n")
        }
    }

    @Test func `a full file is put aside and the oldest goes`() throws {
        let folder = try TemporaryFolder()
        let log = ExportLog(path: folder.path + "/actions.jsonl", limit: 4, kept: 2)
        for line in ["first", "second", "third", "fourth"] { try log.append([line], isDurable: false) }
        #expect(folder.names == ["actions.jsonl", "actions.jsonl.1", "actions.jsonl.2"])
        #expect(content(log.path) == "fourth\n")
        #expect(content(log.path + ".1") == "third\n")
        #expect(content(log.path + ".2") == "second\n")
    }

    @Test func `a file that says the same already is not written again, and one that somebody changed is`() throws {
        let folder = try TemporaryFolder()
        let store = try Store.open(at: folder.database)
        let exports = Exports(folder: folder.path)
        let files = ["approval_queue.json", "pause.json"].map { "\(folder.path)/\($0)" }
        func identities() throws -> [Int?] {
            try files.map { try FileManager.default.attributesOfItem(atPath: $0)[.systemFileNumber] as? Int }
        }
        try store.pause(hosts: nil, by: "anna", because: "moving house", at: minute(0))
        try exports.write(from: store, at: minute(1))
        let (first, text) = (try identities(), content(files[0]))
        try exports.write(from: store, at: minute(2))
        #expect(try identities() == first)
        try "edited".write(toFile: files[0], atomically: true, encoding: .utf8)
        chmod(files[1], 0o644)
        try exports.write(from: store, at: minute(3))
        #expect(content(files[0]) == text)
        #expect(try FileManager.default.attributesOfItem(atPath: files[1])[.posixPermissions] as? Int == 0o600)
    }

    @Test func `a link in the place of the file is not followed`() throws {
        let folder = try TemporaryFolder()
        let log = ExportLog(path: folder.path + "/actions.jsonl")
        try FileManager.default.createSymbolicLink(
            atPath: log.path, withDestinationPath: folder.path + "/elsewhere")
        #expect(throws: StoreError.self) { try log.append(["one"], isDurable: false) }
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/elsewhere"))
    }
}
