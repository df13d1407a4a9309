// SPDX-License-Identifier: MIT
package import MachaInventory
package import MachaModel
package import struct Foundation.Date

/// No alarms about some problems of some hosts. What is observed and recorded stays the same.
package struct Silence: Hashable, Sendable {
    /// Where it was said.
    package enum Origin: Hashable, Sendable {
        /// On the command line; by its number.
        case command(Int64)
        /// In the inventory, for good.
        case inventory(SourcePosition)
    }

    package var origin: Origin
    package var selector: HostSelector
    /// A finding's kind; `nil` for all.
    package var kind: String?
    /// Fits the finding's subject; `nil` for all.
    package var subject: SubjectGlob?
    package var span: MutedSpan
    /// Login name; the inventory's place for what stands there.
    package var by: String
    package var reason: UntrustedText

    package init(
        _ origin: Origin, selector: HostSelector, kind: String?, subject: SubjectGlob?, span: MutedSpan, by: String,
        reason: UntrustedText
    ) {
        self.origin = origin
        self.selector = selector
        self.kind = kind
        self.subject = subject
        self.span = span
        self.by = by
        self.reason = reason
    }

    /// One that the inventory holds.
    package init(_ standing: StandingSilence) {
        self.init(
            .inventory(standing.position), selector: standing.selector, kind: standing.kind, subject: standing.subject,
            span: MutedSpan(from: .distantPast, until: nil), by: "\(standing.position)",
            reason: UntrustedText(standing.reason))
    }

    /// Whether it covers `finding` of `host` at `now`.
    package func covers(_ finding: Finding, of host: FleetHost, at now: Date) -> Bool {
        span.contains(now) && selector.contains(host) && (kind.map { $0 == finding.recordedKind.name } ?? true)
            && (subject.map { $0.matches(finding.subject?.raw ?? "") } ?? true)
    }
}
