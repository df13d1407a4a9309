// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel
import MachaProbes

/// What has been too much for a long time without one better look. A single sample says nothing: a compiler is at work.
///
/// Busy processors are information, because to be busy is what they are for. Memory, swap and stalls are warnings: the host
/// has done little else for an hour. They are never critical, for the host still answers.
enum SustainedRule {
    private struct Limit {
        var kind: FindingKind
        var metric: Metric
        var severity: Severity
        var value: (TrendThresholds) -> Double
        var sentence: (Int, String) -> String
        var remedy: String
        var commands: [String]
        var isShare = true
    }

    static func findings(_ present: Present) -> [Finding] {
        limits.compactMap { limit in
            let threshold = limit.value(present.trend)
            guard let lasting = lasting(limit.metric, limit.kind, threshold, present), isSuffering(limit, present)
            else { return nil }
            let percent = Int((lasting.mean * (limit.isShare ? 100 : 1)).rounded(.down))
            return Finding(
                limit.kind, host: present.host, limit.severity,
                limit.sentence(percent, FindingText.roughSpan(present.trend.sustainedSpan)),
                evidence: ["\(limit.metric.rawValue): \(lasting.count) checks, \(percent) % or more on average"],
                remedy: limit.remedy, commands: limit.commands)
        }
    }

    /// Kinds that were found and are as bad as then, while the span is not covered by samples: the host was not asked.
    static func undecided(_ present: Present) -> [FindingKind] {
        limits.filter { limit in
            guard present.isOpen(limit.kind), let value = present.values[SeriesKey(limit.metric)] else { return false }
            return value >= 0.95 * limit.value(present.trend)
        }
        .map(\.kind)
    }

    /// Mean and number of the samples within the span, if all of them reach `threshold`, nothing between them is
    /// unwatched for long, and they cover the whole of it. What was found before stays while the average is near the
    /// threshold.
    private static func lasting(
        _ metric: Metric, _ kind: FindingKind, _ threshold: Double, _ present: Present
    ) -> (mean: Double, count: Int)? {
        let key = SeriesKey(metric)
        guard let value = present.values[key] else { return nil }
        let span = Int(present.trend.sustainedSpan)
        let past = present.history.samples(key, \.min).filter { $0.at < present.now }
        let samples = past + [MetricSample(present.now, value)]
        // The last look before the span began belongs to it: how it stood at the beginning.
        let first = samples.lastIndex { $0.at <= present.now - span } ?? samples.endIndex
        let within = samples[first...]
        let longest = zip(within, within.dropFirst()).map { $1.at - $0.at }.max() ?? Int.max
        guard within.count >= 4, longest <= max(900, span / 3) else { return nil }
        let mean = within.reduce(0) { $0 + $1.value } / Double(within.count)
        let isLasting =
            present.isOpen(kind) ? mean >= 0.95 * threshold : within.allSatisfy { $0.value >= threshold }
        return isLasting ? (mean, within.count) : nil
    }

    /// Full swap harms nobody while nothing waits for memory: what lies there may never be needed again.
    private static func isSuffering(_ limit: Limit, _ present: Present) -> Bool {
        guard limit.metric == .swap else { return true }
        guard let stall = present.snapshot[PressureProbe.self].value ?? nil else {
            return (present.values[SeriesKey(.memory)] ?? 0) >= present.trend.memorySustained
        }
        return stall.memorySome.avg300 >= 1
    }

    private static var limits: [Limit] {
        [
            Limit(
                kind: .cpuSustained, metric: .cpu, severity: .info, value: \.cpuSustained,
                sentence: { "The processors have been \($0) % busy for \($1)." },
                remedy: "Find the busiest programs.",
                commands: ["ps -eo pcpu,unit,args --sort=-pcpu | head"]),
            Limit(
                kind: .memorySustained, metric: .memory, severity: .warning, value: \.memorySustained,
                sentence: { "Programs have held \($0) % of the memory for \($1)." }, remedy: MemoryDetector.findLargest,
                commands: [MemoryDetector.listLargest]),
            Limit(
                kind: .swapSustained, metric: .swap, severity: .warning, value: \.swapSustained,
                sentence: { "\($0) % of the swap has been in use for \($1), and programs are waiting for memory." },
                remedy: MemoryDetector.findLargest, commands: [MemoryDetector.listLargest]),
            Limit(
                kind: .ioSustained, metric: .ioPressure, severity: .warning, value: \.ioStallSustained,
                sentence: { "All tasks have been stalled \($0) % of the time for \($1), waiting for disks." },
                remedy: "Check the kernel's log for disk errors, and find the program that reads or writes most.",
                commands: ["journalctl -k -p warning -n 50", "systemd-cgtop -n 1 --order=io"],
                isShare: false),
            Limit(
                kind: .memoryStallSustained, metric: .memoryPressure, severity: .warning,
                value: \.memoryStallSustained,
                sentence: { "Programs have been stalled \($0) % of the time for \($1), waiting for memory." },
                remedy: MemoryDetector.findLargest, commands: [MemoryDetector.listLargest], isShare: false),
        ]
    }
}
