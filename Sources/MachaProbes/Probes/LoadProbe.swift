// SPDX-License-Identifier: MIT

/// How many tasks want to run, and on how many processors.
package enum LoadProbe: Probe {
    package static let name = "load"
    package static let byteLimit = 4096
    package static let script = "cat /proc/loadavg /sys/devices/system/cpu/online"

    package static func parse(_ body: String) throws(ProbeFailure) -> LoadAverage {
        let lines = ProbeText.lines(body)
        let figures = lines.first.map { ProbeText.words($0).prefix(3).compactMap { Double($0) } } ?? []
        guard lines.count == 2, figures.count == 3, figures.allSatisfy({ (0...1e7).contains($0) }),
            let processors = count(lines[1])
        else { throw ProbeText.unparsable("load average and processors", body) }
        return LoadAverage(one: figures[0], five: figures[1], fifteen: figures[2], processors: processors)
    }

    /// 5 of `0-3,8`.
    private static func count(_ list: Substring) -> Int? {
        var sum = 0
        for span in list.split(separator: ",") {
            let ends = span.split(separator: "-").map { Int($0) }
            guard (1...2).contains(ends.count), let low = ends[0], let high = ends[ends.count - 1],
                (0...high).contains(low), high < 65_536
            else { return nil }
            sum += high - low + 1
        }
        return sum > 0 ? sum : nil
    }
}

/// Source: `/proc/loadavg`; tasks that run or wait for a processor or a disk, averaged over minutes.
package struct LoadAverage: Hashable, Codable, Sendable {
    /// Over one minute.
    package var one: Double
    /// Over five minutes.
    package var five: Double
    /// Over fifteen minutes.
    package var fifteen: Double
    /// Processors that are online.
    package var processors: Int
}
