// SPDX-License-Identifier: MIT

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
            "memory-pressure", host: snapshot.host, share >= thresholds.memoryStallCritical ? .critical : .warning,
            "Programs stand still \(Int(share)) % of the time for want of memory.",
            evidence: ["memory full avg60=\(stall.avg60) avg300=\(stall.avg300)"],
            remedy: "find the largest: ps -eo rss,unit,args --sort=-rss | head")
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
            "memory-low", host: snapshot.host, severity,
            "Only \(share) % of memory is available\(isCalm ? ", though nothing waits for it yet" : "").",
            evidence: [
                "MemTotal=\(memory.total) MemAvailable=\(memory.available - (memory.cachedByZFS ?? 0)) "
                    + (memory.cachedByZFS.map { "cached by ZFS=\($0) " } ?? "")
                    + "SwapTotal=\(memory.swapTotal) SwapFree=\(memory.swapFree)"
            ],
            remedy: "find the largest: ps -eo rss,unit,args --sort=-rss | head")
    }
}

extension Pressure.Stall {
    /// What held over one minute and over five alike: a peak in one of them is not enough.
    var sustained: Double { min(avg60, avg300) }
}
