// SPDX-License-Identifier: MIT
package import MachaModel

/// A change of the fleet's configuration that a person may make: why, and where they are known the lines themselves.
///
/// It ends in a file for that person. Nothing in Macha applies it.
package struct ConfigurationChange: Hashable, Sendable {
    package enum Lines: Hashable, Sendable {
        /// Words alone.
        case none
        /// Options, as they stand in a module of NixOS.
        case options(NoteText)
        /// Lines of a file of the fleet's repository, and what should stand there.
        case replacement(of: NoteText, by: NoteText, in: RepositoryPath)
    }

    /// For a person to read.
    package let why: NoteText
    package let lines: Lines

    package init(_ why: NoteText, _ lines: Lines = .none) {
        self.why = why
        self.lines = lines
    }

    /// Whether `value` can stand anywhere in a line of Nix, also within quotes, without changing what the rest means.
    static func isPlain(_ value: String) -> Bool {
        !value.isEmpty
            && value.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
                default: Self.marks.contains(byte)
                }
            }
    }

    private static let marks = Array("/._:@%+,=-".utf8)
}

/// A file of a repository, from its root: `hosts/web1/configuration.nix`.
package struct RepositoryPath: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ text: String) throws(ValueValidationError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let isClean = parts.allSatisfy { part in
            ConfigurationChange.isPlain(String(part)) && ![".", ".."].contains(part) && part.first != "-"
        }
        guard isClean, text.utf8.count <= 300 else {
            throw ValueValidationError(
                "\(text.quoted) is not a path in a repository, such as hosts/web1/configuration.nix")
        }
        description = text
    }
}
