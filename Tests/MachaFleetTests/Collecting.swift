// SPDX-License-Identifier: MIT
import MachaFleet
import MachaInventory
import MachaModel
import MachaProbes

import struct Foundation.Date

extension Collector {
    /// One host's snapshot over a connection of its own; what is wrong on this side is in the snapshot too.
    func collect(_ host: FleetHost, through reach: HostConnector) async -> Snapshot {
        do throws(ContactFailure) {
            let transport = try reach.transport(to: host)
            let snapshot = await collect(host, over: transport)
            await transport.close()
            return snapshot
        } catch {
            return Snapshot(host: host.name, takenAt: .distantPast, duration: 0, failure: error)
        }
    }
}
