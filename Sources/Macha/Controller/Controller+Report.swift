// SPDX-License-Identifier: MIT
import MachaInventory
package import MachaModel
import MachaStore
package import struct Foundation.Date
package import struct Foundation.TimeZone
package import struct Foundation.UUID

extension Controller {
    /// What became of the fleet since `since`; since a day or a week ago when that is `nil`. Asks no host and no model.
    package func periodReport(_ kind: ReportKind, since: Date?) throws(ControllerError) -> PeriodReport {
        let (store, inventory, now) = (try environment.store(), try environment.inventory(), environment.now())
        let budget = try environment.configuration().daemon.analysesPerDay
        return try storing { () throws(StoreError) in
            try PeriodReader(
                kind, since: since ?? now.addingTimeInterval(-kind.span), at: now, store: store, inventory: inventory,
                analysesPerDay: budget
            ).report
        }
    }

    /// The time zone in which reports are written.
    package func reportZone() throws(ControllerError) -> TimeZone {
        try environment.configuration().notifications?.reports?.timeZone ?? .current
    }

    /// Sends `report` now to those who get reports, beside their schedule. What does not arrive stays in the outbox.
    package func send(_ report: PeriodReport) async throws(ControllerError) -> [Delivery] {
        let (settings, notifications) = try requiredNotifications()
        let (store, now) = (try environment.store(), environment.now())
        let id = UUID().uuidString.lowercased()
        try storing { () throws(StoreError) in try notifications.send(report, id: id, at: now) }
        return try await deliveries(of: id, to: settings.reportReceivers.map(\.name), notifications, store)
    }
}
