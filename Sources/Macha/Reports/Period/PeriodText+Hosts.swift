// SPDX-License-Identifier: MIT
import MachaModel
import MachaStore
import struct Foundation.Date

/// What changed on hosts, what will be, and what Macha itself used.
extension PeriodText {
    var changes: Section {
        Section(
            "Changes on hosts",
            report.changes.map { Entry(.plain, label: "", "\($0.host) \(words($0))", detail: "") }, command: "")
    }

    private func words(_ change: PeriodReport.HostChange) -> String {
        let (from, to) = (change.from ?? "unknown", change.to ?? "unknown")
        return switch change.what {
        case .state: "is \(to), and was \(from)"
        case .rebooted: "booted \(change.at.map { clock.words($0) } ?? "in this time")"
        case .generation: "went from generation \(from) to \(to)"
        case .revision: "went from revision \(from.prefix(12)) to \(to.prefix(12))"
        case .kernel: "went from kernel \(from) to \(to)"
        case .added: "is new in the inventory"
        case .removed: "is no longer in the inventory"
        }
    }

    var capacity: Section {
        Section(
            "Disks",
            report.capacity.map { disk in
                let share = "\(Int((disk.used * 100).rounded(.down))) %"
                let full = disk.untilFull.map {
                    "full in about \(DurationText.roughWords($0)), \(clock.day(report.until.addingTimeInterval($0)))"
                }
                let isSoon = disk.untilFull.map { $0 < 7 * 86_400 } ?? false
                return Entry(
                    isSoon || disk.used >= 0.97 ? .critical : .warning, label: share,
                    "\(disk.host) \(disk.mount), \(ByteText.words(Double(disk.available))) left",
                    detail: full ?? "not growing, or too little is known")
            }, command: "")
    }

    var certificates: Section {
        Section(
            "Certificates",
            report.certificates.map { certificate in
                let isOver = certificate.expiresAt <= report.until
                return Entry(
                    isOver ? .critical : .warning, label: isOver ? "expired" : "expires",
                    Self.place(certificate.host, certificate.name),
                    detail: isOver
                        ? "since \(clock.words(certificate.expiresAt))"
                        : "in \(span(report.until, certificate.expiresAt)), \(clock.words(certificate.expiresAt))")
            }, command: "")
    }

    var logPatterns: Section {
        Section(
            "New in the logs",
            report.logPatterns.map { pattern in
                Entry(.plain, label: "", Self.place(pattern.host, pattern.summary), detail: pattern.line)
            }, command: "")
    }

    var models: Section {
        let (use, cost) = (report.models, report.models.cost)
        guard use.analyses + use.failed > 0 else { return Section("Models", [], command: "") }
        let many = use.isAtLeast ? "At least " : ""
        var words = "\(many)\(use.analyses + use.failed == 1 ? "1 analysis" : "\(use.analyses + use.failed) analyses")"
        if let budget = report.analysesPerDay { words += " (at most \(budget) a day)" }
        words +=
            ", \(Self.count(cost.calls, "call")), \(cost.promptTokens) tokens read and \(cost.answerTokens) written"
        if let seconds = cost.seconds { words += " in \(DurationText.words(seconds))" }
        if use.failed > 0 { words += "; \(use.failed) without a usable answer" }
        return Section("Models", [Entry(.plain, label: "", words, detail: "")], command: "")
    }

    var notices: Section {
        let held = Self.heldReasons.compactMap { reason, words in
            report.notices.held[reason.rawValue].map { "\($0) \(words)" }
        }
        guard report.notices.sent > 0 || !held.isEmpty else { return Section("Notices", [], command: "") }
        let sent = report.notices.sent == 0 ? "None was sent" : "\(Self.count(report.notices.sent, "notice")) sent"
        let words = held.isEmpty ? sent : "\(sent); not told: \(Self.list(held))"
        return Section("Notices", [Entry(.plain, label: "", words, detail: "")], command: "")
    }

    /// What no route takes, and ends that nobody has to be told, are no news.
    private static let heldReasons: [(HeldNotice.Reason, String)] = [
        (.rateLimit, "by the rate limit"), (.quietHours, "in quiet hours"), (.flapping, "that come and go"),
        (.inhibited, "explained by others"), (.muted, "that somebody knows of"),
    ]
}
