// SPDX-License-Identifier: MIT
package import MachaInventory
package import MachaModel

extension AuditEvent {
    /// That an action begins; written before its first byte is sent.
    package struct ActionStart: Hashable, Codable, Sendable {
        package var run: Int64
        package var action: Int64
        package var position: Int
        package var record: ActionRecord
        package var detail: StartDetail

        package init(run: Int64, action: Int64, position: Int, record: ActionRecord, detail: StartDetail) {
            self.run = run
            self.action = action
            self.position = position
            self.record = record
            self.detail = detail
        }
    }

    /// Why an action begins, who allowed it, and what is sent. Bounded, without secrets.
    package struct StartDetail: Hashable, Codable, Sendable {
        package struct Line: Hashable, Codable, Sendable {
            package var role: String
            package var words: [String]

            package init(role: String, words: [String]) {
                self.role = role
                self.words = words
            }
        }

        package var title: String
        package var content: ContentHash
        /// `nil` in entries of earlier versions.
        package var target: MachineTarget?
        package var risk: Risk
        package var authority: AuthorizedAction.Authority
        package var requester: Requester
        package var finding: Fingerprint?
        package var evidence: [UntrustedText]
        package var commands: [Line]
        package var wayBack: String

        package init(
            _ proposal: Proposal, _ authority: AuthorizedAction.Authority, evidence: [UntrustedText],
            commands: [Line], wayBack: String
        ) {
            title = proposal.title
            content = proposal.contentHash
            target = proposal.target
            risk = proposal.risk
            self.authority = authority
            requester = proposal.requester
            finding = proposal.finding
            self.evidence = evidence
            self.commands = commands
            self.wayBack = wayBack
        }
    }

    /// How an action ended.
    package struct ActionEnd: Hashable, Codable, Sendable {
        package var run: Int64
        package var action: Int64
        package var position: Int
        package var record: ActionRecord
        package var detail: EndDetail

        package init(run: Int64, action: Int64, position: Int, record: ActionRecord, detail: EndDetail) {
            self.run = run
            self.action = action
            self.position = position
            self.record = record
            self.detail = detail
        }
    }

    /// Who saw the end of an action, and what.
    package enum EndDetail: Hashable, Sendable {
        /// The controller that began it.
        case step(StepReport)
        /// A later one, which asked the host.
        case recovery(found: String)

        /// One line, safe to print.
        package var note: String {
            switch self {
            case .step(let report): report.note
            case .recovery(let found): found
            }
        }
    }

    /// How a run ended.
    package struct RunEnd: Hashable, Codable, Sendable {
        package var run: Int64
        package var state: RunState
        package var note: String

        package init(run: Int64, state: RunState, note: String) {
            self.run = run
            self.state = state
            self.note = note
        }
    }

    /// A run that its controller left under way when it ended.
    package struct RunLeft: Hashable, Codable, Sendable {
        package var run: Int64
        package var title: String
        /// Why it was left, and what becomes of it.
        package var left: String

        package init(run: Int64, title: String, left: String) {
            self.run = run
            self.title = title
            self.left = left
        }
    }

    /// A person's own command, written before it is sent.
    package struct Execution: Hashable, Codable, Sendable {
        /// The command line, without secrets, bounded.
        package var words: UntrustedText
        package var asRoot: Bool
        package var hosts: [String]
        package var by: String

        package init(words: UntrustedText, asRoot: Bool, hosts: [String], by person: String) {
            self.words = words
            self.asRoot = asRoot
            self.hosts = hosts
            by = person
        }
    }
}

extension AuditEvent.EndDetail: Codable {
    private enum Key: String, CodingKey {
        case found, by
    }

    private static let recovery = "recovery"

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        if try container.decodeIfPresent(String.self, forKey: .by) == Self.recovery {
            self = .recovery(found: try container.decode(String.self, forKey: .found))
        } else {
            self = .step(try StepReport(from: decoder))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        switch self {
        case .step(let report): try report.encode(to: encoder)
        case .recovery(let found):
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(found, forKey: .found)
            try container.encode(Self.recovery, forKey: .by)
        }
    }
}
