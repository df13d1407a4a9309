// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel
import MachaProbes

/// Memory that runs out. Where the kernel measures pressure, that decides.
///
/// False alarms thought about: what ZFS caches (``MemoryState/available`` counts it; where a host with pools does not tell how
/// much that is, low memory for which nothing waits is information only).
enum MemoryDetector: Detector {
    static func findings(in snapshot: Snapshot, _ thresholds: Thresholds) -> [Finding] {
        let pressure = snapshot[PressureProbe.self].value ?? nil
        return [stall(pressure, snapshot, thresholds), low(pressure, snapshot, thresholds)].compactMap { $0 }
    }

    private static func stall(_ pressure: Pressure?, _ snapshot: Snapshot, _ thresholds: Thresholds) -> Finding? {
        guard let stall = pressure?.memoryFull else { return nil }
        let share = stall.sustained
        guard share >= thresholds.memoryStallWarning else { return nil }
        return Finding(
            .memoryPressure, host: snapshot.host, share >= thresholds.memoryStallCritical ? .critical : .warning,
            "Programs were stalled \(Int(share)) % of the time, waiting for memory.",
            evidence: [stall.evidence("all tasks stalled on memory")], remedy: findLargest, commands: [listLargest])
    }

    private static func low(_ pressure: Pressure?, _ snapshot: Snapshot, _ thresholds: Thresholds) -> Finding? {
        guard let memory = snapshot[MemoryProbe.self].value, memory.availableShare < thresholds.memoryWarning else {
            return nil
        }
        let isLast = memory.availableShare < thresholds.memoryCritical
        let isCalm = pressure.map { $0.memorySome.sustained < 1 } ?? false
        let mayBeCache = memory.cachedByZFS == nil && !((snapshot[ZFSProbe.self].value ?? nil)?.pools.isEmpty ?? true)
        let severity: Severity =
            isCalm ? (isLast && !mayBeCache ? .warning : .info) : (isLast ? .critical : .warning)
        let share = Int(memory.availableShare * 100)
        return Finding(
            .memoryLow, host: snapshot.host, severity,
            "Only \(share) % of memory is available\(isCalm ? ", but nothing is waiting for it yet" : "").",
            evidence: [
                "\(FindingText.bytes(memory.available)) of \(FindingText.bytes(memory.total)) of memory available, "
                    + (memory.cachedByZFS.map { "\(FindingText.bytes($0)) of that cached by ZFS, " } ?? "")
                    + (memory.swapTotal == 0
                        ? "no swap"
                        : "\(FindingText.bytes(memory.swapFree)) of \(FindingText.bytes(memory.swapTotal)) of swap free")
            ],
            figures: [
                .total: memory.total, .available: memory.available, .swapTotal: memory.swapTotal,
                .swapFree: memory.swapFree,
            ].merging(memory.cachedByZFS.map { [.cachedByZFS: $0] } ?? [:]) { $1 }, remedy: findLargest,
            commands: [listLargest])
    }

    static let findLargest = "Find the programs that hold the most memory."
    static let listLargest = "ps -eo rss,unit,args --sort=-rss | head"
}

extension Pressure.Stall {
    /// What held over one minute and over five alike: a peak in one of them is not enough.
    var sustained: Double { min(avg60, avg300) }

    /// `all tasks stalled on disks 34 % of the last minute, 30 % of the last 5 minutes`.
    func evidence(_ what: String) -> String {
        "\(what) \(avg60) % of the last minute, \(avg300) % of the last 5 minutes"
    }
}
