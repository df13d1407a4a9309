// SPDX-License-Identifier: MIT
package import Macha

/// The fleet, and what was done about it.
package struct CheckReport: Encodable {
    /// An analysis that waits.
    package struct Waiting: Encodable {
        var host: String
        var job: Int64

        /// `job` is the number that `macha queue` shows.
        package init(host: String, job: Int64) {
            self.host = host
            self.job = job
        }
    }

    /// `nil` until the first hosts have been asked.
    package var fleet: FleetReport?
    /// `nil` when nothing was to be done.
    package var repairs: RepairReport?
    /// The end of the audit's chain, `SEQUENCE:HASH`; `nil` while it has no entries.
    package var auditHead: String?
    /// A person ended the check before it was through.
    package var isInterrupted = false
    /// Analyses that wait for the next check.
    package var waiting: [Waiting] = []

    /// What is known before anything was done about it.
    package init(fleet: FleetReport? = nil, isInterrupted: Bool = false) {
        self.fleet = fleet
        self.isInterrupted = isInterrupted
    }

    private enum CodingKeys: String, CodingKey { case repairs, auditHead, interrupted, waiting }

    /// The fleet's document, with what was done about it.
    package func encode(to encoder: any Encoder) throws {
        try fleet?.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(repairs, forKey: .repairs)
        try container.encodeIfPresent(auditHead, forKey: .auditHead)
        guard isInterrupted else { return }
        try container.encode(true, forKey: .interrupted)
        try container.encode(waiting, forKey: .waiting)
    }
}
