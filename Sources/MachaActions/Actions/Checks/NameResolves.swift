// SPDX-License-Identifier: MIT
import MachaModel

extension Check.Kind {
    package static let nameResolves = Self(NameResolves.self)
}

extension Check {
    package static func nameResolves(_ domain: DomainName) -> Check { Check(NameResolves(domain: domain)) }
}

/// The host finds an address for the name.
private struct NameResolves: CheckDefinition {
    static let name = "name-resolves"
    private static let domainName = Parameter("name", example: "example.org", DomainName.init)
    static let parameters = [domainName.required]
    static let needsOneAnswer = true

    let domain: DomainName

    init(domain: DomainName) { self.domain = domain }

    init?(_ reader: inout ParameterReader) {
        guard let domain = reader.required(Self.domainName) else { return nil }
        self.domain = domain
    }

    var values: [String: ActionValue] { ["name": .text(domain.description)] }
    var sentence: String { "\(domain) resolves" }
    var command: Command? { Command("getent", ["hosts", domain.description], outputLimit: 4 << 10) }

    func judge(_ answers: CheckAnswers) -> CheckVerdict {
        switch answers.now.outcome {
        case .status(0) where !answers.now.isCut:
            .holds(answers.now.onlyLine?.printable(limit: 120) ?? "resolved")
        case .status(2): .fails("no address was found")
        case .status, .signal, .unknown: answers.unclear
        }
    }
}
