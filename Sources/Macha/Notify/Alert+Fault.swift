// SPDX-License-Identifier: MIT
import MachaModel
import MachaStore

extension Alert {
    /// What fails in a daemon and is survived, as people are told of it; `nil` for what an earlier version wrote down, which says
    /// not what failed.
    init?(_ fault: DaemonRecord.Fault) {
        guard let subject = fault.subject else { return nil }
        self.init(
            id: "macha-fault-\(subject)", source: .fault, kind: "macha-fault", host: nil, subject: subject,
            severity: .warning, revision: 0, since: fault.since, summary: "Macha: \(subject) failed.",
            evidence: [fault.message], advice: "macha status", muted: nil, settling: nil, besides: [], hosts: [])
    }
}
