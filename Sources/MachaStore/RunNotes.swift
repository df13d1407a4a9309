// SPDX-License-Identifier: MIT
import MachaActions
import MachaModel

/// What the audit says of one action's beginning and end.
struct ActionNote<Detail: Encodable>: Encodable {
    var run: Int64
    var action: Int64
    var position: Int
    var record: ActionRecord
    var detail: Detail
}

/// How a run ended.
struct EndNote: Encodable {
    var run: Int64
    var state: StoredRun.State
    var note: String
}

/// That a run was authorised, and by what.
struct RunNote: Encodable {
    var event: String
    var run: Int64
    var title: String
    var playbook: String?
    var content: ContentHash
    var risk: Risk
    var authority: AuthorizedAction.Authority
    var requester: Requester
    var finding: Fingerprint?

    init(_ event: String, _ run: Int64, _ authorized: AuthorizedAction) {
        self.event = event
        self.run = run
        title = authorized.proposal.title
        playbook = authorized.proposal.playbook
        content = authorized.content
        risk = authorized.proposal.risk
        authority = authorized.authority
        requester = authorized.proposal.requester
        finding = authorized.proposal.finding
    }
}
