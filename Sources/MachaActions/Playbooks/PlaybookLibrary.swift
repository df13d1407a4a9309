// SPDX-License-Identifier: MIT
package import MachaInventory

/// All playbooks there are: the shipped ones, and those of the fleet's owner, which replace shipped ones of the same id.
package struct PlaybookLibrary: Sendable {
    /// Sorted by id; no two have the same.
    package let playbooks: [Playbook]

    package init(playbooks: [Playbook]) { self.playbooks = playbooks }

    /// Reads playbooks from their texts. Of `folders`, later ones replace playbooks of earlier ones.
    ///
    /// - Throws: all mistakes of all files at once.
    package static func parse(folders: [[(file: String, text: String)]]) throws(PlaybookError) -> PlaybookLibrary {
        try PartialLibrary(folders: folders, unread: []).whole()
    }

    /// The playbook of this id.
    package subscript(_ id: String) -> Playbook? { playbooks.first { $0.id == id } }
}

/// Everything that is wrong with a library, in one go.
package struct PlaybookError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Sorted by place; never empty, no two the same.
    package let mistakes: [Mistake]

    package init(_ mistakes: [Mistake]) {
        self.mistakes = Set(mistakes).sorted { ($0.position, $0.message) < ($1.position, $1.message) }
    }

    /// One line a mistake, safe to print.
    package var description: String { mistakes.map(\.description).joined(separator: "\n") }
}
