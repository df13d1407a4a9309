// SPDX-License-Identifier: MIT
import MachaFindings
package import MachaProbes

/// What is asked of every host.
package enum ProbesPage {
    /// One probe in a list.
    package struct Line: Encodable {
        var name: String
        var isEssential: Bool
        var rhythm: ProbeInterval
        /// Seconds.
        var timeout: Int
        /// Bytes.
        var limit: Int
        var script: String

        package init(_ probe: any Probe.Type) {
            name = probe.name
            isEssential = HostState.essentials.contains { $0.name == probe.name }
            rhythm = probe.rhythm
            timeout = probe.timeout
            limit = probe.byteLimit
            script = probe.script
        }
    }

    package static func list(_ lines: [Line]) -> Page {
        let rows = lines.map { line in
            [
                Cell(line.name), Cell(line.isEssential ? "essential" : ""), Cell("\(line.timeout) s"),
                Cell(HumanFormat.bytes(line.limit)),
                Cell(line.script.split(separator: "\n").first.map(String.init) ?? "", .dim),
            ]
        }
        let columns: [Table.Column] = [
            .init("probe"), .init(""), .init("at most", .right), .init("answer", .right),
            .init("begins", minimum: 20, yields: 1, leaves: 1),
        ]
        var page = Page()
        page.table(Table(columns, rows: rows), orSay: "no probes")
        page.text(Cell("To see the whole script: macha probes script", .dim))
        return page
    }
}
