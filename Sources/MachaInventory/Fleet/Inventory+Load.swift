// SPDX-License-Identifier: MIT
import struct Foundation.Data
import class Foundation.FileManager
import struct Foundation.ObjCBool

extension Inventory {
    /// Reads an inventory from a file, or from a folder's `*.yaml` and `*.yml` (in order of their names, hidden ones and
    /// subfolders left out).
    ///
    /// Where the inventory names no `identity-file`, those of `~/.ssh/id_ed25519`, `id_ecdsa` and `id_rsa` that exist are
    /// tried.
    ///
    /// - Throws: all mistakes of all files at once; a file that cannot be read is one of them.
    package static func load(
        path: String, home: String, user: String, fallback: FleetFallback = .none
    ) throws(InventoryError) -> Inventory {
        var sources: [(file: String, text: String)] = []
        var mistakes: [Mistake] = []
        do throws(Mistake) {
            for file in try files(at: path) {
                do throws(Mistake) {
                    sources.append((file, try text(of: file)))
                } catch {
                    mistakes.append(error)
                }
            }
        } catch {
            throw InventoryError([error])
        }
        let keys = ["id_ed25519", "id_ecdsa", "id_rsa"].map { "\(home)/.ssh/\($0)" }
            .filter { FileManager.default.fileExists(atPath: $0) }
        return try parse(
            sources: sources, home: home, user: user, identityFiles: keys, aliases: aliases(home: home),
            fallback: fallback, unread: mistakes)
    }

    /// The names that `~/.ssh/config` gives to hosts, patterns left out: a jump host may be one of them. What is included
    /// from there is not read; ssh itself says later what a name means.
    private static func aliases(home: String) -> Set<String> {
        guard let data = FileManager.default.contents(atPath: "\(home)/.ssh/config") else { return [] }
        var aliases: Set<String> = []
        for line in String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline) {
            let words = line.split { $0 == " " || $0 == "\t" || $0 == "=" || $0 == "\"" }
            guard words.first?.lowercased() == "host" else { continue }
            aliases.formUnion(words.dropFirst().filter { !$0.contains { "*?!".contains($0) } }.map(String.init))
        }
        return aliases
    }

    private static func files(at path: String) throws(Mistake) -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw Mistake("no such file or folder; name the inventory with --inventory", at: whole(path))
        }
        guard isFolder.boolValue else { return [path] }
        let folder = path.hasSuffix("/") ? path : path + "/"
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            throw Mistake("the folder cannot be read; check its permissions", at: whole(path))
        }
        let files = names.filter { ($0.hasSuffix(".yaml") || $0.hasSuffix(".yml")) && !$0.hasPrefix(".") }
            .sorted().map { folder + $0 }
            .filter { !(FileManager.default.fileExists(atPath: $0, isDirectory: &isFolder) && isFolder.boolValue) }
        guard !files.isEmpty else {
            throw Mistake("the folder contains no *.yaml or *.yml; add one with 'hosts:' in it", at: whole(path))
        }
        return files
    }

    private static func text(of file: String) throws(Mistake) -> String {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw Mistake("the file cannot be read; check that it exists and its permissions", at: whole(file))
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw Mistake("the file is not UTF-8 text", at: firstInvalid(in: data, file: file))
        }
        return text
    }

    /// Where the longest valid beginning of `data` ends.
    private static func firstInvalid(in data: Data, file: String) -> SourcePosition {
        var place = SourcePosition(file: file, line: 1, column: 1)
        for line in data.split(separator: 0x0a, omittingEmptySubsequences: false) {
            if let repaired = firstInvalidColumn(in: line) {
                place.column = repaired
                return place
            }
            place.line += 1
        }
        return place
    }

    private static func firstInvalidColumn(in line: Data) -> Int? {
        guard String(validating: line, as: UTF8.self) == nil else { return nil }
        var decoder = UTF8()
        var bytes = line.makeIterator()
        var column = 1
        while case .scalarValue = decoder.decode(&bytes) { column += 1 }
        return column
    }

    /// A file as a whole; there is no line to name.
    private static func whole(_ file: String) -> SourcePosition { SourcePosition(file: file, line: 0, column: 0) }
}
