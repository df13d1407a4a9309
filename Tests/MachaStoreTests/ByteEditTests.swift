// SPDX-License-Identifier: MIT
import Foundation
import GRDB
import MachaActions
import MachaModel
import MachaTestSupport
import Testing

@testable import MachaStore

/// A thousand databases with bytes that somebody, or a disk, has changed: each is read or refused, and nothing runs that
/// nobody granted.
@Suite(.timeLimit(.minutes(10))) struct ByteEditTests {
    private let state: TamperedState
    private let original: [UInt8]

    init() throws {
        state = try TamperedState()
        try state.alter("PRAGMA wal_checkpoint(TRUNCATE)")
        try state.store.pool.close()
        original = [UInt8](try Data(contentsOf: URL(filePath: state.folder.database)))
    }

    @Test func `an edited byte ends no process, hangs nothing and grants nothing`() throws {
        var random = SeededRandom(seed: 16)
        let written = original.indices.filter { original[$0] != 0 }
        var (refused, found, unseen) = (0, 0, 0)
        for number in 0..<1_000 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                // Where something is written; most of a small database is zeros.
                let place = written.randomElement(using: &random) ?? 0
                bytes[place] = UInt8.random(in: 0...255, using: &random)
            }
            let folder = "\(state.folder.path)/\(number)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try Data(bytes).write(to: URL(filePath: "\(folder)/macha.db"))
            do {
                let store = try Store.open(at: "\(folder)/macha.db")
                TamperedState.readEverything(store)
                for id in 0..<3 { try useOnce(id, store) }
                let faults = try Exports(folder: state.state).verify(store, heads: []).faults
                if faults.isEmpty { unseen += 1 } else { found += 1 }
                try store.pool.close()
            } catch is StoreError {
                refused += 1
            }
        }
        #expect(refused + found + unseen == 1_000)
        print("1000 edited databases: \(refused) refused, \(found) with faults named, \(unseen) without an effect")
    }

    /// Only the approval that anna granted, with the content she granted, may run.
    private func useOnce(_ id: Int, _ store: Store) throws {
        guard let outcome = try? store.use(id, at: minute(8)), case .success(let used) = outcome else { return }
        #expect(id == TamperedState.granted)
        let entries = try state.exportedGrants()
        #expect(entries.contains(used.authorized.content.description))
    }
}

extension TamperedState {
    /// The contents of every grant, as the exports have them.
    func exportedGrants() throws -> [String] {
        try String(contentsOfFile: Exports.path(of: .decisions, in: state), encoding: .utf8).split(separator: "\n")
            .compactMap {
                line in
                let entry = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                let payload = entry?["payload"] as? [String: Any]
                return payload?["event"] as? String == "granted" ? payload?["content"] as? String : nil
            }
    }
}
