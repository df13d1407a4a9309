// SPDX-License-Identifier: MIT

/// When each timer last ran and runs next, and how the job it starts ended: backups, garbage collection, upgrades.
///
/// `systemctl show` prints the same `key=value` blocks in every version; `list-timers --output=json` came with 246, writes
/// `next` into `left` in 257 and says nothing of the schedule, without which nobody can tell what is overdue.
package enum TimersProbe: Probe {
    package static let name = "timers"
    package static let shares: SharedQuestion? = .unitFacts
    package static let script = """
        facts=$(unit_facts) || exit
        take_time
        timers=$(printf '%s\\n' "$facts" | units_named '[.]timer$')
        jobs=$(printf '%s\\n' "$timers" | sed -n 's/^Unit=\\([A-Za-z0-9:_.@\\\\-]*\\)$/\\1/p')
        printf 'Now=%s\\n\\n%s\\n\\n' "$now" "$timers"
        [ -n "$jobs" ] || exit 0
        export TZ=UTC
        results() {
            systemctl show "$@" -p Id -p ActiveState -p Result -p ExecMainStatus -p ExecMainExitTimestamp
        }
        results --timestamp=unix $jobs || results $jobs
        """

    package static func parse(_ body: String) throws(ProbeFailure) -> TimersState {
        let texts = ProbeText.blocks(body)
        let blocks = texts.map { ProbeText.fields($0) }
        guard let now = ProbeText.clock(blocks.first?["Now"]) else {
            throw ProbeText.unparsable("no time", body)
        }
        var timers = ItemList<TimerState>()
        var jobs: [String: [String: String]] = [:]
        for (block, text) in zip(blocks, texts).dropFirst() where !block.isEmpty {
            guard let id = ProbeText.present(block["Id"]), ProbeText.present(block["ActiveState"]) != nil else {
                timers.skip(block["Id"] ?? text, ProbeText.unparsable("a timer or job without Id or state", text))
                continue
            }
            if id.hasSuffix(".timer"), block.keys.contains("LastTriggerUSec") {
                timers.add(id) { () throws(ProbeFailure) in try TimerState(id, block, schedules: schedules(text)) }
            } else if block.keys.contains("Result") {
                jobs[id] = block
            } else {
                timers.skip(id, ProbeText.unparsable("neither timer nor job", id))
            }
        }
        let known = timers.items.map { timer in
            var timer = timer
            timer.job = jobs[timer.unit].map { TimerState.Job($0) }
            return timer
        }
        return TimersState(timers: known, observedAt: now, unread: try timers.unreadItems())
    }

    /// A timer with several schedules has a line for each.
    private static func schedules(_ block: String) -> String {
        ProbeText.lines(block).filter { $0.hasPrefix("TimersCalendar=") || $0.hasPrefix("TimersMonotonic=") }
            .joined(separator: "\n")
    }
}

/// Source: `systemctl show` of timers and of what they start.
package struct TimersState: Hashable, Codable, Sendable, PartlyRead {
    /// All of them.
    package var timers: [TimerState]
    /// The host's clock when it was asked, in seconds since 1970.
    package var observedAt: Int
    package var unread: [UnreadItem]?
}

/// One timer. Times are seconds since 1970.
package struct TimerState: Hashable, Codable, Sendable {
    /// How the last run ended.
    package struct Job: Hashable, Codable, Sendable {
        /// `ActiveState`: `inactive` between two runs, `activating` while a job runs.
        package var active: String
        /// `success`, `exit-code`, …
        package var result: String?
        package var exitStatus: Int?
        /// `nil` when it never ended.
        package var endedAt: Int?

        init(_ fields: [String: String]) {
            active = fields["ActiveState"] ?? ""
            result = ProbeText.present(fields["Result"])
            exitStatus = fields["ExecMainStatus"].flatMap { Int($0) }
            endedAt = ProbeText.moment(fields["ExecMainExitTimestamp"])
        }
    }

    /// With its suffix, as in `nix-gc.timer`.
    package var name: String
    /// What it starts, as in `nix-gc.service`.
    package var unit: String
    /// `ActiveState`: `active` while it waits, `inactive` when it is off, `failed`.
    package var active: String
    /// `nil`: never.
    package var lastRun: Int?
    /// `nil`: not by the calendar, or not at all.
    package var nextRun: Int?
    /// Since when the timer waits; `nil` when it does not.
    package var activeSince: Int?
    /// Seconds that lie at most between two runs, by its schedule and random delay; `nil` for a timer that runs once a
    /// boot, and for a schedule that was not understood.
    package var period: Int?
    /// `nil` when systemd does not know what it starts.
    package var job: Job?

    fileprivate init(_ id: String, _ fields: [String: String], schedules: String) throws(ProbeFailure) {
        // A time that is there and not understood must not pass for a timer that never ran.
        for key in ["LastTriggerUSec", "ActiveEnterTimestamp"] {
            if let text = ProbeText.present(fields[key]), ProbeText.moment(text) == nil, !["0", "@0"].contains(text) {
                throw ProbeText.unparsable(key, text)
            }
        }
        name = id
        unit = ProbeText.present(fields["Unit"]) ?? String(id.dropLast(6)) + ".service"
        active = fields["ActiveState"] ?? ""
        lastRun = ProbeText.moment(fields["LastTriggerUSec"])
        nextRun = ProbeText.moment(fields["NextElapseUSecRealtime"])
        activeSince = ProbeText.moment(fields["ActiveEnterTimestamp"])
        let delay = fields["RandomizedDelayUSec"].flatMap { TimeSpan.seconds($0) } ?? 0
        period = CalendarPeriod.period(schedules: schedules)
            .map { $0 + min(delay, 31 * 86_400) }
    }
}
