// SPDX-License-Identifier: MIT
package import Macha
package import MachaStore

/// Backups, and what they bring back.
package enum BackupPage {
    package static func made(_ outcome: Controller.BackupOutcome) -> Page {
        var page = verified(outcome.backup)
        for path in outcome.deleted { page.text(Cell("deleted", .dim), Cell(path, .dim, limit: 4_000)) }
        return page
    }

    package static func verified(_ backup: Backup) -> Page {
        var page = Page()
        page.text(Cell(backup.path, .heading, limit: 4_000))
        page.facts([
            .init("size", Cell(HumanFormat.bytes(backup.bytes))), .init("record", Cell("\(backup.entries) entries")),
            .init("head", Cell(backup.head ?? "none", .dim)),
            .init(
                "verified", backup.faults.isEmpty ? Cell("no fault found", .ok) : Cell("see below", .critical)),
        ])
        for fault in backup.faults { page.text(Cell(fault, .critical, limit: 500)) }
        return page
    }

    package static func restored(_ outcome: Controller.RestoreOutcome) -> Page {
        var page = verified(outcome.backup)
        if let old = outcome.setAside { page.text(Cell("the old database:", .dim), Cell(old, limit: 4_000)) }
        page.text(Cell("Next: macha audit verify. If the exports know more than this backup, no host is changed until"))
        page.text(Cell("you have read what happened since, and run: macha audit accept"))
        return page
    }

    package static func forgotten(_ host: String, _ rows: [String: Int]) -> Page {
        var page = Page()
        guard !rows.isEmpty else {
            page.text(Cell("nothing is known of \(host)", .dim))
            return page
        }
        page.text(Cell("forgot \(host)", .heading))
        page.facts(rows.sorted { $0.key < $1.key }.map { .init($0.key, Cell("\($0.value)")) })
        return page
    }
}
