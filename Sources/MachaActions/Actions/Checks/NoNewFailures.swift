// SPDX-License-Identifier: MIT
import MachaModel

extension Check.Kind {
    package static let noNewFailures = Self(NoNewFailures.self)
}

extension Check {
    package static let noNewFailures = Check(NoNewFailures())
}

/// No unit has failed that had not failed before.
private struct NoNewFailures: CheckDefinition {
    static let name = "no-new-failures"
    static let parameters: [ParameterSpec] = []
    static let needsOneAnswer = false

    init() {}
    init?(_ reader: inout ParameterReader) {}

    var values: [String: ActionValue] { [:] }
    var sentence: String { "no further unit has failed" }
    var command: Command? { Diagnosis.failedUnits.command }

    func judge(_ answers: CheckAnswers) -> CheckVerdict {
        guard let now = Self.names(answers.now), let earlier = answers.before.flatMap(Self.names) else {
            return answers.unclear
        }
        let new = now.subtracting(earlier).sorted().map { $0.printable(limit: 60) }
        guard new.isEmpty else { return .fails("failed since: " + new.prefix(10).joined(separator: ", ")) }
        return .holds(now.isEmpty ? "no unit is failed" : "\(now.count) failed, all of them before")
    }

    private static func names(_ answer: CommandResult) -> Set<String>? {
        answer.wholeLines.map { Set($0.compactMap { $0.hasPrefix("Id=") ? String($0.dropFirst(3)) : nil }) }
    }
}
