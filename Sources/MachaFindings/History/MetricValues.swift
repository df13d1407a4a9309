// SPDX-License-Identifier: MIT
import MachaModel
package import MachaProbes
import struct Foundation.Date

/// The figures of one observation that are worth storing.
package enum MetricValues {
    /// Units with restarts that are followed; a host has a handful.
    private static let unitLimit = 50
    private static let mountLimit = 60
    private static let subjectLimit = 300

    /// What `snapshot` says, every known figure once. `marks` are those of the observation before; without them there
    /// is no processor figure, because only the ticks between two observations say how busy a host really is.
    package static func values(of snapshot: Snapshot, after marks: HostTimeline?) -> [SeriesKey: Double] {
        guard case .reached = snapshot.contact else { return [SeriesKey(.up): 0] }
        var values: [SeriesKey: Double] = [SeriesKey(.up): 1, SeriesKey(.collectTime): snapshot.duration]
        values[SeriesKey(.cpu)] = busyShare(snapshot, marks)
        values[SeriesKey(.load)] = snapshot[LoadProbe.self].value?.one
        if let memory = snapshot[MemoryProbe.self].value {
            values[SeriesKey(.memory)] = 1 - memory.availableShare
            values[SeriesKey(.swap)] = memory.swapUsedShare
        }
        if let pressure = snapshot[PressureProbe.self].value ?? nil {
            values[SeriesKey(.cpuPressure)] = pressure.cpu.avg300
            values[SeriesKey(.ioPressure)] = pressure.ioFull.avg300
            values[SeriesKey(.memoryPressure)] = pressure.memoryFull.avg300
        }
        values.merge(journal(snapshot, marks)) { first, _ in first }
        values.merge(disks(snapshot)) { first, _ in first }
        values.merge(units(snapshot)) { first, _ in first }
        return values.filter { $0.value.isFinite && $0.value >= 0 }
    }

    private static func journal(_ snapshot: Snapshot, _ marks: HostTimeline?) -> [SeriesKey: Double] {
        guard let journal = snapshot[JournalProbe.self].value else { return [:] }
        func figure(_ priorities: ClosedRange<Int>) -> Double {
            max(
                Double(journal.entries.count { priorities.contains($0.priority) }),
                lines(priorities, in: snapshot, after: marks))
        }
        return [SeriesKey(.journalErrors): figure(0...3), SeriesKey(.journalWarnings): figure(4...4)]
    }

    /// New lines of these priorities an hour, as the host counted them: unlike the entries that are kept, which are
    /// bounded, they show a flood. They cover the time since the last look; of more than an hour, an hour's share counts.
    static func lines(_ priorities: ClosedRange<Int>, in snapshot: Snapshot, after marks: HostTimeline?) -> Double {
        guard let journal = snapshot[JournalProbe.self].value else { return 0 }
        let span = marks?.look.map { snapshot.takenAt.timeIntervalSince($0.at) } ?? 3600
        let share = journal.cursorWasLost ? 1 : 3600 / max(3600, span)
        let new = journal.counts.indices.filter { priorities.contains($0) }.reduce(0) { $0 + journal.counts[$1] }
        return (Double(new) * share).rounded()
    }

    private static func disks(_ snapshot: Snapshot) -> [SeriesKey: Double] {
        var values: [SeriesKey: Double] = [:]
        for system in snapshot[DisksProbe.self].value?.fileSystems.prefix(mountLimit) ?? [] {
            let subject = String(system.target.prefix(subjectLimit))
            values[SeriesKey(.diskUsed, subject)] = Double(system.used)
            values[SeriesKey(.diskSize, subject)] = Double(system.used) + Double(system.available)
            // XFS makes inodes as long as there is space.
            guard system.type != "xfs", let inodes = system.inodes, let free = system.inodesAvailable else { continue }
            values[SeriesKey(.inodesUsed, subject)] = Double(inodes) - Double(free)
            values[SeriesKey(.inodesSize, subject)] = Double(inodes)
        }
        return values
    }

    private static func units(_ snapshot: Snapshot) -> [SeriesKey: Double] {
        guard let state = snapshot[UnitsProbe.self].value else { return [:] }
        var values = [SeriesKey(.failedUnits): Double(state.failedCount)]
        for unit in state.units.filter({ ($0.restarts ?? 0) > 0 }).prefix(unitLimit) {
            values[SeriesKey(.unitRestarts, String(unit.name.prefix(subjectLimit)))] = Double(unit.restarts ?? 0)
        }
        return values
    }

    private static func busyShare(_ snapshot: Snapshot, _ marks: HostTimeline?) -> Double? {
        guard let usage = snapshot[CPUProbe.self].value, let last = marks?.look, let ticks = last.ticks,
            snapshot[BootProbe.self].value?.bootID == last.bootID
        else { return nil }
        let total = usage.totalTicks - ticks.total
        let busy = usage.busyTicks - ticks.busy
        guard total > 0, (0...total).contains(busy) else { return nil }
        return Double(busy) / Double(total)
    }
}

extension MemoryState {
    /// 0…1 of the swap; `nil` without any.
    var swapUsedShare: Double? { swapTotal > 0 ? 1 - Double(min(swapFree, swapTotal)) / Double(swapTotal) : nil }
}
