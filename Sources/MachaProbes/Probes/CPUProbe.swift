// SPDX-License-Identifier: MIT

/// How busy the processors are: one sample when the script starts and one when this probe, the last, runs.
///
/// The span between the two is short and holds our own questions, so no finding rests on it. The counters tell more:
/// between two snapshots of one boot they give the true average.
package enum CPUProbe: Probe {
    package static let name = "cpu"
    package static let byteLimit = 4096
    /// `MACHA_STAT` is the first line of `/proc/stat` as ``ProbeScript`` read it at its start.
    package static let script = #"""
        read -r now </proc/stat && printf '%s\n%s\n' "$MACHA_STAT" "$now"
        """#

    package static func parse(_ body: String) throws(ProbeFailure) -> CPUUsage {
        let samples = ProbeText.lines(body).map { Sample($0) }
        guard samples.count == 2, let first = samples[0], let last = samples[1], last.total >= first.total,
            last.busy >= first.busy
        else { throw ProbeText.unparsable("two samples of /proc/stat", body) }
        let span = last.total - first.total
        return CPUUsage(
            share: span > 0 ? min(1, Double(last.busy - first.busy) / Double(span)) : nil, busyTicks: last.busy,
            totalTicks: last.total)
    }

    /// user nice system idle iowait irq softirq steal; guest time is already in user. Source: proc_stat(5).
    private struct Sample {
        var busy = 0
        var total = 0

        init?(_ line: Substring) {
            let words = ProbeText.words(line)
            guard words.first == "cpu", words.count >= 5 else { return nil }
            for (index, word) in words.dropFirst().prefix(8).enumerated() {
                guard let ticks = Int(word), (0...Int.max / 16).contains(ticks) else { return nil }
                total += ticks
                if index != 3 && index != 4 { busy += ticks }
            }
        }
    }
}

/// Source: `/proc/stat`; ticks of 1/100 s, summed over all processors.
package struct CPUUsage: Hashable, Codable, Sendable {
    /// Busy share, 0…1, while the host was being asked; `nil` when the span was too short to measure.
    package var share: Double?
    /// Since boot, without idle and waiting for disks.
    package var busyTicks: Int
    /// Since boot.
    package var totalTicks: Int
}
