// SPDX-License-Identifier: MIT
package import MachaModel

/// Words for a person: one to 16,000 bytes without control characters other than line breaks and tabs.
package struct NoteText: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// Stands for any text.
    static let unspoken = NoteText()

    private init() { description = "…" }

    package init(_ text: String) throws(ValueValidationError) {
        guard (1...16_000).contains(text.utf8.count) else {
            throw ValueValidationError("a text for a person has 1 to 16000 bytes, not \(text.utf8.count)")
        }
        guard
            text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control || $0 == "\n" || $0 == "\t" })
        else { throw ValueValidationError("the text \(text.quoted) holds a control character") }
        description = text
    }
}
