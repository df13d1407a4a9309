// SPDX-License-Identifier: MIT
import MachaModel

extension Check.Kind {
    package static let systemChanged = Self(SystemChanged.self)
}

extension Check {
    package static let systemChanged = Check(SystemChanged())
}

/// The running system is another one than before.
private struct SystemChanged: CheckDefinition {
    static let name = "system-changed"
    static let parameters: [ParameterSpec] = []
    static let needsOneAnswer = false

    init() {}
    init?(_ reader: inout ParameterReader) {}

    var values: [String: ActionValue] { [:] }
    var sentence: String { "another system runs than before" }
    var command: Command? { Command("readlink", ["-f", "/run/current-system"], outputLimit: 4 << 10) }

    func judge(_ answers: CheckAnswers) -> CheckVerdict {
        answers.changed
    }
}
