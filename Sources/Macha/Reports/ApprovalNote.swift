// SPDX-License-Identifier: MIT
package import MachaActions
package import MachaModel
package import struct Foundation.Date

/// An approval that is open, in one line of a report.
package struct ApprovalNote: Sendable, Hashable, Encodable {
    package var id: Int
    package var host: String
    package var title: String
    package var risk: Risk
    /// Still to be decided; otherwise it was approved and has not run yet.
    package var isWaiting: Bool
    /// Why it may not run by itself.
    package var reason: String
    package var expiresAt: Date

    package init(
        id: Int, host: String, title: String, risk: Risk, isWaiting: Bool, reason: String, expiresAt: Date
    ) {
        self.id = id
        self.host = host
        self.title = title
        self.risk = risk
        self.isWaiting = isWaiting
        self.reason = reason
        self.expiresAt = expiresAt
    }

    package init(_ approval: Approval) {
        self.init(
            id: approval.id, host: approval.proposal.host, title: approval.proposal.title, risk: approval.proposal.risk,
            isWaiting: approval.state == .waiting, reason: approval.decision.sentence, expiresAt: approval.expiresAt)
    }
}
