// SPDX-License-Identifier: MIT
package import MachaActions
package import MachaFindings
package import MachaInventory
import MachaModel
package import struct Foundation.Date

/// What is known of the fleet, worst host first.
package struct FleetReport: Sendable, Encodable {
    /// Hosts in each state.
    package struct Summary: Sendable, Encodable, Hashable {
        package var hosts = 0
        package var ok = 0
        package var warning = 0
        package var critical = 0
        package var unknown = 0
        /// Those of the unknown that are away as expected.
        package var away = 0
        /// Hosts with nothing but what people know of already: muted, and not well.
        package var known = 0

        package init(
            hosts: Int = 0, ok: Int = 0, warning: Int = 0, critical: Int = 0, unknown: Int = 0, away: Int = 0,
            known: Int = 0
        ) {
            self.hosts = hosts
            self.ok = ok
            self.warning = warning
            self.critical = critical
            self.unknown = unknown
            self.away = away
            self.known = known
        }

        /// The worst state that counts; nothing that counts is unknown.
        package var exitCode: Int32 {
            let states: [(HostState.Level, Int)] = [
                (.critical, critical), (.unknown, unknown - away), (.warning, warning), (.ok, ok + known),
            ]
            return (states.first { $0.1 > 0 }?.0 ?? .unknown).exitCode
        }
    }

    package var generatedAt: Date
    package var summary: Summary
    package var hosts: [HostReport]

    /// What many hosts suffer from together; each of them has its own findings all the same.
    package var causes: [FleetCause]

    /// What was repaired within the last day, the newest first.
    package var repairs: [RepairNote] = []

    /// What waits for a person's approval, or was approved and has not run yet.
    package var approvals: [ApprovalNote] = []

    /// `fleet` is where the hosts stand to one another; without it nothing is said of causes that they share.
    package init(_ hosts: [HostReport], of fleet: [FleetHost] = [], now: Date) {
        generatedAt = now
        self.hosts = hosts.sorted { $0.rank == $1.rank ? $0.host.naturallyPrecedes($1.host) : $0.rank > $1.rank }
        summary = Summary(hosts: hosts.count, away: hosts.count(where: \.isAway))
        for host in hosts {
            switch host.isAway ? host.state : host.alarm {
            case .ok where host.state != .ok: summary.known += 1
            case .ok: summary.ok += 1
            case .warning: summary.warning += 1
            case .critical: summary.critical += 1
            case .unknown: summary.unknown += 1
            }
        }
        // Old news is no sign of what goes on now.
        let fresh = hosts.filter { $0.reason != .stale }
        causes = FleetFolding.causes(
            fleet, Dictionary(fresh.map { ($0.host, $0.findings.flatMap(\.all)) }, uniquingKeysWith: +))
    }

    /// The worst state of any host, as monitoring systems count it: 0 ok, 1 warning, 2 critical, 3 unknown. A host that is
    /// away as expected does not count, nor does what is muted; a fleet without any other is unknown.
    package var exitCode: Int32 { summary.exitCode }

    /// The same with the row of Macha itself, which is no host of `fleet`.
    func adding(_ own: HostReport, of fleet: [FleetHost]) -> FleetReport {
        var report = FleetReport(hosts + [own], of: fleet, now: generatedAt)
        (report.repairs, report.approvals) = (repairs, approvals)
        return report
    }

    /// Those of ``causes`` that explain something of which people do not know yet.
    package var openCauses: [FleetCause] {
        causes.filter { cause in
            let explained = hosts.flatMap(\.findings).filter { cause.explains($0.finding) }
            return explained.isEmpty || explained.contains { $0.quiet == nil }
        }
    }

    /// Hosts that could not be asked and ought to have answered.
    package var unreached: [HostReport] { hosts.filter { $0.contactFailure != nil && !$0.isAway && $0.alarm != .ok } }
}

extension HostReport {
    /// Who needs attention most; a host that is away needs none.
    fileprivate var rank: HostState.Level { isAway ? .ok : alarm }
}
