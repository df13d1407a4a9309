// SPDX-License-Identifier: MIT
package import struct Foundation.Date
import MachaFindings
import MachaModel
import MachaProbes
package import MachaStore

/// Recorded snapshots, as a list and one in full.
package enum SnapshotPage {
    /// One snapshot in a list.
    package struct Line: Encodable {
        var id: Int64
        var host: String
        var takenAt: Date
        var duration: Double
        var state: HostState.Level
        var reason: String
        var findings: Int

        package init(_ stored: StoredSnapshot) {
            let state = HostState(stored.snapshot, stored.findings)
            id = stored.id
            host = stored.snapshot.host
            takenAt = stored.snapshot.takenAt
            duration = stored.snapshot.duration
            self.state = state.level
            reason = state.reason.name
            findings = stored.findings.count
        }
    }

    /// One snapshot in full.
    package struct Document: Encodable {
        var id: Int64
        var snapshot: Snapshot
        var findings: [Finding]

        package init(_ stored: StoredSnapshot) {
            (id, snapshot, findings) = (stored.id, stored.snapshot, stored.findings)
        }
    }

    package static func list(_ lines: [Line], now: Date) -> Page {
        let rows = lines.map {
            [
                Cell("\($0.id)"), Cell($0.host), Cell($0.state.rawValue), Cell($0.reason), Cell("\($0.findings)"),
                Cell(HumanFormat.duration(seconds: $0.duration)), Cell(HumanFormat.age(of: $0.takenAt, now: now), .dim),
            ]
        }
        let columns: [Table.Column] = [
            .init("id", .right), .init("host"), .init("state"), .init("reason", yields: 1),
            .init("findings", .right), .init("took", .right), .init("checked", .right),
        ]
        var page = Page()
        page.table(Table(columns, rows: rows), orSay: "no snapshots yet; run: macha check")
        return page
    }

    /// Every reading. Throws ``OutputError`` when a value cannot be written as JSON.
    package static func show(_ document: Document) throws(OutputError) -> Page {
        let snapshot = document.snapshot
        var page = Page()
        page.text(Cell(snapshot.host, .heading), Cell(HumanFormat.localTime(snapshot.takenAt), .dim))
        if case .failed(let failure) = snapshot.contact {
            page.gap()
            page.facts([
                .init("failed at", Cell(failure.stage.rawValue, .unknown)),
                .init("because", Cell(failure.message, limit: 600)),
            ])
            RemedyLines.add(failure.advice, failure.commands, to: &page, indent: 0)
            return page
        }
        // The values are as many kinds as there are probes; their JSON is the one form that shows all of each.
        let json = try JSONText.document(snapshot)
        page.lines(json.split(separator: "\n").map { Cell(String($0), limit: 100_000) })
        return page
    }
}
