// SPDX-License-Identifier: MIT
package import MachaProbes
package import struct Foundation.Date

/// What has to be remembered of a host besides figures: which boot and which system the last look met, and the last
/// time either changed.
package struct HostTimeline: Hashable, Codable, Sendable {
    /// What the last observation that reached the host found; those that did not reach it change nothing.
    package struct Look: Hashable, Codable, Sendable {
        package var at: Date
        package var bootID: String
        /// Seconds since boot.
        package var uptime: Double
        /// The host's clock, in seconds since 1970.
        package var clock: Int
        package var ticks: Ticks?
        /// The service manager was stopping the system.
        package var isStopping: Bool
        /// Store path of what was booted; `nil` on other systems than NixOS.
        package var booted: String?
        /// Store path of what ran.
        package var running: String?
        /// Number of the generation that ran, where it was one.
        package var generation: Int?
    }

    /// Processor time since boot in ticks.
    package struct Ticks: Hashable, Codable, Sendable {
        package var busy: Int
        package var total: Int
    }

    /// A boot that began between two observations.
    package struct Reboot: Hashable, Codable, Sendable {
        /// Why the boot is no surprise; `none` is.
        package enum Reason: String, Codable, Sendable {
            /// Somebody recorded it beforehand: `HostTimeline.plannedReboot`.
            case planned
            /// The look before met a system that was shutting down in order, or the journal of the previous boot ends with it.
            case shutDown = "shut-down"
            /// Another system was booted than before, as after an upgrade.
            case newSystem = "new-system"
            case none
        }
        package var noticed: Date
        /// When the boot began, by the controller's clock.
        package var began: Date
        package var lastSeen: Date
        package var reason: Reason
    }

    /// The host's clock moved otherwise than its uptime.
    package struct ClockJump: Hashable, Codable, Sendable {
        package var noticed: Date
        /// Forwards is positive.
        package var seconds: Double
    }

    /// Another system runs than before.
    package struct SystemChange: Hashable, Codable, Sendable {
        package var noticed: Date
        package var from: Int?
        package var to: Int?
    }

    package var look: Look?
    /// A reboot that is expected: up to an hour before it happens is soon enough.
    package var plannedReboot: Date?
    package var reboot: Reboot?
    package var clockJump: ClockJump?
    package var systemChange: SystemChange?

    package init() {}

    /// The marks once `snapshot` has been seen, too. A snapshot older than the last look changes nothing.
    package func after(_ snapshot: Snapshot) -> HostTimeline {
        guard let next = Look(snapshot), look.map({ $0.at < next.at }) ?? true else { return self }
        var marks = self
        marks.look = next
        guard let last = look else { return marks }
        if last.bootID != next.bootID {
            let end = snapshot[BootsProbe.self].value?.lastEnd
            marks.reboot = reboot(from: last, to: next, isOrderly: end == .orderly)
            marks.plannedReboot = nil
        } else if let jump = Self.jump(from: last, to: next) {
            marks.clockJump = jump
        }
        if let before = last.running, let now = next.running, before != now {
            marks.systemChange = SystemChange(noticed: next.at, from: last.generation, to: next.generation)
        }
        return marks
    }

    private func reboot(from last: Look, to next: Look, isOrderly: Bool) -> Reboot {
        let began = next.at.addingTimeInterval(-next.uptime)
        let isPlanned = plannedReboot.map { (-300...3600).contains(began.timeIntervalSince($0)) } ?? false
        let isNew = last.booted != nil && next.booted != nil && last.booted != next.booted
        let reason: Reboot.Reason =
            isPlanned ? .planned : last.isStopping || isOrderly ? .shutDown : isNew ? .newSystem : .none
        return Reboot(noticed: next.at, began: began, lastSeen: last.at, reason: reason)
    }

    /// A clock kept by NTP is slewed by at most 500 millionths (adjtimex(2)), and both figures are rounded.
    private static func jump(from last: Look, to next: Look) -> ClockJump? {
        let ran = next.uptime - last.uptime
        let seconds = Double(next.clock - last.clock) - ran
        // Many a machine has no clock of its own and learns the time a while after boot.
        guard ran >= 0, last.uptime >= 900, abs(seconds) > 5 + 0.0005 * ran else { return nil }
        return ClockJump(noticed: next.at, seconds: seconds)
    }
}

extension HostTimeline.Look {
    /// What `snapshot` met; `nil` when the host was not reached or did not say which boot this is.
    init?(_ snapshot: Snapshot) {
        guard let boot = snapshot[BootProbe.self].value else { return nil }
        let nixos = snapshot[NixOSProbe.self].value ?? nil
        let running = nixos?.current?.path
        self.init(
            at: snapshot.takenAt, bootID: boot.bootID, uptime: boot.uptime, clock: boot.now,
            ticks: snapshot[CPUProbe.self].value.map { HostTimeline.Ticks(busy: $0.busyTicks, total: $0.totalTicks) },
            isStopping: snapshot[UnitsProbe.self].value?.manager == "stopping", booted: nixos?.booted?.path,
            running: running, generation: nixos?.generations.last { $0.path == running }?.number)
    }
}
