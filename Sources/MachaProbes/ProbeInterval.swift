// SPDX-License-Identifier: MIT

/// How often a probe is worth asking. What costs the host much, or changes slowly, is asked less often; in between its
/// last answer stands, with its age.
package enum ProbeInterval: String, Codable, Sendable, CaseIterable {
    case everyCheck = "every-check"
    case hourly
    case sixHourly = "six-hourly"
    case daily
    case weekly

    /// Seconds that an answer stands.
    package var interval: Double {
        switch self {
        case .everyCheck: 0
        case .hourly: 3600
        case .sixHourly: 6 * 3600
        case .daily: 86_400
        case .weekly: 7 * 86_400
        }
    }

    /// Whether it is time to ask again at `now`. A question without an answer is put again after an hour, however slow
    /// its rhythm; a clock that went back makes everything due.
    package func isDue(askedAt: Double, isKnown: Bool, now: Double) -> Bool {
        let age = now - askedAt
        // A daemon that wakes a little early must not wait a whole round longer.
        return age < 0 || age >= min(interval, isKnown ? interval : 3600) * 0.98
    }
}

/// What the account that asks needs for a whole answer.
package enum ProbeRights: String, Codable, Sendable, CaseIterable {
    /// Any account.
    case none
    /// Group `systemd-journal`.
    case journal
    /// Root, by the exact `sudo -n` lines that docs/probes.md lists.
    case root

    /// A pattern of `case` for what a program or sudo says when the account may not.
    static let refusals =
        "*'ermission denied'* | *'a password is required'* | *'not allowed to'* | *'not in the sudoers'*"
}
