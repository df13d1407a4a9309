// SPDX-License-Identifier: MIT

/// What Macha makes of one directive of ssh_config(5). The table is in ``all``: the one place that decides it.
///
/// A directive that is missing there concerns us until somebody has thought about it: its presence in a file is a reason to
/// ask ssh, and a value of it that is not ssh's own default is reported.
package struct SSHDirective: Sendable {
    package enum Treatment: Sendable {
        /// Taken over from `ssh -G`.
        case honoured
        /// Takes effect inside ssh, before `ssh -G` prints the others.
        case appliedBySSH
        /// Makes no difference to what Macha does.
        case irrelevant
        /// Macha cannot keep it: a host for which it has a value that `isHarmless` does not accept is not connected to.
        case refused(remedy: String, isHarmless: @Sendable (String) -> Bool)
        /// Offers a way to log in that Macha does not use: it is said, and nothing else changes.
        case notUsed

        /// As the documentation calls it.
        package var word: String {
            switch self {
            case .honoured: "honoured"
            case .appliedBySSH: "applied by ssh"
            case .irrelevant: "irrelevant"
            case .refused: "refused"
            case .notUsed: "not used, and said"
            }
        }
    }

    /// As ssh_config(5) spells it.
    package let name: String
    package let treatment: Treatment
    /// What Macha does with it, or why it does not matter.
    package let reason: String

    /// As `ssh -G` spells it.
    package var keyword: String { name.lowercased() }

    /// Whether ssh must be asked about a host because a configuration file holds it. `Host` alone says nothing, and names are
    /// hidden only when one is written, which is asked for then.
    package var concernsUs: Bool {
        if case .irrelevant = treatment { return false }
        return name != "Host" && name != "HashKnownHosts"
    }

    init(_ name: String, _ treatment: Treatment, _ reason: String) {
        (self.name, self.treatment, self.reason) = (name, treatment, reason)
    }

    /// By keyword in lower case.
    package static let byKeyword: [String: SSHDirective] = Dictionary(
        all.map { ($0.keyword, $0) }, uniquingKeysWith: { first, _ in first })

    /// Why a host may not be connected to while `keyword` has this value; `nil` when it may.
    static func refusal(of keyword: String, _ value: String) -> SSHRefusal? {
        guard let directive = byKeyword[keyword], case .refused(let remedy, let isHarmless) = directive.treatment,
            !isHarmless(value)
        else { return nil }
        return SSHRefusal(directive: directive.name, value: value, reason: directive.reason, remedy: remedy)
    }
}

/// A directive of ssh's configuration that forbids what Macha would do.
struct SSHRefusal: Hashable, Sendable {
    var directive: String
    var value: String
    var reason: String
    var remedy: String
}
