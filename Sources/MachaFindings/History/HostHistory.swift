// SPDX-License-Identifier: MIT
package import MachaModel
package import struct Foundation.Date

/// What was known of a host before an observation, for the rules that need more than one. Plain values, oldest first.
package struct HostHistory: Sendable {
    /// Every value of the last six hours.
    package var recent: [SeriesKey: [MetricSample]] = [:]
    /// Hour by hour for four weeks, up to the last observation; hours without one are missing.
    package var hourly: [SeriesKey: [MetricBucket]] = [:]
    package var marks: HostTimeline?
    /// When the host was first observed; `nil` before that.
    package var watchedSince: Date?
    /// Of the error kinds in the snapshot that is being judged: when each was first met on this host.
    package var errorKinds: [Int64: Date] = [:]
    /// What was found and is not gone. A rule lets go of what it found later than it would find it.
    package var open: Set<Fingerprint> = []
    /// Who else goes by the machine's marks, and who had its name before.
    package var machines = KnownMachines()

    /// Seconds that ``recent`` reaches back.
    package static let recentSpan = 6 * 3600
    /// Seconds that ``hourly`` reaches back.
    package static let hourlySpan = 28 * 86_400

    /// Nothing: the first observation of a host.
    package init() {}

    /// Leaves out what another machine of the same name did before the present one had it.
    package mutating func forgetOtherMachine() {
        guard let before = machines.before else { return }
        let end = Int(before.lastSeen.timeIntervalSince1970)
        recent = recent.mapValues { $0.filter { $0.at > end } }
        hourly = hourly.mapValues { $0.filter { $0.start > end } }
        watchedSince = machines.isFirst ? nil : watchedSince.map { max($0, before.lastSeen) }
        if machines.isFirst { (marks, errorKinds) = (nil, [:]) }
    }

    /// The values of `key` over the longest time, one an hour and then each of the last hours: for an hour, the one
    /// that `pick` names.
    func samples(_ key: SeriesKey, _ pick: (MetricBucket) -> Double) -> [MetricSample] {
        let late = recent[key] ?? []
        let start = late.first?.at ?? Int.max
        return (hourly[key] ?? []).filter { $0.start + 3600 <= start }.map { MetricSample($0.start, pick($0)) } + late
    }
}
