// SPDX-License-Identifier: MIT
import Foundation
package import MachaFindings
import MachaModel
package import MachaProbes

/// Snapshots as `snapshot_<host>_<unix>.json` in the state directory, for people with `jq`.
///
/// An export: Macha never reads it back, and a file that cannot be written loses no state. Each file appears whole or
/// not at all, readable by its owner only.
package struct SnapshotFiles: Sendable {
    /// The state directory.
    package let folder: String
    /// Newest files kept of each host.
    package let perHost: Int

    package init(folder: String, perHost: Int = 100) {
        self.folder = folder
        self.perHost = max(1, perHost)
    }

    private struct Document: Encodable {
        var snapshot: Snapshot
        var findings: [Finding]
    }

    /// Writes one snapshot, removes the host's oldest files beyond ``perHost``, and returns the file's path.
    @discardableResult
    package func write(_ snapshot: Snapshot, findings: [Finding]) throws(StoreError) -> String {
        let prefix = try Self.prefix(of: snapshot.host, in: folder)
        let second = max(0, Int64(snapshot.takenAt.timeIntervalSince1970))
        let path = "\(folder)/\(prefix)\(second).json"
        try AtomicFile.replace(path, with: content(snapshot, findings, path))
        for old in Self.seconds(in: folder, prefix: prefix, suffix: ".json").sorted(by: >).dropFirst(perHost) {
            unlink("\(folder)/\(prefix)\(old).json")
        }
        // What a killed process left half written; its second has its own name, so nobody else sweeps it.
        AtomicFile.sweep(folder, "." + prefix)
        return path
    }

    /// Deletes all files of `host`.
    package func forget(_ host: String) throws(StoreError) {
        let prefix = try Self.prefix(of: host, in: folder)
        for second in Self.seconds(in: folder, prefix: prefix, suffix: ".json") {
            unlink("\(folder)/\(prefix)\(second).json")
        }
    }

    private func content(_ snapshot: Snapshot, _ findings: [Finding], _ path: String) throws(StoreError) -> Data {
        do {
            return try DocumentJSON.file(Document(snapshot: snapshot, findings: findings))
        } catch {
            throw StoreError(error, path: path, operation: "cannot export the snapshot")
        }
    }

    /// A host name that could name another folder or another host's files is refused, whoever let it in.
    private static func prefix(of host: String, in folder: String) throws(StoreError) -> String {
        guard StoreFile.isPlain(host) else {
            throw StoreError(
                .rejected, path: folder,
                reason: "cannot export the snapshot: “\(host.printable())” is not a valid host name",
                remedy: "use letters, digits, dashes, dots and underscores in the inventory")
        }
        return "snapshot_\(host)_"
    }

    /// The times in the names `<prefix><number><suffix>`. Host `a` does not claim `snapshot_a_1_17.json` of host `a_1`:
    /// `1_17` is no number.
    private static func seconds(in folder: String, prefix: String, suffix: String) -> [Int64] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasPrefix(prefix) && $0.hasSuffix(suffix) }
            .compactMap { Int64($0.dropFirst(prefix.count).dropLast(suffix.count)) }
    }
}
