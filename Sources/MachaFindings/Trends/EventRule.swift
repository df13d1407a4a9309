// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel
import MachaProbes
import struct Foundation.Date

/// What happened between two observations: a boot, a jump of the clock, another system.
///
/// Each is shown for a day after it was noticed, because nobody watches all the time. A boot that somebody planned, that
/// followed an orderly shutdown or that started another system is information. Any other is a warning: power, a crash
/// or a watchdog, and it may come again. A jump of the clock is a warning, because whatever compares times went wrong then.
enum EventRule {
    static func findings(_ present: Present) -> [Finding] {
        guard case .reached = present.snapshot.contact,
            let marks = present.history.marks?.after(present.snapshot)
        else { return [] }
        return [reboot(marks.reboot, present), jump(marks.clockJump, present), change(marks.systemChange, present)]
            .compactMap { $0 }
    }

    private static func isFresh(_ noticed: Date, _ present: Present) -> Bool {
        (0..<present.trend.eventSpan).contains(present.snapshot.takenAt.timeIntervalSince(noticed))
    }

    private static func reboot(_ reboot: HostTimeline.Reboot?, _ present: Present) -> Finding? {
        guard let reboot, isFresh(reboot.noticed, present) else { return nil }
        let ago = FindingText.roughSpan(max(0, present.snapshot.takenAt.timeIntervalSince(reboot.began)))
        let evidence = [
            "booted \(FindingText.moment(Int(reboot.began.timeIntervalSince1970))), last seen before that "
                + FindingText.moment(Int(reboot.lastSeen.timeIntervalSince1970))
        ]
        let known: String? =
            switch reboot.reason {
            case .planned: "as planned"
            case .shutDown: "after an orderly shutdown"
            case .newSystem: "into another system"
            case .none: nil
            }
        guard let known else {
            return Finding(
                .unexpectedReboot, host: present.host, .warning,
                "The host rebooted unexpectedly \(ago) ago.", evidence: evidence,
                remedy: "Read the last messages before it, and check power and the kernel's log.",
                commands: ["journalctl -b -1 -n 100"])
        }
        return Finding(
            .rebooted, host: present.host, .info, "The host was rebooted \(ago) ago \(known).", evidence: evidence)
    }

    private static func jump(_ jump: HostTimeline.ClockJump?, _ present: Present) -> Finding? {
        guard let jump, isFresh(jump.noticed, present), abs(jump.seconds) >= present.trend.clockJump else { return nil }
        let ago = FindingText.roughSpan(max(60, present.snapshot.takenAt.timeIntervalSince(jump.noticed)))
        let amount =
            abs(jump.seconds) < 120 ? "\(Int(abs(jump.seconds))) seconds" : FindingText.roughSpan(abs(jump.seconds))
        return Finding(
            .clockJumped, host: present.host, .warning,
            "The host's clock jumped \(jump.seconds > 0 ? "forward" : "back") by \(amount); this was noticed \(ago) ago.",
            evidence: ["the clock moved by \(jump.seconds) s against the uptime"],
            remedy: "Check whether the machine was suspended, or its time service corrected the clock late.",
            commands: ["timedatectl"])
    }

    private static func change(_ change: HostTimeline.SystemChange?, _ present: Present) -> Finding? {
        guard let change, isFresh(change.noticed, present) else { return nil }
        let ago = FindingText.roughSpan(max(60, present.snapshot.takenAt.timeIntervalSince(change.noticed)))
        let numbers: String? = change.to.map { to in
            change.from.map { "generation \(to) from generation \($0)" } ?? "generation \(to)"
        }
        return Finding(
            .systemChanged, host: present.host, .info,
            "The host switched to \(numbers ?? "another system") about \(ago) ago.",
            evidence: ["from \(change.from.map { "\($0)" } ?? "unknown") to \(change.to.map { "\($0)" } ?? "unknown")"])
    }
}
