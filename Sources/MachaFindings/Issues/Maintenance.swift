// SPDX-License-Identifier: MIT
package import MachaInventory
package import MachaModel
package import struct Foundation.Date
package import struct Foundation.TimeZone

/// A span in which a person works on a host: no repairs, no alarms. Observations and history go on.
package struct MaintenanceWindow: Hashable, Sendable {
    /// Counts up and is never used again.
    package var id: Int64
    package var host: String
    package var span: MutedSpan
    /// Login name.
    package var by: String
    package var reason: UntrustedText

    package init(id: Int64, host: String, span: MutedSpan, by: String, reason: UntrustedText) {
        self.id = id
        self.host = host
        self.span = span
        self.by = by
        self.reason = reason
    }
}

/// Whether a host is in maintenance.
package enum Maintenance: Hashable, Sendable {
    case off
    /// A person said so; until when.
    case window(MaintenanceWindow)
    /// It is one of the hours that the inventory gives to it.
    case hours(MaintenanceHours)
    /// The inventory gives hours to it, and nobody knows what time it is there. No alarm is held back for that, and
    /// nothing is changed unasked.
    case unknown

    /// How `host` stands at `now`. `zone` is the host's own; `nil` when it is not known.
    package init(of host: FleetHost, windows: [MaintenanceWindow], zone: TimeZone?, at now: Date) {
        let open = windows.filter { $0.host == host.name && $0.span.contains(now) }
        if let last = open.max(by: { ($0.span.until ?? .distantFuture) < ($1.span.until ?? .distantFuture) }) {
            self = .window(last)
        } else if host.maintenance.isEmpty {
            self = .off
        } else if let zone {
            let time = LocalTime(now, in: zone)
            self = host.maintenance.first { $0.contains(time) }.map { .hours($0) } ?? .off
        } else {
            self = .unknown
        }
    }
}
