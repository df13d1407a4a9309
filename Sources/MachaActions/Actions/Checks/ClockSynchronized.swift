// SPDX-License-Identifier: MIT
import MachaModel

extension Check.Kind {
    package static let clockSynchronized = Self(ClockSynchronized.self)
}

extension Check {
    package static let clockSynchronized = Check(ClockSynchronized())
}

/// systemd calls the clock synchronized.
private struct ClockSynchronized: CheckDefinition {
    static let name = "clock-synchronized"
    static let parameters: [ParameterSpec] = []
    static let needsOneAnswer = true

    init() {}
    init?(_ reader: inout ParameterReader) {}

    var values: [String: ActionValue] { [:] }
    var sentence: String { "the clock is synchronized" }
    var command: Command? { Command("timedatectl", ["show", "--property=NTPSynchronized"], outputLimit: 4 << 10) }

    func judge(_ answers: CheckAnswers) -> CheckVerdict {
        guard let line = answers.now.onlyLine else { return answers.unclear }
        return CheckVerdict(line == "NTPSynchronized=yes", line)
    }
}
