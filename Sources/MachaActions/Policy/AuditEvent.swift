// SPDX-License-Identifier: MIT
import protocol Foundation.DecodableWithConfiguration

/// Everything that the audit records, each with what is kept of it. The store writes nothing else.
///
/// The encoding of a case is hashed into the chain and read by programs of others: a field may be added as an optional
/// one, and none may be renamed or taken away. `Tests/Recorded` holds what earlier versions wrote.
package enum AuditEvent: Hashable, Sendable {
    /// Policy was asked about a proposal.
    case decided(Decided)
    /// A run was allowed, and by whom.
    case authorised(Authorised)
    /// A file with a suggested change of the configuration was written.
    case suggested(Suggested)
    /// What was authorised was meant for another machine.
    case refused(Withheld)
    /// What was authorised was not carried out any more.
    case skipped(Withheld)
    /// A person goes on with a database that is older than its exports.
    case accepted(Accepted)
    /// A person had what was observed of a host deleted.
    case forgotten(Forgotten)
    case approval(ApprovalChange)
    case started(ActionStart)
    /// An action ended.
    case ended(ActionEnd)
    /// A run ended.
    case closed(RunEnd)
    /// The controller ended while a run was under way; a later one finds out what became of it.
    case left(RunLeft)
    case paused(Pause)
    case resumed(Pause)
    case exec(Execution)
    case analysed(Analysed)
    case lookedUp(LookedUp)
    /// A person said something of an issue.
    case issue(IssueChange)
    /// A silence began or ended.
    case silence(Quiet)
    /// Maintenance began or ended.
    case maintenance(Quiet)

    package var kind: AuditEntry.Kind {
        switch self {
        case .decided, .authorised, .suggested, .refused, .skipped, .accepted, .forgotten, .issue, .silence,
            .maintenance:
            .decision
        case .approval: .approval
        case .started: .started
        case .ended(let end): end.record.outcome == .interrupted ? .interrupted : .finished
        case .closed(let end): end.state == .interrupted ? .interrupted : .finished
        case .left: .interrupted
        case .paused: .paused
        case .resumed: .resumed
        case .exec: .exec
        case .analysed, .lookedUp: .analysis
        }
    }

    /// Tells events of the same kind apart; `nil` for those whose payload does that by itself.
    package enum Name: String, Codable, Sendable {
        case decided, authorised, suggested, refused, skipped, accepted, forgotten, analysed
        case issue, silence, maintenance
        case lookedUp = "looked-up"
    }

    package var name: Name? {
        switch self {
        case .decided: .decided
        case .authorised: .authorised
        case .suggested: .suggested
        case .refused: .refused
        case .skipped: .skipped
        case .accepted: .accepted
        case .forgotten: .forgotten
        case .analysed: .analysed
        case .lookedUp: .lookedUp
        case .issue: .issue
        case .silence: .silence
        case .maintenance: .maintenance
        case .approval, .started, .ended, .closed, .left, .paused, .resumed, .exec: nil
        }
    }
}

extension AuditEvent: Encodable {
    private enum Key: String, CodingKey {
        case event, action, left
    }

    private var payload: any Encodable {
        switch self {
        case .decided(let payload): payload
        case .authorised(let payload): payload
        case .suggested(let payload): payload
        case .refused(let payload), .skipped(let payload): payload
        case .accepted(let payload): payload
        case .forgotten(let payload): payload
        case .approval(let payload): payload
        case .started(let payload): payload
        case .ended(let payload): payload
        case .closed(let payload): payload
        case .left(let payload): payload
        case .paused(let payload), .resumed(let payload): payload
        case .exec(let payload): payload
        case .analysed(let payload): payload
        case .lookedUp(let payload): payload
        case .issue(let payload): payload
        case .silence(let payload), .maintenance(let payload): payload
        }
    }

    /// The payload's members, and the name beside them.
    package func encode(to encoder: any Encoder) throws {
        if let name {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(name, forKey: .event)
        }
        try payload.encode(to: encoder)
    }
}

extension AuditEvent: DecodableWithConfiguration {
    /// The kind is beside the payload, in the entry.
    package init(from decoder: any Decoder, configuration kind: AuditEntry.Kind) throws {
        let container = try decoder.container(keyedBy: Key.self)
        switch kind {
        case .decision, .analysis: self = try Self.named(try container.decode(Name.self, forKey: .event), decoder)
        case .approval: self = .approval(try ApprovalChange(from: decoder))
        case .started: self = .started(try ActionStart(from: decoder))
        case .finished, .interrupted:
            self =
                if container.contains(.action) {
                    .ended(try ActionEnd(from: decoder))
                } else if container.contains(.left) {
                    .left(try RunLeft(from: decoder))
                } else {
                    .closed(try RunEnd(from: decoder))
                }
        case .paused: self = .paused(try Pause(from: decoder))
        case .resumed: self = .resumed(try Pause(from: decoder))
        case .exec: self = .exec(try Execution(from: decoder))
        }
        guard self.kind == kind else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "no event of kind \(kind.rawValue)"))
        }
    }

    private static func named(_ name: Name, _ decoder: any Decoder) throws -> AuditEvent {
        switch name {
        case .decided: .decided(try Decided(from: decoder))
        case .authorised: .authorised(try Authorised(from: decoder))
        case .suggested: .suggested(try Suggested(from: decoder))
        case .refused: .refused(try Withheld(from: decoder))
        case .skipped: .skipped(try Withheld(from: decoder))
        case .accepted: .accepted(try Accepted(from: decoder))
        case .forgotten: .forgotten(try Forgotten(from: decoder))
        case .analysed: .analysed(try Analysed(from: decoder))
        case .lookedUp: .lookedUp(try LookedUp(from: decoder))
        case .issue: .issue(try IssueChange(from: decoder))
        case .silence: .silence(try Quiet(from: decoder))
        case .maintenance: .maintenance(try Quiet(from: decoder))
        }
    }
}
