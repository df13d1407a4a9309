// SPDX-License-Identifier: MIT
package import Foundation
package import MachaJournal
import Synchronization

/// Takes a journal as it streams in and makes a digest of it, in memory that does not grow with the journal.
package final class JournalDigester: Sendable {
    private let engine: Mutex<DigestEngine>

    /// What came of a journal.
    package struct Outcome: Sendable {
        package var digest: Digest
        /// What is normal on the host, this journal included.
        package var memory: [UInt8]
        package var bytes: Int
        package var entries: Int
    }

    /// `memory` is what is normal on the host, as it was kept last; one that cannot be read is begun again.
    package init(memory: [UInt8]?, now: Date) {
        let year = Calendar(identifier: .gregorian).component(.year, from: now)
        let engine = DigestEngine(year: year)
        if let memory { try? LogBaseline.load(memory, into: engine.miner) }
        self.engine = Mutex(engine)
    }

    package func feed(_ bytes: ArraySlice<UInt8>) {
        engine.withLock { engine in bytes.withUnsafeBytes { engine.feed($0) } }
    }

    /// Ends the journal. The digest takes at most `tokens`; units in `troubled` are worth more of it.
    package func finish(tokens: Int, troubled: Set<String>, now: Date) -> Outcome {
        engine.withLock { engine in
            engine.finish()
            let options = DigestOptions(tokens: tokens, hints: Hints(troubledUnits: troubled))
            var renderer = DigestRenderer(engine, Templates(engine.miner), options)
            let digest = renderer.render()
            let day = Int((engine.ledger.lastTime ?? Int64(now.timeIntervalSince1970 * 1e6)) / 86_400_000_000)
            return Outcome(
                digest: digest, memory: LogBaseline.save(engine.miner, day: day), bytes: engine.ledger.bytes,
                entries: engine.ledger.entries)
        }
    }
}

/// What is normal on each host, in files of the state directory.
///
/// What a journal taught counts only once it was analysed; until then it lies beside, so that a second attempt finds the
/// host's news still new.
struct LogBaselineFiles: Sendable {
    let folder: String

    private func path(_ host: String) -> String { "\(folder)/memory/\(host).memory" }
    private func pending(_ host: String) -> String { path(host) + ".next" }

    func load(_ host: String) -> [UInt8]? { FileManager.default.contents(atPath: path(host)).map { [UInt8]($0) } }

    /// Losing it costs some novelty in the next digest and nothing else.
    func keep(_ bytes: [UInt8], of host: String) {
        let manager = FileManager.default
        try? manager.createDirectory(
            atPath: "\(folder)/memory", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try? Data(bytes).write(to: URL(filePath: pending(host)), options: .atomic)
        try? manager.setAttributes([.posixPermissions: 0o600], ofItemAtPath: pending(host))
    }

    /// The journal was analysed.
    func settle(_ host: String) { rename(pending(host), path(host)) }
}
