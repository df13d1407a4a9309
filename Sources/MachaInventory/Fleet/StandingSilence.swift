// SPDX-License-Identifier: MIT
package import MachaModel

/// A silence that the inventory holds, for what is known for good.
package struct StandingSilence: Hashable, Sendable {
    package var selector: HostSelector
    /// A finding's kind; `nil` for all.
    package var kind: String?
    package var subject: SubjectGlob?
    package var reason: String
    /// Where it begins in the file.
    package var position: SourcePosition
    /// Where the kind stands, for whoever knows the kinds.
    package var kindPosition: SourcePosition?
}

/// A pattern over a finding's subject, such as `nginx*.service` or `/mnt/*`.
package struct SubjectGlob: Hashable, Sendable {
    /// As it was written.
    package let text: String
    private let glob: Glob

    /// Throws when a set in it is not closed.
    package init(_ text: String) throws(ValueValidationError) {
        guard !text.isEmpty, let glob = Glob(text) else {
            throw ValueValidationError("\(text.quoted) is no pattern; a set is written [a-z]")
        }
        guard text.utf8.count <= 400, text == text.printable(limit: 400) else {
            throw ValueValidationError("pattern \(text.quoted) is too long or holds control characters")
        }
        self.text = text
        self.glob = glob
    }

    package func matches(_ subject: String) -> Bool { glob.matches(subject) }
}
