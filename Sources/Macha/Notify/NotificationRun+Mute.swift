// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel
import struct Foundation.Date

extension NotificationRun {
    /// First stage: who is to be told of what.
    mutating func route() -> [RoutedAlert] {
        var routed: [RoutedAlert] = []
        for alert in alerts {
            let entries = table.routed(alert)
            routed += entries
            guard entries.isEmpty else { continue }
            let why =
                alert.severity < .warning
                ? "it is \(alert.severity.rawValue), and no route takes it" : "its route names nobody"
            hold(alert.told, from: "", .route, why)
        }
        return routed
    }

    /// Second stage: what somebody knows of, and what comes and goes, is not told.
    mutating func mute(_ routed: [RoutedAlert]) -> [RoutedAlert] {
        noteMuting()
        return routed.filter { entry in
            let alert = entry.alert
            if let muted = alert.muted, alert.source != .fault {
                hold(alert.told, from: entry.receiver, .muted, "\(muted.kind.rawValue): \(muted.words)")
                return false
            }
            if let settling = alert.settling, state(of: entry.receiver).told[alert.id] == nil {
                hold(alert.told, from: entry.receiver, .flapping, settling)
                return false
            }
            return true
        }
    }

    /// What was told and is muted now ends in silence. What was acknowledged or silenced and no longer is comes back as news.
    private mutating func noteMuting() {
        for alert in alerts {
            for receiver in receivers {
                guard let told = state(of: receiver).told[alert.id], told.mutedBy != alert.muted?.kind else { continue }
                let comesBack = alert.muted == nil && told.mutedBy != .maintenance
                change(receiver) { state in
                    if comesBack {
                        state.told[alert.id] = nil
                    } else {
                        state.told[alert.id]?.mutedBy = alert.muted?.kind
                    }
                }
            }
        }
    }

    /// Third stage: what another alert explains is not told. When that one ends, what it explained has one interval to end
    /// too: a router that is back leaves hosts behind it that nobody has asked again yet.
    mutating func inhibit(_ entries: [RoutedAlert]) -> [RoutedAlert] {
        let reasons = Inhibition(pipeline.hosts, alerts).reasons()
        return entries.filter { entry in
            let (id, receiver, now) = (entry.alert.id, entry.receiver, now)
            let last = state(of: receiver).inhibited[id]
            if let why = reasons[id] {
                // Written down once a minute, not at each run.
                if last.map({ !(0..<60).contains(now.timeIntervalSince($0)) }) ?? true {
                    change(receiver) { $0.inhibited[id] = now }
                }
                hold(entry.alert.told, from: receiver, .inhibited, why)
                return false
            }
            guard let last else { return true }
            let interval = Double(entry.timing.groupInterval)
            guard (0..<interval).contains(now.timeIntervalSince(last)) else {
                change(receiver) { $0.inhibited[id] = nil }
                return true
            }
            noteDue(last.addingTimeInterval(interval))
            hold(entry.alert.told, from: receiver, .inhibited, "what explained it is just over; it is told if it stays")
            return false
        }
    }
}
