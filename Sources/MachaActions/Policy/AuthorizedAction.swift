// SPDX-License-Identifier: MIT
package import MachaModel
package import struct Foundation.Date

/// A proposal that may be carried out, once. The executor takes nothing else.
///
/// Its initialiser is visible in this file only, and here are the only two that call it: ``Policy/authorize(_:in:)``,
/// when policy says run, and ``Approval/authorize(at:)``, when a person has said yes.
package struct AuthorizedAction: Hashable, Sendable {
    package enum Authority: Hashable, Codable, Sendable {
        case policy(Decision)
        case approval(id: Int, by: String)
    }

    package let proposal: Proposal
    package let content: ContentHash
    package let authority: Authority

    package var host: String { proposal.host }
    package var actions: [Action] { proposal.steps.map(\.action) }

    fileprivate init(_ proposal: Proposal, _ authority: Authority) {
        self.proposal = proposal
        content = proposal.contentHash
        self.authority = authority
    }
}

extension Policy {
    /// What policy says of a whole proposal.
    package enum Verdict: Hashable, Sendable {
        case run(AuthorizedAction)
        case ask(Decision)
        case refuse(Decision)
    }

    /// Decides about `proposal`; only `run` lets it be carried out.
    package static func authorize(_ proposal: Proposal, in context: PolicyContext) -> Verdict {
        let decision = decide(proposal, in: context)
        switch decision.outcome {
        case .run: return .run(AuthorizedAction(proposal, .policy(decision)))
        case .ask: return .ask(decision)
        case .refuse: return .refuse(decision)
        }
    }
}

extension Approval {
    /// Uses up a granted approval. To be stored as used before anything is done with the answer.
    ///
    /// - Throws: when it is not granted, its time is over, it was used before, or it no longer says what was approved.
    package mutating func authorize(at now: Date) throws(ApprovalError) -> AuthorizedAction {
        try use(at: now)
        return AuthorizedAction(proposal, .approval(id: id, by: decidedBy ?? "unknown"))
    }
}
