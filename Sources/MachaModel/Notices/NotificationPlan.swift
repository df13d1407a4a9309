// SPDX-License-Identifier: MIT
package import struct Foundation.Date

/// What one run of the pipeline decided.
package struct NotificationPlan: Hashable, Sendable {
    /// By receiver.
    package var states: [String: NotificationState]
    /// In the order they are to be sent.
    package var notices: [PlannedNotice] = []
    /// What was not told, where the reason is new.
    package var held: [HeldNotice] = []
    /// When the next run has something to do, if nothing changes; `nil` when nothing is pending.
    package var nextDue: Date?

    package init(states: [String: NotificationState]) { self.states = states }
}

/// A notice for the outbox.
package struct PlannedNotice: Hashable, Sendable {
    /// Why it is sent.
    package enum Occasion: String, Hashable, Codable, Sendable, CaseIterable {
        case new, worse, reminder, resolved, `repeat`, morning
        /// What a person sends by hand.
        case message
        /// A daily or weekly report.
        case report
    }

    package var receiver: String
    package var occasion: Occasion
    package var message: NoticeMessage
    /// The alerts it tells of.
    package var alerts: [String]

    package init(receiver: String, occasion: Occasion, message: NoticeMessage, alerts: [String]) {
        self.receiver = receiver
        self.occasion = occasion
        self.message = message
        self.alerts = alerts
    }
}

/// An alert that a receiver was not told of, and why.
package struct HeldNotice: Hashable, Sendable {
    package enum Reason: String, Hashable, Codable, Sendable, CaseIterable {
        /// No route takes it, or the route names nobody.
        case route
        /// Acknowledged, silenced, or under maintenance.
        case muted
        /// It comes and goes.
        case flapping
        /// Another alert explains it.
        case inhibited
        case quietHours = "quiet-hours"
        case rateLimit = "rate-limit"
        /// Its end, which nobody has to be told.
        case ended
    }

    /// Empty when it is nobody's.
    package var receiver: String
    package var alert: String
    package var host: String?
    package var summary: String
    package var reason: Reason
    /// The reason in one sentence, safe to print.
    package var words: String
    package var at: Date

    package init(
        receiver: String, alert: String, host: String?, summary: String, reason: Reason, words: String, at: Date
    ) {
        self.receiver = receiver
        self.alert = alert
        self.host = host
        self.summary = summary
        self.reason = reason
        self.words = words
        self.at = at
    }
}
