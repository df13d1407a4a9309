// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel
import struct Foundation.Date

/// What one receiver is told in one notice.
struct News {
    var receiver: String
    /// `nil` for the notice of the morning, which is about all groups.
    var group: DueGroup?
    var occasion: PlannedNotice.Occasion
    /// What it did not know, or not as it is now.
    var fresh: [Alert]
    /// What it knows and is still so.
    var known: [Alert]
    var ended: [ToldAlert.What]
    /// What came and went while nobody was told.
    var gone: [ToldAlert.What] = []

    var severity: Severity { (fresh + known).map(\.severity).max() ?? .info }
}

extension NotificationRun {
    /// Sixth stage: what the receiver knows already is not told again, before `repeat-interval`.
    mutating func deduplicate(_ due: [DueGroup]) -> [News] {
        var news: [News] = []
        var done: Set<String> = []
        for receiver in receivers where isMorning && !state(of: receiver).overnight.isEmpty {
            news.append(morning(receiver))
            done.insert(receiver)
        }
        for group in due where !done.contains(group.receiver) {
            if let item = self.news(of: group) { news.append(item) }
        }
        return news
    }

    private mutating func news(of group: DueGroup) -> News? {
        let receiver = group.receiver
        let occasions = group.firing.compactMap { news(of: $0, for: receiver) }
        let fresh = group.firing.filter { news(of: $0, for: receiver) != nil }
        let known = group.firing.filter { news(of: $0, for: receiver) == nil }
        let ended = end(group.ended, for: receiver)
        func item(_ occasion: PlannedNotice.Occasion) -> News {
            News(receiver: receiver, group: group, occasion: occasion, fresh: fresh, known: known, ended: ended)
        }
        if let first = [PlannedNotice.Occasion.new, .worse, .reminder].first(where: { occasions.contains($0) }) {
            return item(first)
        }
        if !ended.isEmpty { return item(.resolved) }
        let repeated = known.filter { !$0.waitsForWord }
        guard !repeated.isEmpty, let last = state(of: receiver).groups[group.key]?.lastSent else { return nil }
        guard last <= now else {
            // The clock was set back: from here on it counts again.
            let now = now
            change(receiver) { $0.groups[group.key]?.lastSent = now }
            return nil
        }
        let next = last.addingTimeInterval(Double(group.timing.repeatInterval))
        guard next <= now else {
            noteDue(next)
            return nil
        }
        return item(.repeat)
    }

    /// Those of `told` whose end is told; the others are forgotten, with the reason.
    private mutating func end(_ told: [ToldAlert], for receiver: String) -> [ToldAlert.What] {
        told.compactMap { told in
            let why: String? =
                if let muted = told.mutedBy { "it ended while it was \(muted.rawValue)" } else if told.endsSilently {
                    "its end needs no notice"
                } else if !settings.sendsResolved { "the end of problems is not told (resolved: false)" } else { nil }
            guard let why else { return told.what }
            hold(told.what, from: receiver, .ended, why)
            change(receiver) { $0.told[told.what.id] = nil }
            return nil
        }
    }

    /// Everything that waited for the morning, in one notice.
    private mutating func morning(_ receiver: String) -> News {
        let state = state(of: receiver)
        let alerts = (audible[receiver] ?? []).map(\.alert)
        let ended = end(
            state.told.values.filter { !open.contains($0.what.id) }.sorted { $0.what.id < $1.what.id }, for: receiver)
        let gone = state.overnight.values.filter { !open.contains($0.id) && state.told[$0.id] == nil }
        return News(
            receiver: receiver, group: nil, occasion: .morning,
            fresh: alerts.filter { news(of: $0, for: receiver) != nil },
            known: alerts.filter { news(of: $0, for: receiver) == nil }, ended: ended,
            gone: gone.sorted { ($0.since, $0.id) < ($1.since, $1.id) })
    }
}
