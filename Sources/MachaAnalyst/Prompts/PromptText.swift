// SPDX-License-Identifier: MIT
import MachaActions
import MachaModel

/// The instructions that models get, each in a file beside this one and compiled into the program.
enum PromptText {
    /// For the analysis of a host. It is the same for every host, so that a server has to read it once.
    static let analysis = text(PackageResources.analysis_md) + "\n\nQuestions that may be put:\n" + questions

    private static let questions = Diagnosis.Kind.allCases.map { kind in
        "- \(kind.rawValue)" + (kind.takesUnit ? ", with a unit" : "")
    }.joined(separator: "\n")

    /// For notes on one chunk of a digest.
    static let map = text(PackageResources.map_md)
    /// For fewer notes out of many.
    static let reduce = text(PackageResources.reduce_md)

    /// Changes with every change of a prompt or of the shape of an answer. It is part of each cache key and of the audit.
    static let version: String = {
        let shapes = [AnswerShape.analysis(.init()), AnswerShape.notes([])].map(\.document.text)
        let all = ([analysis, map, reduce] + shapes).joined(separator: "\u{0}")
        return ContentHash(of: all.utf8).short
    }()

    private static func text(_ bytes: [UInt8]) -> String {
        var text = String(decoding: bytes, as: UTF8.self)
        while text.last?.isNewline == true { text.removeLast() }
        return text
    }
}
