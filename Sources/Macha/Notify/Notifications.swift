// SPDX-License-Identifier: MIT
package import MachaInventory
package import MachaModel
package import MachaNotify
package import MachaStore
import Synchronization

package import struct Foundation.Date
package import struct Foundation.TimeZone

/// Tells people: plans notices from what is so, keeps them in the outbox, and sends what is there.
///
/// Each receiver has a lane of its own. One that hangs delays nobody: `tick` starts what is due and
/// returns. A notice is on the disk before it is sent, and counts as sent when the receiver's server has it: a process
/// killed in between sends it once more.
package final class Notifications: Sendable {
    let store: Store
    let settings: NotificationSettings
    let inventory: Inventory
    private let notifiers: @Sendable (ReceiverSettings) throws(NotifierError) -> any Notifier
    let zone: TimeZone
    private let now: @Sendable () -> Date
    private let retry: NoticeRetry
    /// Analyses a day that the configuration allows, for reports.
    let analysesPerDay: Int?
    let startedAt: Date
    private let lanes = Mutex<[String: Task<Void, Never>]>([:])

    /// `notifiers` makes the way to a receiver at each attempt; `now` is the controller's wall clock.
    package init(
        store: Store, settings: NotificationSettings, inventory: Inventory, zone: TimeZone, retry: NoticeRetry,
        analysesPerDay: Int?, now: @escaping @Sendable () -> Date,
        notifiers: @escaping @Sendable (ReceiverSettings) throws(NotifierError) -> any Notifier
    ) {
        self.store = store
        self.settings = settings
        self.inventory = inventory
        self.zone = zone
        self.retry = retry
        self.now = now
        self.notifiers = notifiers
        self.analysesPerDay = analysesPerDay
        startedAt = now()
    }

    /// Plans what is to be told at `time` and starts to send what is due. Blocks for a few transactions, never for a
    /// receiver. Returns when the next call has something to do if nothing changes; `nil` when nothing is pending.
    ///
    /// `faults` are Macha's own, which no store knows of; one that is no longer among them is over.
    package func tick(
        at time: Date, pace: NotificationPipeline.Pace, faults: [Alert]
    ) throws(StoreError) -> Date? {
        let alerts =
            try AlertReader(store: store, inventory: inventory, settings: settings, now: time).alerts() + faults
        let pipeline = NotificationPipeline(settings, hosts: inventory.hosts + [.itself], zone: zone, pace: pace)
        let plan = try store.notify(at: time) { states, recent in
            pipeline.plan(alerts, states: states, recent: recent, at: time)
        }
        try store.dropNotices(besides: settings.receivers.map(\.name), at: time)
        try startLanes(at: time)
        // Last: what a report cannot do holds no notice back.
        let nextReport = try makeReports(at: time, pace: pace)
        try startLanes(at: time)
        return [plan.nextDue, nextReport, try store.nextNoticeDue()].compactMap { $0 }.min()
    }

    /// Puts notices into the outbox that no problem made, and starts to send them.
    package func send(_ notices: [PlannedNotice], at time: Date) throws(StoreError) {
        try store.enqueue(notices, at: time)
        try startLanes(at: time)
    }

    /// Waits until every lane has sent what it could; each receiver has its deadline.
    package func drain() async {
        while let lane = lanes.withLock({ $0.values.first }) { await lane.value }
    }

    /// Gives up what is under way; it is sent again later.
    package func stop() async {
        for lane in lanes.withLock({ Array($0.values) }) { lane.cancel() }
        await drain()
    }

    private func startLanes(at time: Date) throws(StoreError) {
        for name in try store.receiversWithDueNotices(at: time) {
            guard let receiver = settings.receivers.first(where: { $0.name == name }) else { continue }
            lanes.withLock { lanes in
                guard lanes[name] == nil else { return }
                lanes[name] = Task {
                    await BlockingExecutor.shared.run { await self.deliver(to: receiver) }
                    self.lanes.withLock { $0[name] = nil }
                }
            }
        }
    }

    /// Longer than any attempt may take.
    private static let lease = 60.0

    /// Sends what is due, in order, until something does not arrive. A store that cannot be written leaves the rest to the
    /// next tick: what was sent meanwhile is sent once more, which is better than never.
    private func deliver(to receiver: ReceiverSettings) async {
        while !Task.isCancelled,
            let notice = try? store.claimNotice(for: receiver.name, seconds: Self.lease, at: now())
        {
            do throws(NotifierError) {
                try await notifiers(receiver).send(notice.message)
            } catch {
                // Given up on purpose: its lease runs out.
                if Task.isCancelled { return }
                let isNoted =
                    (try? store.failNotice(
                        notice.id, because: error.message, isPermanent: error.isPermanent, wait: error.wait,
                        retry: retry, at: now())) != nil
                // What is given up holds nothing back.
                guard error.isPermanent, isNoted else { return }
                continue
            }
            guard (try? store.finishNotice(notice.id, at: now())) != nil else { return }
        }
    }
}

extension NotifierError {
    /// Seconds that the server asked to wait.
    fileprivate var wait: Double? {
        guard case .retryable(let after) = kind else { return nil }
        return after
    }
}
