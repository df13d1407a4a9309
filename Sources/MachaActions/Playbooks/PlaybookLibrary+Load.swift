// SPDX-License-Identifier: MIT
import MachaInventory
import class Foundation.FileManager
import struct Foundation.ObjCBool

extension PlaybookLibrary {
    /// Reads the `*.yaml` and `*.yml` of folders (in order of their names, hidden ones and subfolders left out), or
    /// single files. Playbooks of later paths replace those of earlier ones.
    ///
    /// - Throws: all mistakes of all files at once; a path that cannot be read is one of them.
    package static func load(paths: [String]) throws(PlaybookError) -> PlaybookLibrary {
        try PartialLibrary(shipped: [], paths: paths).whole()
    }
}

extension PartialLibrary {
    /// Reads the playbooks that come with the program, and those at `paths` as ``PlaybookLibrary/load(paths:)`` does, which
    /// replace shipped ones of the same id. A path that cannot be read is a mistake.
    package init(shipped: [(file: String, text: String)], paths: [String]) {
        var unread: [Mistake] = []
        var folders = [shipped]
        for path in paths {
            var sources: [(file: String, text: String)] = []
            for file in Self.files(at: path, &unread) {
                guard let data = FileManager.default.contents(atPath: file) else {
                    unread.append(Mistake("the file cannot be read; check its permissions", at: Self.whole(file)))
                    continue
                }
                guard let text = String(validating: data, as: UTF8.self) else {
                    unread.append(Mistake("the file is not UTF-8 text", at: Self.whole(file)))
                    continue
                }
                sources.append((file, text))
            }
            folders.append(sources)
        }
        self.init(folders: folders, unread: unread)
    }

    private static func files(at path: String, _ mistakes: inout [Mistake]) -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            mistakes.append(Mistake("no such file or folder; name the playbooks with --playbooks", at: whole(path)))
            return []
        }
        guard isFolder.boolValue else { return [path] }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            mistakes.append(Mistake("the folder cannot be read; check its permissions", at: whole(path)))
            return []
        }
        let folder = path.hasSuffix("/") ? path : path + "/"
        return names.filter { ($0.hasSuffix(".yaml") || $0.hasSuffix(".yml")) && !$0.hasPrefix(".") }
            .sorted().map { folder + $0 }
            .filter { !(FileManager.default.fileExists(atPath: $0, isDirectory: &isFolder) && isFolder.boolValue) }
    }

    private static func whole(_ file: String) -> SourcePosition { SourcePosition(file: file, line: 0, column: 0) }
}
