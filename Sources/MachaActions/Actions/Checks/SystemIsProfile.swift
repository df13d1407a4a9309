// SPDX-License-Identifier: MIT
import MachaModel

extension Check.Kind {
    package static let systemIsProfile = Self(SystemIsProfile.self)
}

extension Check {
    package static let systemIsProfile = Check(SystemIsProfile())
}

/// The running system is the one the profile names.
private struct SystemIsProfile: CheckDefinition {
    static let name = "system-is-profile"
    static let parameters: [ParameterSpec] = []
    static let needsOneAnswer = true

    init() {}
    init?(_ reader: inout ParameterReader) {}

    var values: [String: ActionValue] { [:] }
    var sentence: String { "the running system is the profile's" }
    var command: Command? {
        Command("readlink", ["-f", "/run/current-system", SystemProfile.path], outputLimit: 4 << 10)
    }

    func judge(_ answers: CheckAnswers) -> CheckVerdict {
        guard let lines = answers.now.wholeLines, lines.count == 2 else { return answers.unclear }
        return CheckVerdict(lines[0] == lines[1], "\(lines[0]) runs, the profile names \(lines[1])")
    }
}
