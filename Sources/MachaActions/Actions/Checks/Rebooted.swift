// SPDX-License-Identifier: MIT
import MachaModel

extension Check.Kind {
    package static let rebooted = Self(Rebooted.self)
}

extension Check {
    package static let rebooted = Check(Rebooted())
}

/// The host has started again.
private struct Rebooted: CheckDefinition {
    static let name = "rebooted"
    static let parameters: [ParameterSpec] = []
    static let needsOneAnswer = false

    init() {}
    init?(_ reader: inout ParameterReader) {}

    var values: [String: ActionValue] { [:] }
    var sentence: String { "the host has rebooted" }
    var command: Command? { Command("cat", ["/proc/sys/kernel/random/boot_id"], outputLimit: 4 << 10) }

    func judge(_ answers: CheckAnswers) -> CheckVerdict {
        answers.changed
    }
}
