// SPDX-License-Identifier: MIT
import MachaModel

/// Which hosts a person means: `web-*,@media,!nas`.
///
/// Terms are parted by commas; the hosts of all terms count, without those that a term with `!` names, wherever it
/// stands. Only exclusions mean all but those.
///
/// | term | means |
/// |---|---|
/// | `nas` | the host of this name |
/// | `web-*` | every host whose name fits (``Glob``) |
/// | `@media` | every host of the group |
/// | `tag:x` | every host with the tag |
/// | `all` | every host |
/// | `!term` | not these |
///
/// Groups and tags can be patterns too.
package struct HostSelector: Hashable, Sendable {
    private let terms: [Term]

    /// Every host.
    package static let all = HostSelector(terms: [Term(text: "all", isExclusion: false, subject: .all)])

    private init(terms: [Term]) { self.terms = terms }

    /// Reads a selector.
    ///
    /// - Throws: every term that is not one, in one go.
    package init(_ text: String) throws(SelectorError) {
        var terms: [Term] = []
        var mistakes: [String] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            do throws(SelectorError) {
                terms.append(try Term(String(part)))
            } catch {
                mistakes += error.mistakes
            }
        }
        guard mistakes.isEmpty else { throw SelectorError(mistakes) }
        self.terms = terms
    }

    /// The chosen hosts in the order of `hosts`, each once.
    ///
    /// - Throws: every name, group or tag that no host has, also behind `!`, and every pattern outside `!` that fits
    ///   none. When the terms leave no host at all, that is an error as well.
    package func select(from hosts: [FleetHost]) throws(SelectorError) -> [FleetHost] {
        let includesAll = terms.allSatisfy(\.isExclusion)
        var chosen = [Bool](repeating: includesAll, count: hosts.count)
        var excluded = [Bool](repeating: false, count: hosts.count)
        var mistakes: [String] = []
        for term in terms {
            let matches = hosts.indices.filter { term.matches(hosts[$0]) }
            if matches.isEmpty, let complaint = term.complaint(about: hosts) { mistakes.append(complaint) }
            for index in matches {
                if term.isExclusion { excluded[index] = true } else { chosen[index] = true }
            }
        }
        guard mistakes.isEmpty else { throw SelectorError(mistakes) }
        let selected = hosts.indices.filter { chosen[$0] && !excluded[$0] }.map { hosts[$0] }
        guard !selected.isEmpty else {
            throw SelectorError(["selector \(description.quoted) selects no host"])
        }
        return selected
    }

    /// Whether it chooses `host`. A term that fits no host at all is no mistake here: the fleet may have changed since.
    package func contains(_ host: FleetHost) -> Bool {
        let (excluding, including) = (terms.filter(\.isExclusion), terms.filter { !$0.isExclusion })
        return (including.isEmpty || including.contains { $0.matches(host) })
            && !excluding.contains { $0.matches(host) }
    }
}

extension HostSelector: CustomStringConvertible {
    /// In its shortest form; reading it gives the same selector.
    package var description: String { terms.map(\.description).joined(separator: ",") }
}

/// What is wrong with a selector: not one, or one that means nothing in this fleet.
package struct SelectorError: Error, Hashable, Sendable {
    /// One sentence each, in the order of the terms, safe to print; never empty.
    package let mistakes: [String]

    init(_ mistakes: [String]) { self.mistakes = mistakes }
}

extension SelectorError: CustomStringConvertible {
    /// One line a mistake.
    package var description: String { mistakes.joined(separator: "\n") }
}
