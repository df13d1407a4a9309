// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel
import MachaProbes

/// Disks that hold everything up, and processors that are oversubscribed. A busy build machine does what it is for,
/// so a lack of processors is never more than information.
enum LoadDetector: Detector {
    static func findings(in snapshot: Snapshot, _ thresholds: Thresholds) -> [Finding] {
        switch snapshot[PressureProbe.self] {
        case .known(.some(let pressure)):
            [disks(pressure.ioFull, snapshot, thresholds), processors(pressure.cpu, snapshot, thresholds)]
                .compactMap { $0 }
        case .known(.none), .unknown: load(snapshot, thresholds).map { [$0] } ?? []
        }
    }

    private static func disks(_ stall: Pressure.Stall, _ snapshot: Snapshot, _ thresholds: Thresholds) -> Finding? {
        guard stall.sustained >= thresholds.ioStallWarning else { return nil }
        return Finding(
            .ioPressure, host: snapshot.host, .warning,
            "All tasks were stalled \(Int(stall.sustained)) % of the time, waiting for disks.",
            evidence: [stall.evidence("all tasks stalled on disks")],
            remedy: "Check the kernel's log for disk errors, and find the program that reads or writes most.",
            commands: ["journalctl -k -p warning -n 50", "systemd-cgtop -n 1 --order=io"])
    }

    private static func processors(
        _ stall: Pressure.Stall, _ snapshot: Snapshot, _ thresholds: Thresholds
    ) -> Finding? {
        guard stall.sustained >= thresholds.cpuStall else { return nil }
        return Finding(
            .cpuPressure, host: snapshot.host, .info,
            "Some tasks were stalled \(Int(stall.sustained)) % of the time, waiting for a processor.",
            evidence: [stall.evidence("some tasks stalled on processors")])
    }

    private static func load(_ snapshot: Snapshot, _ thresholds: Thresholds) -> Finding? {
        guard let load = snapshot[LoadProbe.self].value,
            min(load.five, load.fifteen) >= thresholds.loadPerProcessor * Double(load.processors)
        else { return nil }
        return Finding(
            .loadHigh, host: snapshot.host, .info,
            "\(Int(min(load.five, load.fifteen))) tasks compete for \(load.processors) processors.",
            evidence: ["load \(load.one) \(load.five) \(load.fifteen), processors \(load.processors)"])
    }
}
