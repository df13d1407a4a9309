// SPDX-License-Identifier: MIT

/// One figure of ``Thresholds`` as the inventory names it: the property's name in kebab-case.
struct ThresholdKey: Sendable {
    /// What a value is measured in, and so how it is written.
    enum Unit: Sendable {
        /// 0…1, written `85%` or `0.85`.
        case share
        /// Percent of time, 0…100, written `40%` or `40`.
        case percent
        /// Written `100GiB` or `100G`; units go by 1024, and those of disk makers (`GB`) by 1000.
        case bytes
        /// Written `90s`, `5m`, `1h` or `2d`.
        case seconds
        /// A whole number from 1.
        case count
        /// Any number above 0.
        case factor
    }

    let name: String
    let unit: Unit
    let get: @Sendable (Thresholds) -> Double
    let set: @Sendable (inout Thresholds, Double) -> Void

    private init(_ name: String, _ unit: Unit, _ path: any (WritableKeyPath<Thresholds, Double> & Sendable)) {
        self.name = name
        self.unit = unit
        get = { $0[keyPath: path] }
        set = { $0[keyPath: path] = $1 }
    }

    private init(_ name: String, _ unit: Unit, _ path: any (WritableKeyPath<Thresholds, Int> & Sendable)) {
        self.name = name
        self.unit = unit
        get = { Double($0[keyPath: path]) }
        // Counts and bytes are checked to be far below 2^63 when they are read.
        set = { $0[keyPath: path] = Int($1) }
    }

    /// The key of this name.
    init?(named name: String) {
        guard let key = Self.byName[name] else { return nil }
        self = key
    }

    /// The built-in figures with `settings` over them.
    static func thresholds(_ settings: [String: Double]) -> Thresholds {
        var thresholds = Thresholds()
        for (name, value) in settings { byName[name]?.set(&thresholds, value) }
        return thresholds
    }

    /// Pairs of a warning and a critical figure of which the warning would never be reached.
    static func contradictions(in thresholds: Thresholds) -> [(ThresholdKey, ThresholdKey)] {
        pairs.compactMap { milder, worse, isRising in
            guard let first = byName[milder], let second = byName[worse] else { return nil }
            let (low, high) = (first.get(thresholds), second.get(thresholds))
            return (isRising ? low <= high : low >= high) ? nil : (first, second)
        }
    }

    private static let pairs = [
        ("disk-warning", "disk-critical", true), ("inodes-warning", "inodes-critical", true),
        ("memory-warning", "memory-critical", false), ("memory-stall-warning", "memory-stall-critical", true),
        ("clock-warning", "clock-critical", true), ("disk-full-warning", "disk-full-critical", false),
        ("certificate-warning", "certificate-critical", false), ("key-warning", "key-critical", false),
    ]

    private static let byName = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

    /// Every figure, in the order of ``Thresholds`` and ``TrendThresholds``.
    static let all: [ThresholdKey] = [
        ThresholdKey("disk-warning", .share, \.diskWarning), ThresholdKey("disk-critical", .share, \.diskCritical),
        ThresholdKey("disk-ample", .bytes, \.diskAmple), ThresholdKey("inodes-warning", .share, \.inodesWarning),
        ThresholdKey("inodes-critical", .share, \.inodesCritical),
        ThresholdKey("memory-warning", .share, \.memoryWarning),
        ThresholdKey("memory-critical", .share, \.memoryCritical),
        ThresholdKey("memory-stall-warning", .percent, \.memoryStallWarning),
        ThresholdKey("memory-stall-critical", .percent, \.memoryStallCritical),
        ThresholdKey("io-stall-warning", .percent, \.ioStallWarning), ThresholdKey("cpu-stall", .percent, \.cpuStall),
        ThresholdKey("load-per-processor", .factor, \.loadPerProcessor),
        ThresholdKey("restart-loop", .count, \.restartLoop),
        ThresholdKey("restart-loop-span", .seconds, \.restartLoopSpan),
        ThresholdKey("long-uptime", .seconds, \.longUptime), ThresholdKey("boot-span", .seconds, \.bootSpan),
        ThresholdKey("clock-warning", .seconds, \.clockWarning),
        ThresholdKey("clock-critical", .seconds, \.clockCritical),
        ThresholdKey("clock-grace", .seconds, \.clockGrace),
        ThresholdKey("timer-periods", .factor, \.timerPeriods), ThresholdKey("timer-grace", .seconds, \.timerGrace),
        ThresholdKey("backup-critical", .seconds, \.backupCritical), ThresholdKey("job-span", .seconds, \.jobSpan),
        ThresholdKey("start-span", .seconds, \.startSpan),
        ThresholdKey("certificate-warning", .seconds, \.certificateWarning),
        ThresholdKey("certificate-critical", .seconds, \.certificateCritical),
        ThresholdKey("key-warning", .seconds, \.keyWarning), ThresholdKey("key-critical", .seconds, \.keyCritical),
        ThresholdKey("logins-from-one", .count, \.loginsFromOne),
        ThresholdKey("logins-from-all", .count, \.loginsFromAll), ThresholdKey("ssd-wear", .count, \.ssdWear),
        ThresholdKey("reallocated-sectors", .count, \.reallocatedSectors),
        ThresholdKey("uncorrected-errors", .count, \.uncorrectedErrors),
        ThresholdKey("self-test-age", .seconds, \.selfTestAge),
        ThresholdKey("heat-margin", .factor, \.heatMargin), ThresholdKey("scrub-age", .seconds, \.scrubAge),
        ThresholdKey("vulnerability-score", .factor, \.vulnerabilityScore),
        ThresholdKey("journal-size", .bytes, \.journalSize),
        ThresholdKey("disk-full-warning", .seconds, \.trend.diskFullWarning),
        ThresholdKey("disk-full-critical", .seconds, \.trend.diskFullCritical),
        ThresholdKey("sustained-span", .seconds, \.trend.sustainedSpan),
        ThresholdKey("cpu-sustained", .share, \.trend.cpuSustained),
        ThresholdKey("memory-sustained", .share, \.trend.memorySustained),
        ThresholdKey("swap-sustained", .share, \.trend.swapSustained),
        ThresholdKey("io-stall-sustained", .percent, \.trend.ioStallSustained),
        ThresholdKey("memory-stall-sustained", .percent, \.trend.memoryStallSustained),
        ThresholdKey("flapping-restarts", .count, \.trend.flappingRestarts),
        ThresholdKey("unusual-factor", .factor, \.trend.unusualFactor),
        ThresholdKey("log-flood", .count, \.trend.logFlood),
        ThresholdKey("log-burst", .count, \.trend.logBurst),
        ThresholdKey("log-burst-factor", .factor, \.trend.logBurstFactor),
        ThresholdKey("learning-span", .seconds, \.trend.learningSpan),
        ThresholdKey("clock-jump", .seconds, \.trend.clockJump),
        ThresholdKey("event-span", .seconds, \.trend.eventSpan),
    ]
}
