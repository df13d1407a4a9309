// SPDX-License-Identifier: MIT
import Macha
import MachaCore

import struct Foundation.Date

/// What a watch tells in a pipe: one line a change, each once.
struct WatchNews {
    /// Of each host what was asked for, refused or left alone after the look before.
    private var told: [String: Set<String>] = [:]

    /// The lines that `event` is worth, and what could not be exported.
    mutating func take(_ event: FleetWatch.Event, at now: Date) -> (lines: [[Cell]], warnings: [String]) {
        switch event {
        case .tick: ([], [])
        case .trouble(let trouble): ([], ["\(trouble.host): \(trouble.error); the watch goes on"])
        case .look(let look):
            (look.changes.sorted { $0.rank < $1.rank }.map { ChangesPage.line($0) }, look.warnings)
        case .care(let outcome):
            (care(outcome).map { [Cell(HumanFormat.localTime(now), .dim)] + $0 }, outcome.warnings)
        }
    }

    private mutating func care(_ outcome: Aftercare.Outcome) -> [[Cell]] {
        var lines: [[Cell]] = []
        if outcome.isAnalysed, let report = outcome.analysis { lines.append(model(report, outcome.host)) }
        guard let repairs = outcome.repairs else { return lines }
        lines += repairs.recovered.map { RepairPage.cells($0) }
        let known = told[outcome.host] ?? []
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
        told[outcome.host] = seen
        lines += repairs.suggestions.map { [Cell(outcome.host, .heading), Cell("a model suggests:"), Cell($0)] }
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
