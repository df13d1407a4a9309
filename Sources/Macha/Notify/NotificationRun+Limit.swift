// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel
import struct Foundation.Date

extension NotificationRun {
    /// Seventh stage: no more notices an hour than a person can read; for critical ones twice as many. The most severe goes
    /// first. What is held back is not forgotten: it is told when there is room, and the next notice says how much waits.
    mutating func limit(_ news: [News]) -> [News] {
        var sent = recent
        let ordered = news.enumerated().sorted {
            ($1.element.severity, $0.offset) < ($0.element.severity, $1.offset)
        }.map(\.element)
        return ordered.filter { item in
            let most = settings.rateLimit * (item.severity == .critical ? 2 : 1)
            guard sent[item.receiver, default: 0] >= most else {
                sent[item.receiver, default: 0] += 1
                return true
            }
            holdBack(item)
            return false
        }
    }

    private mutating func holdBack(_ item: News) {
        let what = item.fresh.map(\.told) + item.ended
        for what in what {
            hold(what, from: item.receiver, .rateLimit, "more than \(settings.rateLimit) notices within an hour")
        }
        let ids = Set(what.map(\.id))
        let now = now
        noteDue(now.addingTimeInterval(60))
        guard !ids.isEmpty else { return }
        change(item.receiver) { state in
            var held = state.heldBack ?? NotificationState.HeldBack(since: now, alerts: [])
            held.alerts.formUnion(ids)
            state.heldBack = held
        }
    }
}
