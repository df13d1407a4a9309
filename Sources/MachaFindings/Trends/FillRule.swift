// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel
import MachaProbes

/// File systems that will be full before long.
///
/// A week's notice is a warning: enough to buy or to clean up. A day's is critical, because nights and weekends count.
/// False alarms thought of: caches that fill up to their limit, logs that are rotated, imports every night, an archive
/// unpacked once; see ``FillOutcome``.
enum FillRule {
    /// Once warned, it stays until the time left is this much longer than the limit.
    private static let slack = 1.3

    static func findings(_ present: Present) -> [Finding] {
        let systems = present.snapshot[DisksProbe.self].value?.fileSystems ?? []
        return SharedSpace.groups(systems.filter { $0.access == .writable }).flatMap { group in
            [
                soonest(
                    group.members.compactMap { finding(.diskWillFill, .diskUsed, .diskSize, $0, present) }, present),
                finding(.inodesWillFill, .inodesUsed, .inodesSize, group.shown, present),
            ].compactMap { $0 }
        }
    }

    /// What shares its room is full at the same time: the most severe speaks for all, of several one that is known already.
    private static func soonest(_ found: [Finding], _ present: Present) -> Finding? {
        func isKnown(_ finding: Finding) -> Int { present.isOpen(finding) ? 1 : 0 }
        return found.max { ($0.severity, isKnown($0)) < ($1.severity, isKnown($1)) }
    }

    /// Findings that were made and cannot be judged now, because too little is known of the time since.
    static func undecided(_ present: Present) -> [(kind: FindingKind, mount: String)] {
        let systems = present.snapshot[DisksProbe.self].value?.fileSystems ?? []
        return systems.flatMap { system in
            [(.diskWillFill, Metric.diskUsed, Metric.diskSize), (.inodesWillFill, .inodesUsed, .inodesSize)]
                .filter { kind, used, size in
                    present.isOpen(kind, system.target)
                        && FillOutcome.of(
                            used, size, on: system.target, present.history, now: present.now, present.values)
                            == .open(.tooShort)
                }
                .map { (kind: $0.0, mount: system.target) }
        }
    }

    private static func finding(
        _ kind: FindingKind, _ used: Metric, _ size: Metric, _ system: FileSystem, _ present: Present
    ) -> Finding? {
        let isBytes = used == .diskUsed
        guard
            let forecast = FillOutcome.of(
                used, size, on: system.target, present.history, now: present.now, present.values
            )
            .forecast
        else { return nil }
        let isOpen = present.isOpen(kind, system.target)
        let limit = present.trend.diskFullWarning * (isOpen ? slack : 1)
        guard forecast.seconds <= limit else { return nil }
        let name = system.target.printable(limit: 100)
        let daily = forecast.rate * min(86_400, forecast.span)
        let unit = forecast.span >= 86_400 ? "a day" : "in \(FindingText.roughSpan(forecast.span))"
        let amount = isBytes ? FindingText.bytes(daily) : "\(Int(min(daily, 1e15).rounded())) files"
        let what = isBytes ? "will be full" : "will have no inode left"
        return Finding(
            kind, host: present.host, subject: system.target,
            forecast.seconds <= present.trend.diskFullCritical ? .critical : .warning,
            "\(name) \(what) in about \(FindingText.roughSpan(forecast.seconds)): \(amount) more \(unit), "
                + "steadily for \(FindingText.roughSpan(forecast.span)).",
            evidence: [
                "\(system.source) on \(system.target): \(FindingText.bytes(system.used)) used, "
                    + "\(FindingText.bytes(system.available)) available"
                    + (system.inodesAvailable.map { ", \($0) inodes free" } ?? ""),
                "full between \(FindingText.roughSpan(forecast.earliest)) and \(FindingText.roughSpan(forecast.latest)) from now",
            ],
            figures: [
                .used: system.used, .available: system.available,
                .secondsUntilFull: Int(min(forecast.seconds, 1e12)),
            ],
            remedy: "Find what is growing.",
            commands: ["du -xh --max-depth=2 \(system.target.asArgument("MOUNTPOINT")) | sort -h | tail"])
    }
}

extension FillOutcome {
    static func outlook(on mount: String, _ present: Present) -> FillOutcome {
        of(.diskUsed, .diskSize, on: mount, present.history, now: present.now, present.values)
    }

    fileprivate static func of(
        _ used: Metric, _ size: Metric, on mount: String, _ history: HostHistory, now: Int,
        _ values: [SeriesKey: Double]
    ) -> FillOutcome {
        let (usedKey, sizeKey) = (SeriesKey(used, mount), SeriesKey(size, mount))
        guard let usedNow = values[usedKey], let sizeNow = values[sizeKey] else { return .open(.tooShort) }
        let last = FillForecast.Point(at: Double(now), used: usedNow, size: sizeNow)
        let hours = (history.hourly[usedKey] ?? []).filter { $0.start + 3600 <= now }
        // The size of the past is not asked for: what was free then says nothing about what is free now.
        let hourly = hours.map { FillForecast.Point(at: Double($0.start) + 1800, used: $0.mean, size: sizeNow) }
        let looks = (history.recent[usedKey] ?? []).filter { $0.at < now }
        let recent = looks.map { FillForecast.Point(at: Double($0.at), used: $0.value, size: sizeNow) }
        return FillOutcome(hourly: hourly, recent: recent + [last])
    }
}
