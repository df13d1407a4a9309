// SPDX-License-Identifier: MIT
import Foundation
import MachaModel
import Testing

@testable import MachaStore

struct SuggestionFilesTests {
    let folder: TemporaryFolder
    let files: SuggestionFiles

    init() throws {
        folder = try TemporaryFolder()
        files = SuggestionFiles(folder: folder.path, perHost: 2)
    }

    private var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path + "/suggestions")) ?? []).sorted()
    }

    private func question(_ text: String) -> ContentHash { ContentHash(of: text.utf8) }

    @Test func `a suggestion is a file of its owner's, and the same one replaces it`() throws {
        let path = try files.write("one\n", of: "nas", question("q"), .options)
        let name = "nas-\(question("q").description.prefix(16)).nix"
        #expect(path == "\(folder.path)/suggestions/\(name)")
        #expect(try files.path("nas", question("q"), .options) == path)
        try files.write("two\n", of: "nas", question("q"), .options)
        #expect(names == [name])
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "two\n")
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
        let parent = folder.path + "/suggestions"
        #expect(try FileManager.default.attributesOfItem(atPath: parent)[.posixPermissions] as? Int == 0o700)
    }

    @Test func `the oldest of the same host make room`() throws {
        for host in ["a", "a-b"] {
            for number in 0..<3 {
                let path = try files.write("x", of: host, question("\(number)"), .words)
                // Times of our own: the clock of a file system may not tell two writes apart.
                let date = Date(timeIntervalSince1970: 1_000_000 + Double(number))
                try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path)
            }
        }
        // The third write still saw two others, one of them the oldest.
        let kept = ["a", "a-b"].flatMap { host in
            ["1", "2"].map { "\(host)-\(question($0).description.prefix(16)).txt" }
        }
        #expect(names == kept.sorted())
    }

    @Test(arguments: [
        "", ".", "..", "../evil", "a/b", "/etc/passwd", ".hidden", "a\u{0}b", "a b", "ünder", "a\u{1b}[2J",
    ])
    func `a name that could leave the folder is refused`(host: String) {
        let error = #expect(throws: StoreError.self) { try files.write("x", of: host, question("q"), .words) }
        #expect(error?.code == .rejected)
        #expect(names.isEmpty)
    }

    @Test func `a link is never followed, in place of the file or of the folder`() throws {
        let victim = folder.path + "/victim"
        try Data("mine".utf8).write(to: URL(fileURLWithPath: victim))
        let path = try files.write("x", of: "nas", question("q"), .options)
        unlink(path)
        symlink(victim, path)
        try files.write("y", of: "nas", question("q"), .options)
        #expect(try String(contentsOfFile: victim, encoding: .utf8) == "mine")
        let elsewhere = try TemporaryFolder()
        let own = try TemporaryFolder()
        let other = SuggestionFiles(folder: own.path)
        symlink(elsewhere.path, own.path + "/suggestions")
        #expect(throws: StoreError.self) { try other.write("x", of: "nas", question("q"), .options) }
        #expect(elsewhere.names.isEmpty)
    }
}
