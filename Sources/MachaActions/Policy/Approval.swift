// SPDX-License-Identifier: MIT
package import MachaModel
package import struct Foundation.Date

/// A question to a person, and its answer. Made by a proposal that policy may not run; used at most once.
package struct Approval: Hashable, Codable, Sendable, Identifiable {
    package enum State: String, Hashable, Codable, Sendable, CaseIterable {
        case waiting
        /// Approved and not yet begun.
        case granted
        case rejected
        case expired
        /// A changed proposal took its place, or what it was to repair is gone.
        case superseded
        /// Begun; what came of it is in the run's record. Never to be used again.
        case used
    }

    /// From 0, never reused.
    package let id: Int
    package private(set) var proposal: Proposal
    /// What a person is shown and approves.
    package private(set) var content: ContentHash
    package private(set) var state: State
    package let requestedAt: Date
    /// When the same question came up last.
    package private(set) var seenAt: Date
    package private(set) var expiresAt: Date
    /// Why policy did not run it.
    package private(set) var decision: Decision
    /// Login name of who approved or rejected it.
    package private(set) var decidedBy: String?
    package private(set) var decidedAt: Date?
    /// On a rejection, and where it was superseded; safe to print.
    package private(set) var reason: String

    /// 24 hours.
    package static let lifetime = 86_400.0

    /// A new question.
    package init(
        id: Int, asking proposal: Proposal, because decision: Decision, at now: Date,
        lifetime: Double = Approval.lifetime
    ) {
        self.id = id
        self.proposal = proposal
        content = proposal.contentHash
        state = .waiting
        requestedAt = now
        seenAt = now
        expiresAt = now.addingTimeInterval(lifetime)
        self.decision = decision
        reason = ""
    }

    /// Whether it says what `content` is the hash of. False only when somebody else wrote it: nothing runs on it.
    package var isIntact: Bool { content == proposal.contentHash }

    /// The state at `now`: an approval that was not decided in time has expired, and so has a grant that was not used.
    package func state(at now: Date) -> State {
        switch state {
        case .waiting, .granted: now >= expiresAt ? .expired : state
        case .rejected, .expired, .superseded, .used: state
        }
    }

    /// The same question came up again: its newest evidence is what a person is shown, and its time starts again.
    ///
    /// - Throws: also when anything but the evidence is another one. One id has one content: that is a new approval.
    package mutating func see(_ proposal: Proposal, because decision: Decision, at now: Date) throws(ApprovalError) {
        try require(.waiting, at: now, to: "be updated")
        guard proposal.differsOnlyInEvidence(from: self.proposal) else {
            throw ApprovalError("approval \(id) is for a different proposal; a changed proposal needs a new approval")
        }
        let lifetime = expiresAt.timeIntervalSince(seenAt)
        self.proposal = proposal
        self.decision = decision
        content = proposal.contentHash
        seenAt = now
        expiresAt = now.addingTimeInterval(lifetime)
    }

    /// A person approves what was shown: `content` is the hash that was on the screen.
    package mutating func grant(by person: String, content shown: ContentHash, at now: Date) throws(ApprovalError) {
        try require(.waiting, at: now, to: "be approved")
        guard isIntact else {
            throw ApprovalError(
                "approval \(id) was edited in the database and cannot be approved; see 'macha audit verify', and reject it"
            )
        }
        guard shown == content else {
            throw ApprovalError(
                "approval \(id) has changed since it was shown; check it again with 'macha approve show \(id)'")
        }
        decide(.granted, by: person, at: now)
    }

    /// A person rejects it; `reason` is for the record, and shown when the same proposal comes up again.
    package mutating func reject(by person: String, because reason: String, at now: Date) throws(ApprovalError) {
        try require(.waiting, at: now, to: "be rejected")
        decide(.rejected, by: person, at: now)
        self.reason = reason.printable(limit: 1000)
    }

    /// What it asked for has changed or is no longer needed; `why` is shown with its id later.
    package mutating func supersede(because why: String, at now: Date) throws(ApprovalError) {
        guard state == .waiting || state == .granted else {
            throw ApprovalError("approval \(id) is \(state.rawValue) and cannot be superseded")
        }
        state = .superseded
        reason = why.printable(limit: 1000)
        decidedAt = now
    }

    /// Writes down that its time is over; nothing happens before that.
    package mutating func expire(at now: Date) {
        if state(at: now) == .expired { state = .expired }
    }

    /// For the one place that turns a granted approval into an ``AuthorizedAction``.
    mutating func use(at now: Date) throws(ApprovalError) {
        try require(.granted, at: now, to: "be run")
        guard isIntact else {
            throw ApprovalError("approval \(id) no longer matches what was approved; it cannot be run")
        }
        state = .used
    }

    private mutating func decide(_ state: State, by person: String, at now: Date) {
        self.state = state
        decidedBy = person.printable(limit: 100)
        decidedAt = now
    }

    private func require(_ wanted: State, at now: Date, to what: String) throws(ApprovalError) {
        let state = state(at: now)
        guard state == wanted else {
            let by = decidedBy.map { " by \($0)" } ?? ""
            let why = state == .superseded && !reason.isEmpty ? " (\(reason))" : ""
            throw ApprovalError("approval \(id) is \(state.rawValue)\(by)\(why) and cannot \(what)")
        }
    }
}

/// Why an approval cannot become what was wanted.
package struct ApprovalError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Starts lower case, names the approval; safe to print.
    package let description: String

    init(_ description: String) { self.description = description }

    /// Why the record beside it does not let it be used.
    package init(refusing description: String) { self.description = description.printable(limit: 400) }
}
