// SPDX-License-Identifier: MIT
import Foundation
import MachaStore

/// The state folders of this machine. Each has queue, approvals, history and pause of its own, so whoever works in one has to
/// know of the others.
///
/// Looked for: root's folder, that of every account, and those that this account has named with `--state-dir`, which are
/// written down in `macha-state-folders` beside its own.
package struct StateFolders: Sendable {
    /// Another folder with a database.
    package struct Other: Hashable, Sendable, Encodable {
        package var path: String
        /// Whether changes are paused there, for the fleet or for hosts; `nil` when this account may not read it.
        package var isPaused: Bool?
    }

    private let own: String
    private let register: String
    private let candidates: [String]

    /// `own` is the folder in use.
    package init(own: String, environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.own = own
        let user = StateDirectory.path(
            named: nil, environment: environment.filter { $0.key != "STATE_DIRECTORY" }, ownsSystemFolder: false)
        register = "\(StateFile.parent(of: user))/macha-state-folders"
        let listed = (try? String(contentsOfFile: register, encoding: .utf8)) ?? ""
        candidates =
            [StateDirectory.ofSystem, user] + Self.ofAccounts()
            + listed.split(separator: "\n").map(String.init).filter { $0.hasPrefix("/") }
    }

    /// All others that hold a database, in the order of their paths.
    package var others: [Other] {
        var seen: Set<StateFile.Identity> = []
        if let identity = StateFile.Identity(own) { seen.insert(identity) }
        return candidates.compactMap { path -> Other? in
            guard let identity = StateFile.Identity(path), seen.insert(identity).inserted else { return nil }
            switch StateFile.Identity.exists(StateDirectory.database(in: path)) {
            case true?: return Other(path: path, isPaused: Exports.isPaused(in: path))
            case nil: return Other(path: path, isPaused: nil)
            case false?: return nil
            }
        }.sorted { $0.path < $1.path }
    }

    /// Writes down that this account works in `own`, for those who work in another folder. What cannot be written is no
    /// error: it is a help to persons.
    package func note() {
        let path = URL(fileURLWithPath: own).standardizedFileURL.path
        let listed = (try? String(contentsOfFile: register, encoding: .utf8)) ?? ""
        let known = listed.split(separator: "\n").map(String.init)
        guard !known.contains(path), !path.contains("\n") else { return }
        // Folders that are gone make room.
        let kept = known.filter { StateFile.Identity($0) != nil }.suffix(200)
        try? StateFile.write((kept + [path]).joined(separator: "\n") + "\n", to: register)
    }

    private static func ofAccounts() -> [String] {
        var folders: [String] = []
        setpwent()
        while let entry = getpwent() { folders.append(String(cString: entry.pointee.pw_dir) + "/.local/state/macha") }
        endpwent()
        return folders
    }
}

private enum StateFile {
    static func parent(of path: String) -> String { URL(fileURLWithPath: path).deletingLastPathComponent().path }

    static func write(_ text: String, to path: String) throws {
        try FileManager.default.createDirectory(
            atPath: parent(of: path), withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }

    /// One folder, whatever path leads there.
    struct Identity: Hashable {
        var device: UInt64
        var inode: UInt64

        init?(_ path: String) {
            var status = stat()
            guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
            device = UInt64(status.st_dev)
            inode = UInt64(status.st_ino)
        }

        /// `nil` when this account may not know.
        static func exists(_ path: String) -> Bool? {
            if access(path, F_OK) == 0 { return true }
            return errno == EACCES ? nil : false
        }
    }
}
