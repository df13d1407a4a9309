// SPDX-License-Identifier: MIT
package import MachaModel
package import struct Foundation.Date

/// Whether people are notified of a problem that has come up, when it may have come up and gone again before.
///
/// A problem is announced the first time. One that returns is announced again only when it was away long enough to be a
/// new story: an hour after its first time, and twice as long after each further time within a day, up to a day. So a
/// finding that comes and goes every ten minutes is announced once and then kept quiet for as long as it flaps. One that
/// returns worse than it was on any of these occasions is announced at once.
package enum Announcement: Hashable, Sendable {
    case tell
    /// Not announced, and the reason in one sentence: every notice that is held back can be listed with it.
    case hold(because: String)

    /// Seconds for which an earlier time counts.
    package static let memory = 86_400.0
    /// Seconds a problem must have been gone after its first time to be announced again.
    static let calm = 3600.0

    /// One earlier time the same problem was there.
    package struct Earlier: Hashable, Sendable {
        package var severity: Severity
        package var closed: Date

        package init(severity: Severity, closed: Date) {
            self.severity = severity
            self.closed = closed
        }
    }

    /// Judges a problem of this severity that came up at `now`; `earlier` in any order.
    package init(of severity: Severity, at now: Date, earlier: [Earlier]) {
        let past = earlier.filter { (0...Self.memory).contains(now.timeIntervalSince($0.closed)) }
        guard let last = past.map(\.closed).max(), let worst = past.map(\.severity).max(), severity <= worst else {
            self = .tell
            return
        }
        let wait = min(Self.memory, Self.calm * Double(1 << min(past.count - 1, 10)))
        let away = now.timeIntervalSince(last)
        guard away < wait else {
            self = .tell
            return
        }
        let times = past.count == 1 ? "once" : "\(past.count) times"
        self = .hold(
            because: "it came and went \(times) within a day, most recently \(Int(away / 60)) minutes ago; "
                + "it is reported again after \(Int(wait / 3600)) h of quiet")
    }
}
