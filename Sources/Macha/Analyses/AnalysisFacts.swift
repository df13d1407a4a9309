// SPDX-License-Identifier: MIT
import MachaFindings
import MachaModel
import MachaProbes

import struct Foundation.Date

/// What a snapshot says of a host, in lines that a model can cite. Nothing that is unknown is left out as if it were well.
enum AnalysisFacts {
    static func lines(_ snapshot: Snapshot, _ report: HostReport) -> [String] {
        var lines = figures(report.figures)
        lines += fileSystems(snapshot)
        lines += units(snapshot)
        lines += report.trends.compactMap(trend)
        lines += snapshot.failures.map { probe, failure in
            let detail = failure.detail.raw.isEmpty ? "" : ": \(failure.detail.printable(limit: 120))"
            return "unknown: \(probe) (\(failure.reason.rawValue)\(detail))"
        }
        return lines
    }

    private static func figures(_ figures: HostFigures) -> [String] {
        var lines: [String] = []
        if let system = figures.system {
            lines.append("system \(system.raw)" + (figures.kernel.map { ", kernel \($0.raw)" } ?? ""))
        }
        if let uptime = figures.uptime { lines.append("up for \(DurationText.words(Double(uptime)))") }
        if let load = figures.load {
            lines.append("load \(decimal(load))" + (figures.processors.map { " on \($0) processors" } ?? ""))
        }
        if let used = figures.memoryUsed {
            lines.append("memory \(percent(used)) in use" + (figures.memoryTotal.map { " of \($0 >> 20) MiB" } ?? ""))
        }
        if let failed = figures.failedUnits { lines.append("\(failed) failed units") }
        if let generation = figures.generation {
            var words = ["NixOS generation \(generation)"]
            if figures.changedSinceBoot == true { words.append("switched since boot") }
            if figures.differsFromProfile == true { words.append("what runs is not what the next boot starts") }
            if figures.rebootNeeded == true { words.append("reboot needed for a new kernel") }
            lines.append(words.joined(separator: ", "))
        }
        if let seconds = figures.diskUntilFull {
            let span = DurationText.words(Double(seconds))
            lines.append("the fullest file system is full in \(span) if it goes on like this")
        }
        return lines
    }

    private static func fileSystems(_ snapshot: Snapshot) -> [String] {
        (snapshot[DisksProbe.self].value?.fileSystems ?? []).sorted { $0.usedShare > $1.usedShare }.prefix(6).map {
            "file system \($0.target) (\($0.type)) \(percent($0.usedShare)) full, \($0.available >> 20) MiB left"
        }
    }

    private static func units(_ snapshot: Snapshot) -> [String] {
        (snapshot[UnitsProbe.self].value?.units ?? []).prefix(20).map { unit in
            var words = ["unit \(unit.name) is \(unit.active) (\(unit.sub))"]
            if let result = unit.result, result != "success" { words.append("result \(result)") }
            if let status = unit.exitStatus, status != 0 { words.append("exit status \(status)") }
            if let restarts = unit.restarts, restarts > 0 { words.append("\(restarts) restarts") }
            return words.joined(separator: ", ")
        }
    }

    private static func trend(_ trend: Trend) -> String? {
        guard let first = trend.points.first, let last = trend.points.last, trend.points.count > 1 else { return nil }
        let hours = Int(last.time.timeIntervalSince(first.time) / 3_600)
        guard hours > 0 else { return nil }
        return "\(trend.name.raw) went from \(decimal(first.value)) to \(decimal(last.value)) within \(hours) h"
    }

    private static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
    private static func decimal(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
}
