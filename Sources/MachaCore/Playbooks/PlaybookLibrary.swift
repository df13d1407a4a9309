// SPDX-License-Identifier: MIT

/// All playbooks there are: the shipped ones, and those of the fleet's owner, which replace shipped ones of the same id.
package struct PlaybookLibrary: Sendable {
    /// Sorted by id; no two have the same.
    package let playbooks: [Playbook]

    /// Reads playbooks from their texts. Of `folders`, later ones replace playbooks of earlier ones.
    ///
    /// - Throws: all mistakes of all files at once.
    package static func parse(folders: [[(file: String, text: String)]]) throws(PlaybookError) -> PlaybookLibrary {
        try parse(folders: folders, unread: [])
    }

    static func parse(
        folders: [[(file: String, text: String)]], unread: [Mistake]
    ) throws(PlaybookError) -> PlaybookLibrary {
        var reader = PlaybookReader()
        reader.mistakes = unread
        var byID: [String: Playbook] = [:]
        for sources in folders {
            var own: [String: Playbook] = [:]
            for source in sources {
                guard let playbook = reader.read(source.text, file: source.file) else { continue }
                if let earlier = own[playbook.id] {
                    let message = "playbook \(playbook.id.quoted) is given twice; the first is in \(earlier.position)"
                    reader.mistakes.append(Mistake(message, at: playbook.position))
                } else {
                    own[playbook.id] = playbook
                }
            }
            byID.merge(own) { _, later in later }
        }
        // A playbook that could not be read may be the one that another names.
        if reader.mistakes.isEmpty { reader.mistakes += strangers(in: byID) }
        guard reader.mistakes.isEmpty else { throw PlaybookError(reader.mistakes) }
        return PlaybookLibrary(playbooks: byID.values.sorted { $0.id < $1.id })
    }

    /// Every `instead-of` that names no playbook.
    private static func strangers(in playbooks: [String: Playbook]) -> [Mistake] {
        playbooks.values.flatMap { playbook in
            playbook.insteadOf.filter { playbooks[$0] == nil || $0 == playbook.id }.map { name in
                Mistake(
                    "'instead-of' names \(name.quoted), which is no other playbook", at: playbook.position,
                    suggestion: name.nearest(in: playbooks.keys.filter { $0 != playbook.id }.sorted()))
            }
        }
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
