// SPDX-License-Identifier: MIT

/// Which units failed or keep restarting, and the state of the service manager.
///
/// `systemctl show` prints the same `key=value` blocks in every version, so no JSON is needed (that came with 246).
/// Running services are asked too: a crash loop is `activating` or `running`, whichever moment we meet, never `failed`.
package enum UnitsProbe: Probe {
    package static let name = "units"
    package static let script = """
        systemctl show -p Version -p SystemState -p NFailedUnits -p NJobs || exit
        printf 'Now=%s\\n\\n' "$(date +%s)"
        facts() {
            systemctl show '*' --state=failed,activating,running "$@" -p Id -p Type -p ActiveState -p SubState \
                -p Result -p ExecMainStatus -p NRestarts -p StateChangeTimestamp
        }
        facts --timestamp=unix || facts
        """

    package static func parse(_ body: String) throws(ProbeFailure) -> UnitsState {
        let blocks = ProbeText.blocks(body).map { ProbeText.fields($0) }
        guard let manager = blocks.first, let state = ProbeText.present(manager["SystemState"]),
            let now = ProbeText.clock(manager["Now"])
        else { throw ProbeText.unparsable("no SystemState", body) }
        var units = ItemList<UnitState>()
        for fields in blocks.dropFirst() {
            if let unit = unit(fields) {
                units.append(unit)
            } else {
                units.skip(
                    fields["Id"] ?? "a unit", ProbeText.unparsable("a unit", "without Id, ActiveState or SubState"))
            }
        }
        let notable = units.items.filter { $0.isFailed || $0.isRestarting || ($0.restarts ?? 0) > 0 }
        let failed = max(notable.count(where: \.isFailed), manager["NFailedUnits"].flatMap { Int($0) } ?? 0)
        // Failed units first, as the worst.
        let ordered = notable.filter(\.isFailed) + notable.filter { !$0.isFailed }
        return UnitsState(
            manager: state, failedCount: failed, jobs: manager["NJobs"].flatMap { Int($0) } ?? 0,
            units: ordered, observedAt: now, unread: try units.unreadItems())
    }

    private static func unit(_ fields: [String: String]) -> UnitState? {
        guard let name = ProbeText.present(fields["Id"]), let active = ProbeText.present(fields["ActiveState"]),
            let sub = ProbeText.present(fields["SubState"])
        else { return nil }
        return UnitState(
            name: name, type: ProbeText.present(fields["Type"]), active: active, sub: sub,
            result: ProbeText.present(fields["Result"]), exitStatus: fields["ExecMainStatus"].flatMap { Int($0) },
            restarts: fields["NRestarts"].flatMap { Int($0) },
            since: fields["StateChangeTimestamp"].flatMap { $0.hasPrefix("@") ? ProbeText.clock($0.dropFirst()) : nil })
    }
}

/// Source: `systemctl show`.
package struct UnitsState: Hashable, Codable, Sendable, PartlyRead {
    /// `running`, `degraded`, `starting`, `stopping`, `maintenance`, …
    package var manager: String
    /// By the manager's own count, so it can exceed what ``units`` lists.
    package var failedCount: Int
    /// Start and stop jobs that wait or run.
    package var jobs: Int
    /// Failed, restarting, and restarted units, failed ones first; all of them.
    package var units: [UnitState]
    /// The host's clock when it was asked, in seconds since 1970.
    package var observedAt: Int
    package var unread: [UnreadItem]?
}

/// One unit that is not simply well. Source: the properties of `systemctl show`, in its own words.
package struct UnitState: Hashable, Codable, Sendable {
    /// With its suffix, as in `nginx.service`.
    package var name: String
    /// `simple`, `oneshot`, …; `nil` for units that are not services.
    package var type: String?
    /// `ActiveState`: `active`, `activating`, `failed`, …
    package var active: String
    /// `SubState`: `running`, `auto-restart`, `failed`, …
    package var sub: String
    /// `success`, `exit-code`, `signal`, `oom-kill`, …
    package var result: String?
    /// Exit status of the main process.
    package var exitStatus: Int?
    /// Automatic restarts since it was last started by hand; `nil` before systemd 235 and for other units.
    package var restarts: Int?
    /// When it entered this state, in seconds since 1970; `nil` before systemd 248, which prints no such figure.
    package var since: Int?

    /// It has failed and nothing starts it again.
    package var isFailed: Bool { active == "failed" }
    /// systemd waits before it starts the service again.
    package var isRestarting: Bool { sub.hasPrefix("auto-restart") }
}
