// SPDX-License-Identifier: MIT
import MachaModel
import struct Foundation.Date
import struct Foundation.TimeZone

/// The words of one notice. Pure.
struct NoticeText {
    private let news: News
    private let held: (since: Date, count: Int)?
    private let link: String?
    private let now: Date
    private let clock: LocalTime

    init(_ news: News, held: (since: Date, count: Int)?, link: String?, at now: Date, zone: TimeZone) {
        self.news = news
        self.held = held
        self.link = link
        self.now = now
        clock = LocalTime(zone)
    }

    var message: NoticeMessage {
        NoticeMessage(
            id: id, title: title, lines: lines, priority: priority, tags: tags, click: link, at: now)
    }

    /// The same for the same news at the same time, whoever writes it again.
    private var id: String {
        let parts =
            [news.receiver, news.group?.key ?? "", news.occasion.rawValue, "\(Int(now.timeIntervalSince1970 * 1_000))"]
            + (news.fresh + news.known).map { "\($0.id) \($0.severity.rawValue) \($0.revision)" } + news.ended.map(\.id)
        return String(ContentHash(of: parts.joined(separator: "\u{0}").utf8).description.prefix(32))
    }

    private var priority: NoticeMessage.Priority {
        switch news.occasion {
        case .new, .worse, .reminder, .repeat, .message, .report:
            NoticeMessage.Priority((news.fresh.isEmpty ? news.known : news.fresh).map(\.severity).max() ?? .info)
        case .morning: news.fresh.contains { $0.severity == .critical } ? .high : .normal
        case .resolved: .low
        }
    }

    private var tags: [String] {
        let severity = news.occasion == .resolved ? [] : [news.severity.rawValue]
        return [news.occasion.rawValue] + severity
    }

    // MARK: Title

    private var title: String {
        switch news.occasion {
        // Messages by hand and reports have words of their own, and are not made here.
        case .new, .message, .report: single(news.fresh, mark: "") ?? count(news.fresh, "new")
        case .worse: single(news.fresh, mark: "worse: ") ?? count(news.fresh, "worse")
        case .reminder: single(news.fresh, mark: "reminder: ") ?? count(news.fresh, "reminders")
        case .repeat: single(news.known, mark: "still: ") ?? count(news.known, "still open")
        case .resolved:
            news.ended.count == 1
                ? "resolved: \(Self.line(news.ended[0]))"
                : "\(news.ended.count) resolved\(news.known.isEmpty ? "" : ", \(news.known.count) still open")\(place)"
        case .morning:
            "Good morning: \(news.fresh.count) new, \(news.known.count) still open, "
                + "\(news.ended.count + news.gone.count) over"
        }
    }

    private var place: String { (news.group?.title).map { $0.isEmpty ? "" : " (\($0))" } ?? "" }

    private func single(_ alerts: [Alert], mark: String) -> String? {
        alerts.count == 1 ? mark + Self.line(alerts[0].told) : nil
    }

    private func count(_ alerts: [Alert], _ word: String) -> String {
        let critical = alerts.count { $0.severity == .critical }
        return "\(alerts.count) \(word)" + (critical > 0 ? ", \(critical) critical" : "") + place
    }

    private static func line(_ what: ToldAlert.What) -> String {
        guard let host = what.host, !what.summary.hasPrefix(host) else { return what.summary }
        return "\(host): \(what.summary)"
    }

    // MARK: Lines

    private var lines: [NoticeMessage.Line] {
        var lines = section("", news.fresh.flatMap { item($0) })
        let isRepeat = news.occasion == .repeat || news.occasion == .morning
        lines += section(
            "Still open", isRepeat ? news.known.flatMap { item($0) } : news.known.map { .init(.item, short($0)) })
        lines += section("Resolved", news.ended.map { .init(.item, over($0)) })
        lines += section("Came and went", news.gone.map { .init(.item, over($0)) })
        if let held, held.count > 0 {
            let count = held.count == 1 ? "1 more is" : "\(held.count) more are"
            lines.append(
                .init(
                    .text,
                    "\(count) held back by the rate limit since \(clock.words(held.since)); see: macha notify log"))
        }
        return lines
    }

    private func section(_ heading: String, _ lines: [NoticeMessage.Line]) -> [NoticeMessage.Line] {
        lines.isEmpty || heading.isEmpty ? lines : [.init(.heading, heading)] + lines
    }

    private func item(_ alert: Alert) -> [NoticeMessage.Line] {
        [.init(.item, "\(short(alert)) (since \(clock.words(alert.since)))")]
            + alert.evidence.prefix(3).map { .init(.evidence, $0) }
            + (alert.advice.isEmpty ? [] : [.init(alert.waitsForWord ? .command : .text, alert.advice)])
    }

    private func short(_ alert: Alert) -> String { "\(alert.severity.rawValue): \(Self.line(alert.told))" }

    private func over(_ what: ToldAlert.What) -> String {
        "\(Self.line(what)) (since \(clock.words(what.since)))"
    }
}
