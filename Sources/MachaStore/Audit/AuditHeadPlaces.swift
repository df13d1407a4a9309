// SPDX-License-Identifier: MIT
package import Foundation
import GRDB
package import MachaActions
import MachaModel
import Synchronization

/// Where the audit's head is kept outside of the state directory: a file of another file system, user or machine, and the
/// system's log.
package struct AuditHeadPlaces: Sendable {
    /// One line a head: the time, and `SEQUENCE:HASH`.
    package let file: String?
    /// `syslog(3)`, which journald keeps and forwards.
    package let usesSyslog: Bool

    package init(file: String?, usesSyslog: Bool) {
        self.file = file
        self.usesSyslog = usesSyslog
    }

    /// What this process has told the system's log last.
    private struct Logged {
        var head: AuditChain.Head?

        /// Whether `next` is another one.
        mutating func replace(with next: AuditChain.Head) -> Bool {
            defer { head = next }
            return head != next
        }
    }

    private static let logged = Mutex(Logged())

    /// Keeps `head`, unless the file's last line, or what this process wrote to the log last, has it already.
    package func keep(_ head: AuditChain.Head, at now: Date) throws(StoreError) {
        if let file {
            guard try heads().last?.digits != head.hash.description else { return }
            try ExportLog(path: file, limit: .max, kept: 0).append(
                ["\(now.formatted(.iso8601)) \(head.text)"], isDurable: true)
        }
        guard usesSyslog, Self.logged.withLock({ $0.replace(with: head) }) else { return }
        let text = "audit head \(head.text)"
        openlog("macha", LOG_PID, LOG_USER)
        text.withCString { line in withVaList([line]) { vsyslog(LOG_NOTICE, "%s", $0) } }
    }

    /// What the file has, oldest first.
    package func heads() throws(StoreError) -> [KeptHead] {
        guard let file else { return [] }
        return try ExportFile.lines(file).compactMap { line in
            line.split(separator: " ").last.flatMap { KeptHead(String($0)) }
        }
    }
}
