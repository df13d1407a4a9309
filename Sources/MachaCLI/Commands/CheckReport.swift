// SPDX-License-Identifier: MIT
import Macha
import MachaCore
import Synchronization

import struct Foundation.Date

/// What a check has come to so far; the one that is interrupted shows it as it is.
final class CheckAnswer: Sendable {
    private let stored = Mutex(CheckReport())

    var value: CheckReport { stored.withLock { $0 } }
    func set(_ change: (inout CheckReport) -> Void) { stored.withLock { change(&$0) } }

    /// What went wrong on the way, the first of it: the check ends with it once all is told.
    private let failed = Mutex<(any Error)?>(nil)

    var failure: (any Error)? { failed.withLock { $0 } }
    func note(_ error: any Error) { failed.withLock { $0 = $0 ?? error } }
}

/// The fleet, and what was done about it.
struct CheckReport: Encodable {
    struct Waiting: Encodable {
        var host: String
        var job: Int64
    }

    var fleet: FleetReport?
    /// `nil` when nothing was to be done.
    var repairs: RepairReport?
    /// The end of the audit's chain, `SEQUENCE:HASH`; `nil` while it has no entries.
    var auditHead: String?
    /// A person ended the check before it was through.
    var isInterrupted = false
    /// Analyses that wait for the next check.
    var waiting: [Waiting] = []

    private enum CodingKeys: String, CodingKey { case repairs, auditHead, interrupted, waiting }

    func encode(to encoder: any Encoder) throws {
        try fleet?.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(repairs, forKey: .repairs)
        try container.encodeIfPresent(auditHead, forKey: .auditHead)
        guard isInterrupted else { return }
        try container.encode(true, forKey: .interrupted)
        try container.encode(waiting, forKey: .waiting)
    }
}

extension FleetReport {
    /// This report with what models had to say since.
    func with(_ entries: [FleetAnalysis.Entry]) -> FleetReport {
        let reports = Dictionary(entries.map { ($0.host, $0.report) }, uniquingKeysWith: { first, _ in first })
        var report = FleetReport(
            hosts.map { host in
                var host = host
                if let report = reports[host.host] { host.analysis = report }
                return host
            }, now: max(generatedAt, Date()))
        (report.repairs, report.approvals) = (repairs, approvals)
        return report
    }
}

extension RepairReport {
    /// What is in this one and was not in `known`: what models asked for, and what they suggest.
    func news(since known: RepairReport?) -> RepairReport {
        var news = self
        let old = Set(known?.entries.map { "\($0.host)\n\($0.title)" } ?? [])
        news.entries = entries.filter { !old.contains("\($0.host)\n\($0.title)") }
        news.recovered = []
        return news
    }

    func with(_ news: RepairReport) -> RepairReport {
        var all = self
        all.entries += news.entries
        all.suggestions += news.suggestions
        all.waiting = news.waiting
        return all
    }
}
