// SPDX-License-Identifier: MIT
package import MachaActions
package import MachaFindings
package import MachaModel
package import MachaStore
package import struct Foundation.Date

/// What became of the fleet in a day or a week, for people who were not there. Everything in it comes from the store, and
/// no model has a say in it.
///
/// Lines of hosts in it are free of secrets and safe to print.
package struct PeriodReport: Sendable, Encodable {
    /// How one host is.
    package struct Host: Sendable, Encodable, Hashable {
        package var host: String
        package var state: HostState.Level
        /// Without what is muted.
        package var alarm: HostState.Level
        package var isAway: Bool
        /// As it was at the beginning; `nil` when that is unknown.
        package var before: HostState.Level?
    }

    /// A host of which nothing new is known.
    package struct Blind: Sendable, Encodable, Hashable {
        package var host: String
        /// It was asked in the period, in vain.
        package var wasAsked: Bool
        /// When it last answered; `nil` when that is not known.
        package var reachedAt: Date?
        package var isAway: Bool
    }

    package struct Problem: Sendable, Encodable, Hashable {
        /// The number of its issue; `nil` for what many hosts share.
        package var issue: Int64?
        /// `nil` for what many hosts share.
        package var host: String?
        package var kind: String
        package var severity: Severity
        package var summary: String
        package var since: Date
        /// When it was last seen, where the newest check could not tell.
        package var lastSeen: Date?
        /// When it ended; `nil` while it is open.
        package var resolvedAt: Date?
        /// It came up in the period.
        package var isNew: Bool
        /// Hosts that share it.
        package var hosts: [String]
    }

    /// A problem that somebody knows of.
    package struct Known: Sendable, Encodable, Hashable {
        package enum Reason: String, Sendable, Encodable { case acknowledged, silenced, maintenance }

        package var issue: Int64?
        package var host: String
        package var severity: Severity
        package var summary: String
        package var reason: Reason
        package var by: String
        package var until: Date?
        package var note: String
    }

    package struct Action: Sendable, Encodable, Hashable {
        package var run: Int64
        package var host: String
        package var title: String
        package var outcome: RunState
        package var at: Date
        package var approval: Int?
        /// Who approved it; `nil` when policy let it run.
        package var approvedBy: String?
        package var note: String
    }

    package struct Waiting: Sendable, Encodable, Hashable {
        package var approval: Int
        package var host: String
        package var title: String
        package var risk: Risk
        package var requestedAt: Date
        package var expiresAt: Date
        /// Who approved it, where it has only to run yet.
        package var approvedBy: String?
    }

    /// What is another on a host than at the beginning.
    package struct HostChange: Sendable, Encodable, Hashable {
        package enum What: String, Sendable, Encodable {
            case state, rebooted, generation, revision, kernel, added, removed
        }

        package var host: String
        package var what: What
        /// `nil` is unknown.
        package var from: String?
        package var to: String?
        /// Of a reboot.
        package var at: Date?
    }

    package struct Capacity: Sendable, Encodable, Hashable {
        package var host: String
        package var mount: String
        /// 0…1.
        package var used: Double
        /// Bytes.
        package var available: Int
        /// Seconds, if it goes on growing as it did; `nil` when it does not or too little is known.
        package var untilFull: Double?
    }

    package struct Certificate: Sendable, Encodable, Hashable {
        package var host: String
        package var name: String
        package var expiresAt: Date
    }

    /// A kind of error that a host never logged before.
    package struct LogPattern: Sendable, Encodable, Hashable {
        package var host: String
        package var summary: String
        package var line: String
        package var at: Date
    }

    /// Problems and actions of a span, as numbers.
    package struct Counts: Sendable, Encodable, Hashable {
        package var opened: Int
        package var resolved: Int
        package var actions: Int
    }

    package var kind: ReportKind
    package var since: Date
    package var until: Date
    /// Of when the hosts' earlier state is; `nil` when none is known.
    package var comparedWith: Date?
    package var summary: FleetReport.Summary
    package var hosts: [Host] = []
    /// Law 3: unknown is never healthy.
    package var blind: [Blind] = []
    package var problems: [Problem] = []
    package var resolved: [Problem] = []
    package var known: [Known] = []
    package var actions: [Action] = []
    package var waiting: [Waiting] = []
    /// Approvals that expired in the period.
    package var expired: [Waiting] = []
    package var changes: [HostChange] = []
    package var capacity: [Capacity] = []
    package var certificates: [Certificate] = []
    package var logPatterns: [LogPattern] = []
    package var models = Store.ModelUse()
    /// Analyses a day that the configuration allows.
    package var analysesPerDay: Int?
    package var notices = Store.NoticeUse()
    package var counts = Counts(opened: 0, resolved: 0, actions: 0)
    /// Of the span of the same length before; `nil` where the store does not reach back so far.
    package var before: Counts?
    /// What could not be read and is missing here.
    package var unreadable: [String] = []

    /// Nothing happened, nothing waits, and everything is known.
    package var isQuiet: Bool {
        blind.isEmpty && problems.isEmpty && resolved.isEmpty && known.isEmpty && actions.isEmpty && waiting.isEmpty
            && expired.isEmpty && changes.isEmpty && capacity.isEmpty && certificates.isEmpty && logPatterns.isEmpty
            && notices.lost.isEmpty && unreadable.isEmpty && hosts.allSatisfy { $0.state == .ok || $0.isAway }
    }
}
