// SPDX-License-Identifier: MIT
package import Macha
import MachaModel

package import struct Foundation.Date

/// What a watch prints in a pipe: one line a change, each once.
package struct WatchNews {
    /// Of each host what was asked for, refused or not done after the check before.
    private var told: [String: Set<String>] = [:]
    /// The number of the event before.
    private var last: Int?

    /// Nothing has been printed yet.
    package init() {}

    /// The lines that `event` is worth, and what is worth a warning.
    package mutating func take(_ event: ControllerEvent, at now: Date) -> (lines: [[Cell]], warnings: [String]) {
        var warnings: [String] = []
        var lines: [[Cell]] = []
        if let last, event.sequence > last + 1 {
            warnings.append("this output is read too slowly, and changes may be missing; see: macha status")
        }
        last = event.sequence
        func timed(_ cells: [[Cell]]) -> [[Cell]] { cells.map { [Cell(HumanFormat.localTime(now), .dim)] + $0 } }
        switch event.kind {
        case .tick, .reloaded: break
        case .warning(let words): warnings.append(words)
        case .time(let gap): warnings.append(DaemonPage.words(gap))
        case .trouble(let trouble):
            warnings.append((trouble.host.map { "\($0): " } ?? "") + "\(trouble); the watch goes on")
        case .observed(let observation):
            lines = observation.changes.sorted { $0.rank < $1.rank }.map { ChangesPage.line($0) }
        case .analysed(let host, let report, let isNew):
            if isNew, let report { lines = timed([model(report, host)]) }
        case .remediated(let host, let report): lines = timed(remediated(host, report))
        }
        return (lines, warnings)
    }

    private mutating func remediated(_ host: String, _ repairs: RepairReport) -> [[Cell]] {
        var lines = repairs.recovered.map { RepairPage.cells($0) }
        let known = told[host] ?? []
        var seen: Set<String> = []
        for entry in repairs.entries {
            let cells = RepairPage.cells(entry)
            let words = RepairPage.identity(entry)
            seen.insert(words)
            guard entry.run != nil || !known.contains(words) else { continue }
            lines.append(cells)
            lines += (entry.run?.changes ?? []).sorted { $0.rank < $1.rank }.map {
                Array(ChangesPage.line($0).dropFirst())
            }
        }
        told[host] = seen
        lines += repairs.suggestions.map { [Cell(host, .heading), Cell("a model suggests:"), Cell($0)] }
        return lines
    }

    private func model(_ report: AnalysisReport, _ host: String) -> [Cell] {
        if let failure = report.failure {
            return [Cell(host, .heading), Cell("model unknown", .unknown), Cell(failure.message, limit: 400)]
        }
        guard let analysis = report.analysis else { return [Cell(host, .heading), Cell("model unknown", .unknown)] }
        return [Cell(host, .heading), Cell("model \(analysis.verdict.rawValue)"), Cell(analysis.summary, limit: 400)]
    }
}
