// SPDX-License-Identifier: MIT
import MachaModel

extension Check.Kind {
    package static let generationExists = Self(GenerationExists.self)
}

extension Check {
    package static func generationExists(_ number: GenerationNumber) -> Check {
        Check(GenerationExists(number: number))
    }
}

/// The host still has this generation of its system.
private struct GenerationExists: CheckDefinition {
    static let name = "generation-exists"
    static let parameters = [Parameter.generation.required]
    static let needsOneAnswer = true

    let number: GenerationNumber

    init(number: GenerationNumber) { self.number = number }

    init?(_ reader: inout ParameterReader) {
        guard let number = reader.required(Parameter.generation) else { return nil }
        self.number = number
    }

    var values: [String: ActionValue] { ["generation": .text(number.description)] }
    var sentence: String { "generation \(number) exists" }
    var command: Command? { Command("readlink", ["-e", SystemProfile.link(number)], outputLimit: 4 << 10) }

    func judge(_ answers: CheckAnswers) -> CheckVerdict {
        switch answers.now.outcome {
        case .status(0) where !answers.now.isCut: .holds("generation \(number) is there")
        case .status(1): .fails("there is no generation \(number)")
        case .status, .signal, .unknown: answers.unclear
        }
    }
}
