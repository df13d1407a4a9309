// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel
import MachaProbes
import struct Foundation.Date

/// A clock that is wrong, or that nothing keeps right.
enum TimeDetector: Detector {
    static func findings(in snapshot: Snapshot, _ thresholds: Thresholds) -> [Finding] {
        [wrong(snapshot, thresholds), unsynchronized(snapshot, thresholds)].compactMap { $0 }
    }

    private static func wrong(_ snapshot: Snapshot, _ thresholds: Thresholds) -> Finding? {
        guard let boot = snapshot[BootProbe.self].value else { return nil }
        // The host read its clock at some moment of the collection, and cut off the fraction of a second.
        let began = snapshot.takenAt.timeIntervalSince1970
        let early = began - 1 - Double(boot.now)
        let late = Double(boot.now) - (began + snapshot.duration)
        let error = max(early, late)
        guard error >= thresholds.clockWarning else { return nil }
        return Finding(
            .clockWrong, host: snapshot.host, error >= thresholds.clockCritical ? .critical : .warning,
            "The host's clock is \(FindingText.span(error)) \(late > early ? "ahead of" : "behind") the controller's.",
            evidence: ["host \(FindingText.moment(boot.now)), controller \(FindingText.moment(Int(began)))"],
            figures: [.host: boot.now, .controller: Int(began)],
            remedy: "Correct it: certificates, logins and logs depend on the clock.", commands: ["timedatectl"])
    }

    private static func unsynchronized(_ snapshot: Snapshot, _ thresholds: Thresholds) -> Finding? {
        // A container has the clock of its machine and cannot set it.
        guard let clock = snapshot[TimeProbe.self].value, !clock.isSynchronized,
            case .known(let system) = snapshot[SystemProbe.self], system.container == nil,
            let uptime = snapshot[BootProbe.self].value?.uptime, uptime > thresholds.clockGrace
        else { return nil }
        if let daemon = clock.daemon {
            // It runs, and need not tell the kernel; the difference to the controller's clock is judged all the same.
            guard clock.isTracking == false else { return nil }
            return Finding(
                .clockUnsynchronized, host: snapshot.host, .warning,
                "\(daemon.printable(limit: 60)) is running but follows no time server.",
                evidence: ["NTPSynchronized=no chronyc: Not synchronised"],
                remedy: "Check whether the time servers can be reached.",
                commands: ["chronyc sources -v"])
        }
        return Finding(
            .clockUnsynchronized, host: snapshot.host, .warning, "The host's clock is not synchronized.",
            evidence: ["NTPSynchronized=no NTP=\(clock.usesNTP.map { $0 ? "yes" : "no" } ?? "unknown")"],
            remedy: clock.usesNTP == false
                ? "Turn on a time service: services.timesyncd.enable = true."
                : "Check whether the time servers can be reached.",
            commands: clock.usesNTP == false ? [] : ["timedatectl timesync-status"])
    }
}
