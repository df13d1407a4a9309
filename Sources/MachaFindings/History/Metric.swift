// SPDX-License-Identifier: MIT

/// A figure of a host that is remembered over time.
package enum Metric: String, Codable, Hashable, Sendable, CaseIterable {
    /// 1 when the host answered, 0 when it did not.
    case up
    /// Busy share of all processors since the observation before, 0…1; not known at the first one after a boot.
    case cpu
    /// One-minute load average.
    case load
    /// Share of memory that programs could not get, 0…1.
    case memory
    /// Share of swap in use, 0…1; absent without swap.
    case swap
    /// Percent of time that some task waited for a processor, over five minutes.
    case cpuPressure = "cpu-pressure"
    /// Percent of time that all tasks waited for disks, over five minutes.
    case ioPressure = "io-pressure"
    /// Percent of time that all tasks waited for memory, over five minutes.
    case memoryPressure = "memory-pressure"
    /// Bytes in use; the subject is the mount point.
    case diskUsed = "disk-used"
    /// Bytes an ordinary user can use in all: what is used and what is available.
    case diskSize = "disk-size"
    /// Inodes in use; absent where their number is not fixed.
    case inodesUsed = "inodes-used"
    case inodesSize = "inodes-size"
    /// Units that have failed.
    case failedUnits = "failed-units"
    /// Automatic restarts of a unit so far; the subject is the unit. It falls to 0 when somebody starts the unit again.
    case unitRestarts = "unit-restarts"
    /// Journal entries of the last hour at priority error or worse, as far as the probe counts them.
    case journalErrors = "journal-errors"
    /// Journal entries of the last hour at priority warning, as far as the probe counts them.
    case journalWarnings = "journal-warnings"
    /// Seconds it took to ask the host.
    case collectTime = "collect-time"

    /// What a stored value is rounded to. Coarse enough that noise below any interest costs no space.
    package var step: Double {
        switch self {
        case .up, .inodesUsed, .inodesSize, .failedUnits, .unitRestarts, .journalErrors, .journalWarnings: 1
        case .cpu, .memory, .swap: 0.001
        case .load, .collectTime: 0.01
        case .cpuPressure, .ioPressure, .memoryPressure: 0.1
        case .diskUsed, .diskSize: 262_144
        }
    }
}

/// One row of figures: what is measured, and of which part of the host.
package struct SeriesKey: Hashable, Sendable {
    package var metric: Metric
    /// Mount point or unit; empty when it is the host itself.
    package var subject: String

    package init(_ metric: Metric, _ subject: String = "") {
        self.metric = metric
        self.subject = subject
    }
}

/// One value at one time.
package struct MetricSample: Hashable, Sendable {
    /// Seconds since 1970 by the controller's clock.
    package var at: Int
    package var value: Double

    package init(_ at: Int, _ value: Double) {
        self.at = at
        self.value = value
    }
}

/// What a figure was during a span of time in which it was observed.
package struct MetricBucket: Hashable, Sendable, Encodable {
    /// Seconds since 1970.
    package var start: Int
    package var min: Double
    package var mean: Double
    package var max: Double

    package init(start: Int, min: Double, mean: Double, max: Double) {
        self.start = start
        self.min = min
        self.mean = mean
        self.max = max
    }

    /// The bucket of some values, of which there must be one.
    package init?(start: Int, _ values: some Collection<Double>) {
        guard let least = values.min(), let most = values.max() else { return nil }
        self.init(start: start, min: least, mean: values.reduce(0, +) / Double(values.count), max: most)
    }
}
