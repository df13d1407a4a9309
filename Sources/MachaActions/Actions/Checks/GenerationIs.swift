// SPDX-License-Identifier: MIT
import MachaModel

extension Check.Kind {
    package static let generationIs = Self(GenerationIs.self)
}

extension Check {
    package static func generationIs(_ number: GenerationNumber) -> Check { Check(GenerationIs(number: number)) }
}

/// The profile names this generation.
private struct GenerationIs: CheckDefinition {
    static let name = "generation-is"
    static let parameters = [Parameter.generation.required]
    static let needsOneAnswer = true

    let number: GenerationNumber

    init(number: GenerationNumber) { self.number = number }

    init?(_ reader: inout ParameterReader) {
        guard let number = reader.required(Parameter.generation) else { return nil }
        self.number = number
    }

    var values: [String: ActionValue] { ["generation": .text(number.description)] }
    var sentence: String { "the profile names generation \(number)" }
    var command: Command? { Command("readlink", [SystemProfile.path], outputLimit: 4 << 10) }

    func judge(_ answers: CheckAnswers) -> CheckVerdict {
        guard let link = answers.now.onlyLine else { return answers.unclear }
        return CheckVerdict(link == "system-\(number)-link", link)
    }
}
