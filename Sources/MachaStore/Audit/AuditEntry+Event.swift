// SPDX-License-Identifier: MIT
package import MachaActions

extension AuditEntry {
    /// What an entry says.
    package enum Content: Hashable, Sendable {
        case event(AuditEvent)
        /// No event of this version: another version wrote it, or somebody edited it.
        case unreadable(UnreadableEvent)
    }

    package var content: Content { Self.content(kind, payload) }

    static func content(_ kind: Kind, _ payload: String) -> Content {
        do {
            return .event(try StoredJSON.value(AuditEvent.self, from: payload, kind))
        } catch {
            return .unreadable(UnreadableEvent(kind, payload))
        }
    }
}

/// A payload that is no event of this version. It is shown as it is, and what it is about is unknown, never absent.
package struct UnreadableEvent: Hashable, Sendable {
    /// What may have happened to what.
    enum Subject: Hashable, Sendable {
        case run(Int64), action(Int64), approval(Int), pauses
    }

    /// The payload's very text.
    package let text: String
    let subjects: Set<Subject>

    init(_ kind: AuditEntry.Kind, _ payload: String) {
        text = payload
        guard let numbers = try? StoredJSON.value(Numbers.self, from: payload) else {
            subjects = []
            return
        }
        let run = numbers.run.map { Subject.run($0) }
        let action = numbers.action.map { Subject.action($0) }
        let found: [Subject?] =
            switch kind {
            case .decision: [run, numbers.used.map { .approval($0) }]
            case .approval: [numbers.approval.map { .approval($0) }]
            case .started: [run, action]
            case .finished, .interrupted: [action ?? run]
            case .paused, .resumed: [.pauses]
            case .exec, .analysis: []
            }
        subjects = Set(found.compactMap { $0 })
    }

    /// Each by itself: one that cannot be read hides no other.
    private struct Numbers: Decodable {
        var run: Int64?
        var action: Int64?
        var approval: Int?
        /// The approval by which a run was authorised.
        var used: Int?

        private enum Key: String, CodingKey {
            case run, action, approval, authority
        }

        private struct Authority: Decodable {
            struct Approval: Decodable { var id: Int }
            var approval: Approval?
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            run = try? container.decode(Int64.self, forKey: .run)
            action = try? container.decode(Int64.self, forKey: .action)
            approval = try? container.decode(Int.self, forKey: .approval)
            used = (try? container.decode(Authority.self, forKey: .authority))?.approval?.id
        }
    }
}
