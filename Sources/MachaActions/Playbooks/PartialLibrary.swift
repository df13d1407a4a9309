// SPDX-License-Identifier: MIT
package import MachaInventory
import MachaModel

/// The playbooks that could be read, and what the mistakes in the others take away.
///
/// A bad file takes its own playbook away and no neighbour. The playbook that it replaces or stands in for is withheld
/// too: what the fleet's owner meant to change must not run as it was before.
package struct PartialLibrary: Sendable {
    /// Without what is withheld.
    package let library: PlaybookLibrary
    package let losses: [Loss]

    /// What the mistakes of one file take away.
    package struct Loss: Hashable, Sendable {
        /// Sorted by place; never empty.
        package var mistakes: [Mistake]
        /// The playbooks withheld for it; `nil` when it cannot be told which it changes, so that all are.
        package var withheld: [String]?
    }

    /// Of `folders`, later ones replace playbooks of earlier ones. `unread` are places that could not be read at all.
    package init(folders: [[(file: String, text: String)]], unread: [Mistake]) {
        var reader = PlaybookReader()
        var bad: [(text: String, mistakes: [Mistake])] = unread.map { ("", [$0]) }
        var byID: [String: Playbook] = [:]
        for sources in folders {
            var own: [String: Playbook] = [:]
            for source in sources {
                let before = reader.mistakes.count
                if let playbook = reader.read(source.text, file: source.file) {
                    if let earlier = own[playbook.id] {
                        let message =
                            "playbook \(playbook.id.quoted) is given twice; the first is in \(earlier.position)"
                        reader.mistakes.append(Mistake(message, at: playbook.position))
                    } else {
                        own[playbook.id] = playbook
                    }
                }
                let mistakes = Array(reader.mistakes[before...])
                if !mistakes.isEmpty { bad.append((source.text, mistakes)) }
            }
            byID.merge(own) { _, later in later }
        }
        var losses = bad.map { Loss(mistakes: $0.mistakes, withheld: Self.named(in: $0.text, of: byID.keys)) }
        // A playbook that could not be read may be the one that another names.
        if losses.isEmpty { losses = Self.strangers(in: byID) }
        library = PlaybookLibrary(playbooks: Self.rest(of: byID, without: losses))
        self.losses = losses.map { loss in
            Loss(mistakes: PlaybookError(loss.mistakes).mistakes, withheld: loss.withheld)
        }
    }

    /// The library, if nothing is wrong with it.
    package func whole() throws(PlaybookError) -> PlaybookLibrary {
        guard losses.isEmpty else { throw PlaybookError(losses.flatMap(\.mistakes)) }
        return library
    }

    private static func rest(of playbooks: [String: Playbook], without losses: [Loss]) -> [Playbook] {
        var withheld: Set<String> = []
        for loss in losses {
            guard let ids = loss.withheld else { return [] }
            withheld.formUnion(ids)
        }
        return playbooks.values.filter { !withheld.contains($0.id) }.sorted { $0.id < $1.id }
    }

    /// Its own id and every known one that the text of a bad file mentions; `nil` where no id is given.
    ///
    /// More than it replaces, perhaps, and never less: what a file with a mistake means cannot be known better.
    private static func named(in text: String, of known: some Sequence<String>) -> [String]? {
        guard let match = text.firstMatch(of: /(?:^|[\s{,"'])id["']?\s*:\s*["']?([a-z][a-z0-9-]*)/) else { return nil }
        let words = text.split { !($0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-")) }.map(String.init)
        return Set(words).intersection(known).union([String(match.1)]).sorted()
    }

    /// Every `instead-of` that names no playbook.
    private static func strangers(in playbooks: [String: Playbook]) -> [Loss] {
        playbooks.values.sorted { $0.id < $1.id }.compactMap { playbook in
            let strangers = playbook.insteadOf.filter { playbooks[$0] == nil || $0 == playbook.id }
            guard !strangers.isEmpty else { return nil }
            let others = playbooks.keys.filter { $0 != playbook.id }.sorted()
            // The one it meant may be the nearest: that one is withheld as well.
            let meant = strangers.compactMap { $0.nearest(in: others) }
            return Loss(
                mistakes: strangers.map { name in
                    Mistake(
                        "'instead-of' names \(name.quoted), which is not another playbook", at: playbook.position,
                        suggestion: name.nearest(in: others))
                }, withheld: Set([playbook.id] + playbook.insteadOf + meant).intersection(playbooks.keys).sorted())
        }
    }
}
