// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel
import struct Foundation.Date

extension NotificationRun {
    /// Eighth stage: the notices for the outbox, and from now on their receivers count as told.
    mutating func compose(_ news: [News]) {
        for item in news {
            let told = Set(item.fresh.map(\.id)).union(item.ended.map(\.id))
            let held = state(of: item.receiver).heldBack.map { held in
                (since: held.since, count: held.alerts.subtracting(told).count)
            }
            let text = NoticeText(item, held: held, link: settings.link, at: now, zone: pipeline.zone)
            plan.notices.append(
                PlannedNotice(
                    receiver: item.receiver, occasion: item.occasion, message: text.message,
                    alerts: item.fresh.map(\.id) + item.ended.map(\.id) + item.gone.map(\.id)))
            remember(item)
        }
    }

    private mutating func remember(_ item: News) {
        let receiver = item.receiver
        let entries = audible[receiver] ?? []
        let grouped = Dictionary(
            entries.map { ($0.alert.id, (group(of: $0), $0.timing)) }, uniquingKeysWith: { first, _ in first })
        let now = now
        change(receiver) { state in
            state.heldBack = nil
            for what in item.ended + item.gone {
                state.told[what.id] = nil
                state.overnight[what.id] = nil
            }
            for alert in item.fresh + item.known {
                guard let (group, timing) = grouped[alert.id] else { continue }
                state.overnight[alert.id] = nil
                state.told[alert.id] = ToldAlert(
                    what: alert.told, group: group.key, mutedBy: nil, endsSilently: alert.waitsForWord)
                state.groups[group.key] = Self.sent(group.title, timing, at: now)
            }
            if item.occasion == .morning { state.overnight = [:] }
            if let group = item.group { state.groups[group.key] = Self.sent(group.title, group.timing, at: now) }
        }
    }

    private static func sent(_ title: String, _ timing: RouteTiming, at now: Date) -> NoticeGroup {
        NoticeGroup(
            title: title, nextFlush: now.addingTimeInterval(Double(timing.groupInterval)), lastSent: now,
            interval: timing.groupInterval, repeatInterval: timing.repeatInterval)
    }
}
