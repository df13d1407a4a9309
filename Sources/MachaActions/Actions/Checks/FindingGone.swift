// SPDX-License-Identifier: MIT
import MachaModel

extension Check.Kind {
    package static let findingGone = Self(FindingGone.self)
}

extension Check {
    package static let findingGone = Check(FindingGone())
}

/// The finding that led here is gone when the host is looked at again.
private struct FindingGone: CheckDefinition {
    static let name = "finding-gone"
    static let parameters: [ParameterSpec] = []
    static let needsOneAnswer = false

    init() {}
    init?(_ reader: inout ParameterReader) {}

    var values: [String: ActionValue] { [:] }
    var sentence: String { "the finding is gone" }
    var command: Command? { nil }

    func judge(_ answers: CheckAnswers) -> CheckVerdict {
        .unknown("only a new check of the host can tell")
    }
}
