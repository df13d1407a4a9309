// SPDX-License-Identifier: MIT
import Foundation
import MachaInventory

/// When a backup is due, and when its absence is a problem. Pure.
struct BackupSchedule: Sendable {
    let pace: BackupSettings.Pace
    /// The controller's.
    let zone: TimeZone

    /// Whether one is to be made now. One that was missed while nobody ran is made once. A last one in the future is no
    /// proof: the clock was set back, and how old that one is, is unknown.
    func isDue(last: Date?, now: Date) -> Bool {
        guard let last, last <= now.addingTimeInterval(60) else { return true }
        switch pace {
        case .every(let seconds): return now.timeIntervalSince(last) >= Double(seconds)
        case .at(let minute): return last < latest(minute, until: now)
        }
    }

    /// Whether the last one is older than it may be: two were missed. Without any, nothing is known yet.
    func isOverdue(last: Date?, now: Date) -> Bool {
        guard let last else { return false }
        return now.timeIntervalSince(last) > 2 * pace.span + 3_600
    }

    /// The newest moment until `now` at which the clock on the wall showed `minute`. Where daylight saving skips it, the
    /// first moment after the gap.
    private func latest(_ minute: Int, until now: Date) -> Date {
        let days = [now, now.addingTimeInterval(-86_400), now.addingTimeInterval(-2 * 86_400)]
        let moments = days.lazy.compactMap { LocalTime(zone).time(minute, onDayOf: $0) }
        return moments.first { $0 <= now } ?? now.addingTimeInterval(-86_400)
    }
}
