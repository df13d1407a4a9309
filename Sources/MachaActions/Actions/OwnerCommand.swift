// SPDX-License-Identifier: MIT
package import MachaModel

/// A program and its arguments, written by the fleet's owner.
package struct OwnerCommand: Hashable, Sendable {
    /// The program first. None is empty, none holds a NUL or a line break; the program does not begin with `-`.
    package let words: [String]
    package let asRoot: Bool
    /// High, unless the playbook says otherwise and why.
    package let risk: Risk
    /// Why the risk is lower than high; empty when it is not.
    package let justification: String

    package init(_ words: [String], asRoot: Bool = false, risk: Risk = .high, because justification: String = "")
        throws(ValueValidationError)
    {
        guard let program = words.first, !program.isEmpty, program.first != "-" else {
            throw ValueValidationError("a command begins with a program, which is not empty and no option")
        }
        guard words.count <= 100, words.allSatisfy({ $0.utf8.count <= 4096 }) else {
            throw ValueValidationError("the command \(program.quoted) has more than 100 words, or one over 4096 bytes")
        }
        guard words.allSatisfy({ word in word.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control } })
        else { throw ValueValidationError("the command \(program.quoted) holds a control character") }
        guard risk == .high || !justification.isEmpty else {
            throw ValueValidationError("a command's risk is high unless 'because' says why \(program.quoted) is not")
        }
        self.words = words
        self.asRoot = asRoot
        self.risk = risk
        self.justification = risk == .high ? "" : justification
    }
}
