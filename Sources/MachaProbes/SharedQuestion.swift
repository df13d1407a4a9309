// SPDX-License-Identifier: MIT

/// What several fragments want to know: a shell function that each of them may call. Where probes are asked in a row
/// (``ProbeScript``), it is run once, before the first of them, and a good answer is given to all.
package enum SharedQuestion: String, CaseIterable, Sendable {
    /// What journalctl says of rights, and nothing else (``JournalAccess``).
    case journalAccess = "journal_access"
    /// The state of the service manager.
    case managerFacts = "manager_facts"
    /// Timers and the units that other probes ask about by name, one block each.
    case unitFacts = "unit_facts"

    /// The name of the function.
    var call: String { rawValue }

    private var body: String {
        switch self {
        // Only its standard error is wanted.
        case .journalAccess: "journalctl -n 1 --no-pager 2>&1 >/dev/null"
        case .managerFacts: "systemctl show -p Version -p SystemState -p NFailedUnits -p NJobs"
        // Patterns, because a pattern finds what is loaded: systemd would search the disk for a name that is not. What
        // is not loaded does not run.
        case .unitFacts:
            #"""
            set -- '*.timer' 'podman-*.service' 'docker-*.service' 'container@*.service' 'systemd-nspawn@*.service' \
                    'systemd-network[d].service' 'chron[y]d.service' 'chron[y].service' 'nt[p]d.service' 'nt[p].service' \
                    'ntpse[c].service' 'openntp[d].service' 'ntpd-r[s].service' 'ntpd-rs-serve[r].service' \
                    'chronyd-restricte[d].service' 'ptp4[l].service' 'phc2sy[s].service' 'timemaste[r].service' \
                    -p Id -p Unit -p ActiveState -p SubState -p Result -p NRestarts -p UnitFileState -p LastTriggerUSec \
                    -p NextElapseUSecRealtime -p NextElapseUSecMonotonic -p TimersCalendar -p TimersMonotonic \
                    -p RandomizedDelayUSec -p ActiveEnterTimestamp
                TZ=UTC systemctl show --timestamp=unix "$@" || TZ=UTC systemctl show "$@"
            """#
        }
    }

    /// All functions that fragments may call, as shell text.
    ///
    /// `take_time` sets `now` to the host's clock: by what has gone by since the script read it once, as each `date` is a
    /// process. `alone` ends a fragment that is asked in a row and is to be asked alone. `units_named` prints the blocks of ``unitFacts`` whose names match a regular expression of awk.
    package static let functions =
        allCases.map { "\($0.call)() {\n    \($0.body)\n}\n" }.joined() + #"""
            take_time() {
                if [ -n "${MACHA_EPOCH-}" ] && read -r now rest </proc/uptime; then
                    now=$((MACHA_EPOCH + ${now%%.*}))
                else
                    now=$(date +%s)
                fi
            }
            alone() { :; }
            units_named() {
                awk -v wanted="$1" 'BEGIN { RS = ""; FS = "\n"; ORS = "\n\n" } {
                    for (i = 1; i <= NF; i++) if ($i ~ /^Id=/ && substr($i, 4) ~ wanted) { print; next }
                }'
            }

            """#
}
