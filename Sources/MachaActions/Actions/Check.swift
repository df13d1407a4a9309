// SPDX-License-Identifier: MIT
package import MachaModel

/// Something that can be looked up on a host and either holds or does not. It changes nothing.
///
/// It is read from a kind and its parameters, or made by the function that the file of its kind offers; what it asks and
/// how it judges stands in that file (``CheckDefinition``).
package struct Check: Hashable, Sendable {
    let definition: any CheckDefinition

    package struct Kind: RawRepresentable, Sendable, CaseIterable {
        let definition: any CheckDefinition.Type

        init(_ definition: any CheckDefinition.Type) { self.definition = definition }

        package init?(rawValue: String) {
            guard let kind = CheckCatalog.byName[rawValue] else { return nil }
            self = kind
        }

        package var rawValue: String { definition.name }
        package static var allCases: [Kind] { CheckCatalog.all }
        package var parameters: [ParameterSpec] { definition.parameters }
    }

    init(_ definition: any CheckDefinition) {
        let name = type(of: definition).name
        precondition(CheckCatalog.byName[name] != nil, "\(name) is missing in CheckCatalog")
        self.definition = definition
    }

    package var kind: Kind { Kind(type(of: definition)) }
    /// The question to the host; `nil` for ``findingGone``, which takes a new snapshot.
    package var command: Command? { definition.command }
    /// It can be judged without the answer from before the action, which is gone when Macha ended meanwhile.
    package var needsOneAnswer: Bool { kind.definition.needsOneAnswer }

    /// Judges the answer to ``command``: `before` is the answer to the same question before the action, `first` that at
    /// the first look after it, `nil` at that look itself.
    package func judge(_ answer: CommandResult, before: CommandResult? = nil, first: CommandResult? = nil)
        -> CheckVerdict
    {
        definition.judge(CheckAnswers(now: answer, before: before, first: first))
    }
}

/// What came of a check. Unknown is neither: who verifies counts it as failed, who waits looks again.
package enum CheckVerdict: Hashable, Codable, Sendable {
    case holds(String)
    case fails(String)
    case unknown(String)

    package var holds: Bool {
        switch self {
        case .holds: true
        case .fails, .unknown: false
        }
    }

    /// What was seen; one line, safe to print.
    package var seen: String {
        switch self {
        case .holds(let text), .fails(let text), .unknown(let text): text
        }
    }
}

extension Check: CustomStringConvertible {
    /// As a sentence's part: "demo.service is active".
    package var description: String { definition.sentence }
}

extension Check {
    package static func == (left: Check, right: Check) -> Bool {
        AnyHashable(left.definition) == AnyHashable(right.definition)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(kind)
        hasher.combine(AnyHashable(definition))
    }
}

extension Check.Kind: Hashable, CustomStringConvertible {
    package var description: String { rawValue }

    package static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }

    package func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
}
