// SPDX-License-Identifier: MIT
package import MachaStore
package import struct Foundation.Date

/// Writes what the database holds for people and for other places: the `.jsonl` logs, the approval queue, the audit's head.
package struct Exporter: Sendable {
    private let exports: Exports
    private let heads: AuditHeadPlaces

    package init(_ exports: Exports, heads: AuditHeadPlaces) {
        self.exports = exports
        self.heads = heads
    }

    /// Returns what could not be written, in words; the database has it all the same.
    package func write(from store: Store, at now: Date) -> [String] {
        var failures: [String] = []
        do throws(StoreError) { try exports.write(from: store, at: now) } catch { failures.append("\(error)") }
        return failures + keepHead(of: store, at: now)
    }

    /// Keeps the audit's head where the configuration says.
    package func keepHead(of store: Store, at now: Date) -> [String] {
        do throws(StoreError) {
            if let head = try store.auditHead() { try heads.keep(head, at: now) }
            return []
        } catch {
            return ["\(error)"]
        }
    }

    /// Compares the record of `store` with itself, with its exports, with the heads that are kept elsewhere, and with
    /// `heads`, which a person named.
    func verify(_ store: Store, heads named: [KeptHead]) throws(StoreError) -> AuditVerification {
        let kept = try heads.heads().map { (origin: heads.file ?? "", head: $0) }
        return try exports.verify(store, heads: named.map { (origin: "--head", head: $0) } + kept)
    }
}
