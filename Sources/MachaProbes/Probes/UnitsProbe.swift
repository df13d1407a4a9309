// SPDX-License-Identifier: MIT
package import MachaModel

import MachaJournal

/// Which units failed, keep restarting or do not get any further, and the state of the service manager; of those that
/// ended badly the last lines they logged before it.
///
/// `systemctl show` prints the same `key=value` blocks in every version, so no JSON is needed (that came with 246).
/// Running services are asked too: a crash loop is `activating` or `running`, whichever moment we meet, never `failed`.
package enum UnitsProbe: Probe {
    package static let name = "units"
    /// Units whose last lines are asked for.
    package static let saidLimit = 8

    package static let shares: SharedQuestion? = .managerFacts
    // What runs well again since an hour is no loop (``Thresholds/restartLoopSpan``), and what failed is asked for first.
    // What a unit says after its end belongs to the next start, so the lines are those before the manager's last word on an end.
    // They are indented, and so cannot be taken for the name of a unit.
    package static let script = #"""
        manager=$(manager_facts) || exit
        take_time
        printf '%s\nNow=%s\n\n' "$manager" "$now"
        # Sockets and scopes run and cannot be in a loop: without failed units and jobs there is nothing to ask them for.
        case $manager in
            *NFailedUnits=0*NJobs=0* | *NJobs=0*NFailedUnits=0*)
                set -- '*.service' '*.mount' '*.automount' '*.swap' '*.device' '*.target' '*.path' '*.timer' '*.slice'
                ;;
            *) set -- '*' ;;
        esac
        facts() {
            systemctl show "$@" --state=failed,activating,deactivating,running -p Id -p Type -p LoadState -p ActiveState \
                -p SubState -p Result -p ExecMainStatus -p NRestarts -p StateChangeTimestamp -p UnitFileState
        }
        facts=$(facts "$@" --timestamp=unix || facts "$@") || exit
        printf '%s\n' "$facts"
        case $facts in *ActiveState=failed* | *SubState=auto-restart* | *NRestarts=[1-9]*) ;; *) exit 0 ;; esac
        printf '%s\n' "$facts" | awk -v now="$now" '
            BEGIN { FS = "=" }
            function name() {
                if (id != "" && load != "not-found" && length(id) < 200) {
                    if (bad) worst[w++] = id
                    else if (again && (moving || since != "" && now - since < 3600)) rest[r++] = id
                }
                id = load = since = ""; bad = again = moving = 0
            }
            $0 == "" { name() }
            $1 == "Id" { id = substr($0, 4) }
            $1 == "LoadState" { load = $2 }
            $0 == "ActiveState=failed" || /^SubState=auto-restart/ { bad = 1 }
            $0 == "ActiveState=activating" || $0 == "ActiveState=deactivating" { moving = 1 }
            /^NRestarts=[1-9]/ { again = 1 }
            /^StateChangeTimestamp=@/ { since = substr($0, 23) }
            END {
                name()
                for (i = 0; i < w && n < \#(saidLimit); i++) { print worst[i]; n++ }
                for (i = 0; i < r && n < \#(saidLimit); i++) { print rest[i]; n++ }
            }' | while IFS= read -r unit; do
            said=$(journalctl -q --no-pager -o cat -n 80 -u "$unit" 2>/dev/null | awk '
                /: Main process exited|: Control process exited|: Mount process exited|: Failed with result|: Start request repeated/ {
                    if (!ended) { for (i in last) end[i] = last[i]; from = n }
                    ended = 1
                    next
                }
                /: Scheduled restart job|: Consumed .* CPU time|^(Starting|Started|Stopped|Failed to start|Stopping|Mounting) / {
                    if (ended && /^(Starting|Started|Mounting) /) { ended = 0; n = 0; split("", last) }
                    next
                }
                /[^ ]/ { last[n++ % 6] = substr($0, 1, 200) }
                END {
                    if (!from) exit
                    for (i = (from < 6 ? 0 : from - 6); i < from; i++) print "  " end[i % 6]
                }')
            [ -z "$said" ] || printf '\n@%s\n%s\n' "$unit" "$said"
        done
        exit 0
        """#

    package static func parse(_ body: String) throws(ProbeFailure) -> UnitsState {
        let parts = ProbeText.blocks(body)
        let blocks = parts.filter { !$0.hasPrefix("@") }.map { ProbeText.fields($0) }
        guard let manager = blocks.first, let state = ProbeText.present(manager["SystemState"]),
            let now = ProbeText.clock(manager["Now"])
        else { throw ProbeText.unparsable("no SystemState", body) }
        let said = Dictionary(parts.compactMap { words($0) }, uniquingKeysWith: { first, _ in first })
        var units = ItemList<UnitState>()
        for fields in blocks.dropFirst() {
            if let unit = unit(fields, said) {
                units.append(unit)
            } else {
                units.skip(
                    fields["Id"] ?? "a unit", ProbeText.unparsable("a unit", "without Id, ActiveState or SubState"))
            }
        }
        let notable = units.items.filter { $0.isFailed || $0.isRestarting || $0.isUnderWay || ($0.restarts ?? 0) > 0 }
        let failed = max(notable.count(where: \.isFailed), manager["NFailedUnits"].flatMap { Int($0) } ?? 0)
        // Failed units first, as the worst.
        let ordered = notable.filter(\.isFailed) + notable.filter { !$0.isFailed }
        return UnitsState(
            manager: state, failedCount: failed, jobs: manager["NJobs"].flatMap { Int($0) } ?? 0,
            units: ordered, observedAt: now, unread: try units.unreadItems())
    }

    /// A unit's name, and below it its last lines, without secrets.
    private static func words(_ part: String) -> (String, [UntrustedText])? {
        let lines = ProbeText.lines(part)
        guard let name = lines.first, name.hasPrefix("@") else { return nil }
        var redactor = Redactor()
        let said = lines.dropFirst().prefix(6).filter { $0.hasPrefix("  ") }.map { line in
            UntrustedText(String(decoding: redactor.clean(Array(line.dropFirst(2).prefix(200).utf8)), as: UTF8.self))
        }
        return said.isEmpty ? nil : (String(name.dropFirst()), said)
    }

    private static func unit(_ fields: [String: String], _ said: [String: [UntrustedText]]) -> UnitState? {
        guard let name = ProbeText.present(fields["Id"]), let active = ProbeText.present(fields["ActiveState"]),
            let sub = ProbeText.present(fields["SubState"])
        else { return nil }
        return UnitState(
            name: name, type: ProbeText.present(fields["Type"]), load: ProbeText.present(fields["LoadState"]),
            file: ProbeText.present(fields["UnitFileState"]), active: active, sub: sub,
            result: ProbeText.present(fields["Result"]), exitStatus: fields["ExecMainStatus"].flatMap { Int($0) },
            restarts: fields["NRestarts"].flatMap { Int($0) },
            since: fields["StateChangeTimestamp"].flatMap { $0.hasPrefix("@") ? ProbeText.clock($0.dropFirst()) : nil },
            said: said[name])
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
    /// Failed, restarting and restarted units, and those that start or stop, failed ones first; all of them.
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
    /// `LoadState`: `loaded`, `not-found` for a unit that is gone and of which only its failure is left, …
    package var load: String?
    /// `UnitFileState`: `enabled`, `transient` for one that a program made, …
    package var file: String?
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
    /// The last lines it logged before it ended; `nil` when it did not end, or its log may not be seen.
    package var said: [UntrustedText]?

    /// It has failed and nothing starts it again.
    package var isFailed: Bool { active == "failed" }
    /// systemd waits before it starts the service again.
    package var isRestarting: Bool { sub.hasPrefix("auto-restart") }
    /// It is starting or stopping.
    package var isUnderWay: Bool { (active == "activating" || active == "deactivating") && !isRestarting }
}
