// SPDX-License-Identifier: MIT
package import Macha
package import MachaActions
package import MachaProbes

package import struct Foundation.Date

/// Everything about one host: its report, and the snapshot it is based on.
package struct HostDocument: Encodable {
    var generatedAt: Date
    var summary: FleetReport.Summary
    var host: HostReport
    /// Within the last day.
    var repairs: [RepairNote] = []
    /// What waits for a person's approval on this host.
    var approvals: [ApprovalNote] = []
    /// `nil` for a host that was never asked.
    var snapshot: Snapshot?
    /// What each probe read, for people.
    var readings: [ReadingFacts] { snapshot.map { ReadingFacts.all(of: $0, in: host) } ?? [] }

    /// `snapshot` is `nil` for a host that was never asked.
    package init(
        generatedAt: Date, summary: FleetReport.Summary, host: HostReport, repairs: [RepairNote] = [],
        approvals: [ApprovalNote] = [], snapshot: Snapshot?
    ) {
        self.generatedAt = generatedAt
        self.summary = summary
        self.host = host
        self.repairs = repairs
        self.approvals = approvals
        self.snapshot = snapshot
    }

    private enum CodingKeys: String, CodingKey { case generatedAt, summary, hosts, repairs, approvals, snapshot }

    /// The same shape as the fleet's document, with one host and its snapshot.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(generatedAt, forKey: .generatedAt)
        try container.encode(summary, forKey: .summary)
        try container.encode([host], forKey: .hosts)
        try container.encode(repairs, forKey: .repairs)
        try container.encode(approvals, forKey: .approvals)
        try container.encodeIfPresent(snapshot, forKey: .snapshot)
    }
}
