// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel
import struct Foundation.Date

/// What one receiver may be told together now.
struct DueGroup {
    var receiver: String
    var key: String
    var title: String
    var timing: RouteTiming
    /// What is so now.
    var firing: [Alert]
    /// What the receiver knows of and is over.
    var ended: [ToldAlert]
}

extension NotificationRun {
    /// Fourth stage: what belongs together, where its time has come.
    ///
    /// A group waits `group-wait` from the first alert that the receiver does not know, and `group-interval` from the
    /// notice before.
    mutating func group(_ entries: [RoutedAlert]) -> [DueGroup] {
        var due: [DueGroup] = []
        for receiver in receivers {
            audible[receiver] = entries.filter { $0.receiver == receiver }
            for group in groups(of: receiver) where isDue(group) { due.append(group) }
        }
        return due
    }

    private func groups(of receiver: String) -> [DueGroup] {
        var groups: [String: DueGroup] = [:]
        var order: [String] = []
        for entry in audible[receiver] ?? [] {
            let (key, title) = group(of: entry)
            if groups[key] == nil {
                order.append(key)
                groups[key] = DueGroup(
                    receiver: receiver, key: key, title: title, timing: entry.timing, firing: [], ended: [])
            }
            groups[key]?.firing.append(entry.alert)
        }
        let state = state(of: receiver)
        for told in state.told.values.sorted(by: { $0.what.id < $1.what.id }) where !open.contains(told.what.id) {
            let known = state.groups[told.group]
            if groups[told.group] == nil {
                var timing = settings.timing
                if let known { (timing.groupInterval, timing.repeatInterval) = (known.interval, known.repeatInterval) }
                order.append(told.group)
                groups[told.group] = DueGroup(
                    receiver: receiver, key: told.group, title: known?.title ?? "", timing: timing, firing: [],
                    ended: [])
            }
            groups[told.group]?.ended.append(told)
        }
        return order.compactMap { groups[$0] }
    }

    /// The group of `entry`, by route and labels.
    func group(of entry: RoutedAlert) -> (key: String, title: String) {
        let title = table.labels(of: entry.alert, by: entry.timing.groupBy)
        return ("\(entry.route) | \(title)", title)
    }

    private mutating func isDue(_ group: DueGroup) -> Bool {
        guard pipeline.pace == .continuous else { return true }
        var time = now
        // A clock that was set back makes no group wait longer than its interval.
        if let next = state(of: group.receiver).groups[group.key]?.nextFlush,
            next <= now.addingTimeInterval(Double(group.timing.groupInterval))
        {
            time = next
        }
        let wait = Double(group.timing.groupWait)
        let unknown = group.firing.filter { news(of: $0, for: group.receiver) != nil }.map(\.since).min()
        if let unknown, unknown <= now { time = max(time, unknown.addingTimeInterval(wait)) }
        if time > now, unknown != nil || !group.ended.isEmpty { noteDue(time) }
        return time <= now
    }

    /// Why `receiver` has to be told of `alert`; `nil` when it knows.
    func news(of alert: Alert, for receiver: String) -> PlannedNotice.Occasion? {
        guard let told = state(of: receiver).told[alert.id] else { return .new }
        if alert.severity > told.what.severity { return .worse }
        return alert.revision > told.what.revision ? .reminder : nil
    }
}
