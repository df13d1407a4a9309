// SPDX-License-Identifier: MIT
import Foundation
package import MachaFindings
import MachaModel
package import MachaProbes

/// Snapshots as `snapshot_<host>_<unix>.json` for people with `jq`: the newest of each host in the state directory, and
/// the newest ``perHost`` in `snapshots/<host>/`.
///
/// An export: Macha never reads it back, and a file that cannot be written loses no state. Each file appears whole or
/// not at all, readable by its owner only. No step lists more than one host's files.
package struct SnapshotFiles: Sendable {
    /// The state directory.
    package let folder: String
    /// Newest files kept of each host.
    package let perHost: Int

    package init(folder: String, perHost: Int = 100) {
        self.folder = folder
        self.perHost = max(1, perHost)
    }

    /// Seconds by which an observation that takes long can be overtaken by a later one.
    private static let overtaking: Int64 = 1_800

    private var archive: String { "\(folder)/snapshots" }

    private struct Document: Encodable {
        var snapshot: Snapshot
        var findings: [Finding]
    }

    /// Writes one snapshot, removes the host's oldest files beyond ``perHost``, and returns the file's path.
    ///
    /// A failure names the host's folder, or the folder of all when there is no room: the same words at each attempt, and not
    /// a file that is never there.
    @discardableResult
    package func write(_ snapshot: Snapshot, findings: [Finding]) throws(StoreError) -> String {
        let prefix = try prefix(of: snapshot.host)
        let own = "\(archive)/\(snapshot.host)"
        do throws(StoreError) {
            try makeFolder(own)
            return try write(snapshot, findings, prefix, own)
        } catch {
            guard error.code == .full || error.code == .notWritable else { throw error }
            throw StoreError(
                error.code, path: error.code == .full ? archive : own, reason: error.reason, remedy: error.remedy)
        }
    }

    private func write(
        _ snapshot: Snapshot, _ findings: [Finding], _ prefix: String, _ own: String
    ) throws(StoreError) -> String {
        let second = max(0, Int64(snapshot.takenAt.timeIntervalSince1970))
        let path = "\(own)/\(prefix)\(second).json"
        let content = try content(snapshot, findings, path)
        try AtomicFile.replace(path, with: content)
        // A clock that was set back since left files that are never the oldest.
        let all = Self.seconds(in: own, prefix: prefix).sorted(by: >)
        let ahead = all.prefix { $0 > second + Self.overtaking }
        for early in ahead {
            for folder in [own, folder] { unlink("\(folder)/\(prefix)\(early).json") }
        }
        let kept = all.dropFirst(ahead.count)
        for old in kept.dropFirst(perHost) { unlink("\(own)/\(prefix)\(old).json") }
        guard kept.first == second else { return path }
        let shown = "\(folder)/\(prefix)\(second).json"
        try show(path, as: shown, content)
        for old in kept.dropFirst() { unlink("\(folder)/\(prefix)\(old).json") }
        return shown
    }

    /// Gives the file a second name, or writes it a second time where the file system knows no second names.
    private func show(_ path: String, as shown: String, _ content: Data) throws(StoreError) {
        let scratch = "\(path).\(String(UInt64.random(in: .min ... .max), radix: 16)).tmp"
        // A rename onto another name of the same file does nothing at all.
        defer { unlink(scratch) }
        guard link(path, scratch) == 0, rename(scratch, shown) == 0 else {
            return try AtomicFile.replace(shown, with: content)
        }
    }

    /// Deletes all files of `host`.
    package func forget(_ host: String) throws(StoreError) {
        let prefix = try prefix(of: host)
        for second in Self.seconds(in: folder, prefix: prefix) { unlink("\(folder)/\(prefix)\(second).json") }
        try? FileManager.default.removeItem(atPath: "\(archive)/\(host)")
    }

    private func content(_ snapshot: Snapshot, _ findings: [Finding], _ path: String) throws(StoreError) -> Data {
        do {
            return try DocumentJSON.file(Document(snapshot: snapshot, findings: findings))
        } catch {
            throw StoreError(error, path: path, operation: "cannot export the snapshot")
        }
    }

    /// A host name that could name another folder or another host's files is refused, whoever let it in.
    private func prefix(of host: String) throws(StoreError) -> String {
        guard StoreFile.isPlain(host) else {
            throw StoreError(
                .rejected, path: folder,
                reason: "cannot export the snapshot: “\(host.printable())” is not a valid host name",
                remedy: "use letters, digits, dashes, dots and underscores in the inventory")
        }
        return "snapshot_\(host)_"
    }

    private static func seconds(in folder: String, prefix: String) -> [Int64] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasPrefix(prefix) && $0.hasSuffix(".json") }
            .compactMap { Int64($0.dropFirst(prefix.count).dropLast(5)) }
    }
}

/// Folders, and what earlier versions left beside one another in the state directory.
extension SnapshotFiles {
    private func makeFolder(_ own: String) throws(StoreError) {
        if mkdir(own, 0o700) != 0, errno == ENOENT {
            adopt()
            mkdir(own, 0o700)
        }
        guard access(own, F_OK) == 0 else { throw StoreFile.failure("cannot create the folder", path: own) }
        StoreFile.giveToOwner(ofFolder: folder, own)
    }

    /// Moves the files of earlier versions into the hosts' folders, once. The archive gets its name when that is done, so
    /// the next process completes what a killed one left.
    private func adopt() {
        let unfinished = "\(folder)/.snapshots.tmp"
        mkdir(unfinished, 0o700)
        StoreFile.giveToOwner(ofFolder: folder, unfinished)
        AtomicFile.sweep(folder, ".snapshot_")
        var newest: [Substring: Int64] = [:]
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let files = names.compactMap { name in Self.owner(of: name).map { (name, $0.host, $0.second) } }
        for (_, host, second) in files { newest[host] = max(newest[host] ?? 0, second) }
        for (name, host, second) in files {
            let own = "\(unfinished)/\(host)"
            if mkdir(own, 0o700) == 0 { StoreFile.giveToOwner(ofFolder: folder, own) }
            if link("\(folder)/\(name)", "\(own)/\(name)") == 0, second != newest[host] { unlink("\(folder)/\(name)") }
        }
        rename(unfinished, archive)
    }

    /// `snapshot_a_1_17.json` is of host `a_1`: what follows the last `_` is the time.
    private static func owner(of name: String) -> (host: Substring, second: Int64)? {
        guard name.hasPrefix("snapshot_"), name.hasSuffix(".json"), let end = name.lastIndex(of: "_"),
            let second = Int64(name[name.index(after: end)...].dropLast(5))
        else { return nil }
        let host = name[..<end].dropFirst("snapshot_".count)
        return StoreFile.isPlain(String(host)) ? (host, second) : nil
    }
}
