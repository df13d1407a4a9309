// SPDX-License-Identifier: MIT
import Foundation
import MachaInventory
import Testing

@Suite struct InventoryLoadTests {
    /// A temporary folder with these files; gone after `body`.
    private func withFolder(_ files: [String: Data], _ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "inventory-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, data) in files {
            let file = folder.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try data.write(to: file)
        }
        try body(folder.path(percentEncoded: false))
    }

    private func lines(_ path: String) -> [String] {
        do {
            _ = try Inventory.load(path: path, home: "/nowhere", user: "you")
            return []
        } catch {
            return error.mistakes.map(\.description)
        }
    }

    @Test func `a folder's YAML files are read in the order of their names, and nothing else`() throws {
        try withFolder([
            "b.yml": Data("hosts: { two: {} }".utf8), "a.yaml": Data("hosts: { one: {} }".utf8),
            ".hidden.yaml": Data("{".utf8), "notes.txt": Data("{".utf8), "c.yaml~": Data("{".utf8),
            "old.yaml/x.yaml": Data("{".utf8),
        ]) { folder in
            let fleet = try Inventory.load(path: folder, home: "/nowhere", user: "you")
            #expect(fleet.hosts.map(\.name) == ["one", "two"])
        }
    }

    @Test func `the usual keys that exist are the built-in ones`() throws {
        try withFolder([
            "home/.ssh/id_rsa": Data(), "home/.ssh/id_ed25519": Data(), "fleet.yaml": Data("hosts: { nas: {} }".utf8),
        ]) { folder in
            let fleet = try Inventory.load(path: "\(folder)/fleet.yaml", home: "\(folder)/home", user: "you")
            #expect(
                try fleet.endpoint("nas").identityFiles == [
                    "\(folder)/home/.ssh/id_ed25519", "\(folder)/home/.ssh/id_rsa",
                ])
        }
    }

    @Test func `a file that cannot be read as text is a mistake beside the others`() throws {
        try withFolder([
            "a.yaml": Data("hosts:\n  n\u{e4}".utf8) + Data([0xff]), "b.yaml": Data("hosts: { nas: { prot: 1 } }".utf8),
        ]) { folder in
            #expect(
                lines(folder) == [
                    "\(folder)/a.yaml:2:5: the file is not UTF-8 text",
                    "\(folder)/b.yaml:1:17: unknown key 'prot' in host 'nas'; did you mean 'port'?",
                ])
        }
    }

    @Test func `an inventory that is not there, and a folder without files, say so`() throws {
        try withFolder(["notes.txt": Data()]) { folder in
            #expect(lines(folder) == ["\(folder): the folder contains no *.yaml or *.yml; add one with 'hosts:' in it"])
            #expect(
                lines("\(folder)/x.yaml")
                    == ["\(folder)/x.yaml: no such file or folder; name the inventory with --inventory"])
        }
    }
}
