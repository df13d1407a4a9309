// SPDX-License-Identifier: MIT
import MachaCore

/// The instructions that models get, each in a file beside this one and compiled into the program.
enum PromptText {
    /// For the analysis of a host.
    static let analysis = text(PackageResources.analysis_md)
    /// For notes on one chunk of a digest.
    static let map = text(PackageResources.map_md)
    /// For fewer notes out of many.
    static let reduce = text(PackageResources.reduce_md)

    /// Changes with every change of a prompt or of the shape of an answer. It is part of each cache key and of the audit.
    static let version: String = {
        let shapes = [AnswerShape.analysis([], []), AnswerShape.notes].map(\.document.text)
        let all = ([analysis, map, reduce] + shapes).joined(separator: "\u{0}")
        return ContentHash(of: all.utf8).short
    }()

    private static func text(_ bytes: [UInt8]) -> String {
        var text = String(decoding: bytes, as: UTF8.self)
        while text.last?.isNewline == true { text.removeLast() }
        return text
    }
}
