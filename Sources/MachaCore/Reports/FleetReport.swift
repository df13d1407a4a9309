// SPDX-License-Identifier: MIT
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

        package init(hosts: Int = 0, ok: Int = 0, warning: Int = 0, critical: Int = 0, unknown: Int = 0) {
            self.hosts = hosts
            self.ok = ok
            self.warning = warning
            self.critical = critical
            self.unknown = unknown
        }
    }

    package var generatedAt: Date
    package var summary: Summary
    package var hosts: [HostReport]

    package init(_ hosts: [HostReport], now: Date) {
        generatedAt = now
        self.hosts = hosts.sorted { ($1.state, $0.host) < ($0.state, $1.host) }
        summary = Summary(hosts: hosts.count)
        for host in hosts {
            switch host.state {
            case .ok: summary.ok += 1
            case .warning: summary.warning += 1
            case .critical: summary.critical += 1
            case .unknown: summary.unknown += 1
            }
        }
    }

    /// The worst state of any host, as monitoring systems count it: 0 ok, 1 warning, 2 critical, 3 unknown. A host that is
    /// away as expected does not count; a fleet without any other is unknown.
    package var exitCode: Int32 {
        (hosts.filter { $0.reason != Away.kind }.map(\.state).max() ?? .unknown).exitCode
    }

    /// Hosts that could not be asked.
    package var unreached: [HostReport] { hosts.filter { $0.contactFailure != nil } }
}
