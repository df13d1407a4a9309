// SPDX-License-Identifier: MIT
package import MachaFindings
package import MachaModel
package import struct Foundation.Date

extension AuditEvent {
    /// What a person said of an issue.
    package struct IssueChange: Hashable, Codable, Sendable {
        package enum Change: String, Codable, Sendable { case created, acknowledged, commented, resolved, closed }

        package var change: Change
        package var issue: Int64
        package var finding: Fingerprint
        package var title: String
        package var by: String
        package var why: String
        /// When an acknowledgement ends; `nil` with the issue.
        package var until: Date?

        package init(_ change: Change, _ issue: Issue, by person: String, why: String, until: Date?) {
            self.change = change
            self.issue = issue.id
            finding = issue.finding.fingerprint
            title = issue.finding.summary
            by = person
            self.why = why
            self.until = until
        }
    }

    /// That alarms stop, or go on.
    package struct Quiet: Hashable, Codable, Sendable {
        package enum Change: String, Codable, Sendable { case began, ended }

        package var change: Change
        /// The number of the silence; `nil` for maintenance, which is named by its hosts.
        package var silence: Int64?
        /// Whom it is about: a selector, or the names of hosts with commas.
        package var hosts: String
        /// Of which findings; `nil` for all.
        package var findings: String?
        package var subject: String?
        package var until: Date?
        package var by: String
        package var why: String

        package init(
            _ change: Change, silence: Int64?, hosts: String, findings: String?, subject: String?, until: Date?,
            by person: String, why: String
        ) {
            self.change = change
            self.silence = silence
            self.hosts = hosts
            self.findings = findings
            self.subject = subject
            self.until = until
            by = person
            self.why = why
        }
    }
}
