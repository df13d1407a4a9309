// SPDX-License-Identifier: MIT
package import struct Foundation.Date

/// Something that is so now and that somebody may have to be told of: an open problem, an approval that waits, a fault of
/// Macha itself.
package struct Alert: Hashable, Sendable, Identifiable {
    package enum Source: Hashable, Sendable {
        case problem, approval
        /// Macha's own; never muted.
        case fault
        /// What many hosts have in common; it stands for each of them.
        case fleet
        /// Maintenance that may have been left on.
        case maintenance
    }

    /// Why people are not told.
    package struct Muting: Hashable, Sendable {
        package enum Kind: String, Hashable, Codable, Sendable {
            /// Somebody knows. It comes back when the time is over.
            case acknowledged, silenced
            /// It ends without a word when nothing changed.
            case maintenance
        }

        package var kind: Kind
        /// By whom, until when, why; safe to print.
        package var words: String

        package init(_ kind: Kind, _ words: String) {
            self.kind = kind
            self.words = words
        }
    }

    /// The same as long as it is the same thing: a problem's fingerprint, `approval-3`.
    package var id: String
    package var source: Source
    /// A kind of finding, `approval-waiting`, or `macha-…`.
    package var kind: String
    package var host: String?
    package var subject: String?
    package var severity: Severity
    /// Rises when it has to be told again though its severity did not: an approval that is forgotten, then one that is
    /// about to expire.
    package var revision: Int
    package var since: Date
    /// One line for people, safe to print, without secrets.
    package var summary: String
    /// What a host said, a few lines, likewise.
    package var evidence: [String]
    /// What to do next: a sentence or a command.
    package var advice: String
    package var muted: Muting?
    /// Why it is not told yet: it comes and goes.
    package var settling: String?
    /// Receivers that cannot be told of it, because it is about them.
    package var besides: Set<String>
    /// The hosts that an alert of the fleet stands for.
    package var hosts: [String]

    package init(
        id: String, source: Source, kind: String, host: String?, subject: String?, severity: Severity, revision: Int,
        since: Date, summary: String, evidence: [String], advice: String, muted: Muting?, settling: String?,
        besides: Set<String>, hosts: [String]
    ) {
        self.id = id
        self.source = source
        self.kind = kind
        self.host = host
        self.subject = subject
        self.severity = severity
        self.revision = revision
        self.since = since
        self.summary = summary
        self.evidence = evidence
        self.advice = advice
        self.muted = muted
        self.settling = settling
        self.besides = besides
        self.hosts = hosts
    }
}

extension Alert {
    /// What a person was told, to tell its end later.
    package var told: ToldAlert.What {
        ToldAlert.What(
            id: id, host: host, kind: kind, severity: severity, revision: revision, since: since, summary: summary)
    }

    /// Whether it waits for a person's word: its reminders are its own, and its end is told to nobody, for who gave the word
    /// knows.
    package var waitsForWord: Bool { source == .approval || source == .maintenance }
}
