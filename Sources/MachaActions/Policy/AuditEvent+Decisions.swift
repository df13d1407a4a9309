// SPDX-License-Identifier: MIT
package import MachaInventory
package import MachaModel

extension AuditEvent {
    /// What policy said of a proposal.
    package struct Decided: Hashable, Codable, Sendable {
        package var title: String
        package var playbook: String?
        package var content: ContentHash
        package var risk: Risk
        package var riskReasons: [String]
        package var decision: Decision
        package var requester: Requester
        package var finding: Fingerprint?

        package init(_ proposal: Proposal, _ decision: Decision) {
            title = proposal.title
            playbook = proposal.playbook
            content = proposal.contentHash
            risk = proposal.risk
            riskReasons = proposal.riskReasons
            self.decision = decision
            requester = proposal.requester
            finding = proposal.finding
        }
    }

    /// That a run was authorised, and by what.
    package struct Authorised: Hashable, Codable, Sendable {
        package var run: Int64
        package var title: String
        package var playbook: String?
        package var content: ContentHash
        package var risk: Risk
        package var authority: AuthorizedAction.Authority
        package var requester: Requester
        package var finding: Fingerprint?

        package init(_ run: Int64, _ authorized: AuthorizedAction) {
            self.run = run
            title = authorized.proposal.title
            playbook = authorized.proposal.playbook
            content = authorized.content
            risk = authorized.proposal.risk
            authority = authorized.authority
            requester = authorized.proposal.requester
            finding = authorized.proposal.finding
        }

        /// The approval that was used up for it.
        package var approval: Int? {
            switch authority {
            case .policy: nil
            case .approval(let id, _): id
            }
        }
    }

    /// The file that holds a suggested change of the configuration.
    package struct Suggested: Hashable, Codable, Sendable {
        package var title: String
        package var playbook: String?
        package var model: String?
        package var finding: Fingerprint?
        package var file = ""
        package var run: Int64?

        package init(title: String, playbook: String? = nil, model: String? = nil, finding: Fingerprint? = nil) {
            self.title = title
            self.playbook = playbook
            self.model = model
            self.finding = finding
        }
    }

    /// What was authorised and is not carried out, and why.
    package struct Withheld: Hashable, Codable, Sendable {
        package var title: String
        package var why: String

        package init(title: String, why: String) {
            self.title = title
            self.why = why
        }
    }

    /// A person's word that the database counts, and not the exports that know more.
    package struct Accepted: Hashable, Codable, Sendable {
        package var title: String
        package var by: String
        package var why: String
        /// The last entry of the database; `nil` when it had none.
        package var databaseEnd: Int?
        package var exportsEnd: Int
        package var exportsHash: ContentHash

        package init(by person: String, why: String, databaseEnd: Int?, exportsEnd: Int, exportsHash: ContentHash) {
            title = "the database as it is, older than its exports"
            by = person
            self.why = why
            self.databaseEnd = databaseEnd
            self.exportsEnd = exportsEnd
            self.exportsHash = exportsHash
        }
    }

    /// A person's word that what was observed of a host is not wanted any more.
    package struct Forgotten: Hashable, Codable, Sendable {
        package var title: String
        package var by: String
        package var why: String
        /// Rows that were deleted, by table.
        package var rows: [String: Int]

        package init(by person: String, why: String, rows: [String: Int]) {
            title = "what was observed of the host"
            by = person
            self.why = why
            self.rows = rows
        }
    }

    /// What became of a question to a person.
    package struct ApprovalChange: Hashable, Codable, Sendable {
        package enum Event: String, Codable, Sendable {
            case asked
            /// The same question with other evidence.
            case refreshed
            case granted, rejected, superseded, expired
        }

        package var event: Event
        package var approval: Int
        package var title: String
        package var playbook: String?
        package var content: ContentHash
        /// `nil` in entries of earlier versions.
        package var target: MachineTarget?
        package var risk: Risk
        package var decision: Decision
        package var requester: Requester
        package var by: String?
        package var reason: String?
        package var finding: Fingerprint?

        package init(_ event: Event, _ approval: Approval) {
            self.event = event
            self.approval = approval.id
            title = approval.proposal.title
            playbook = approval.proposal.playbook
            content = approval.content
            target = approval.proposal.target
            risk = approval.proposal.risk
            decision = approval.decision
            requester = approval.proposal.requester
            by = approval.decidedBy
            reason = approval.reason.isEmpty ? nil : approval.reason
            finding = approval.proposal.finding
        }

        /// What the approval is after it.
        package var state: Approval.State {
            switch event {
            case .asked, .refreshed: .waiting
            case .granted: .granted
            case .rejected: .rejected
            case .superseded: .superseded
            case .expired: .expired
            }
        }
    }

    /// Where changes stop, or go on.
    package struct Pause: Hashable, Codable, Sendable {
        /// `nil`: the whole fleet.
        package var hosts: [String]?
        package var by: String
        package var reason: String

        package init(hosts: [String]?, by person: String, reason: String) {
            self.hosts = hosts
            by = person
            self.reason = reason
        }
    }
}
