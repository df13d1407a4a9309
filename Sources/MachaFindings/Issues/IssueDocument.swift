// SPDX-License-Identifier: MIT
import MachaModel

/// An issue as programs read it. The keys are stable.
package struct IssueDocument: Encodable, Sendable {
    package let issue: Issue
    /// What keeps it quiet now; `nil` when nothing does, or where that is not told.
    package let muted: Muting.Reason?

    /// `muted` is what ``Muting`` says of it.
    package init(_ issue: Issue, muted: Muting.Reason?) {
        self.issue = issue
        self.muted = muted
    }

    /// An acknowledgement that does not hold any more leaves the issue open.
    package var state: IssueState {
        guard issue.state == .acknowledged, muted?.word != "acknowledged" else { return issue.state }
        return .open
    }

    private enum CodingKeys: String, CodingKey {
        case id, host, kind, subject, fingerprint, severity, state, origin, summary, advice, commands, createdAt, since
        case lastSeen, count, recurrences, regressions, resolvedAt, resolution, acknowledgement, muted
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        let finding = issue.finding
        try container.encode(issue.id, forKey: .id)
        try container.encode(finding.host, forKey: .host)
        try container.encode(finding.recordedKind.name, forKey: .kind)
        try container.encodeIfPresent(finding.subject, forKey: .subject)
        try container.encode(finding.fingerprint, forKey: .fingerprint)
        try container.encode(finding.severity, forKey: .severity)
        try container.encode(state, forKey: .state)
        try container.encode(issue.origin, forKey: .origin)
        try container.encode(finding.summary, forKey: .summary)
        try container.encode(finding.advice, forKey: .advice)
        try container.encode(finding.commands, forKey: .commands)
        try container.encode(issue.createdAt, forKey: .createdAt)
        try container.encode(issue.firstSeen, forKey: .since)
        try container.encode(issue.lastSeen, forKey: .lastSeen)
        try container.encode(issue.count, forKey: .count)
        try container.encode(issue.recurrences, forKey: .recurrences)
        try container.encode(issue.regressions, forKey: .regressions)
        try container.encodeIfPresent(issue.resolvedAt, forKey: .resolvedAt)
        try container.encodeIfPresent(issue.resolution, forKey: .resolution)
        try container.encodeIfPresent(issue.acknowledgement, forKey: .acknowledgement)
        try container.encodeIfPresent(muted, forKey: .muted)
    }
}
