// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel
import MachaProbes
import struct Foundation.Date

/// Floods of lines, bursts of errors, and errors of a kind this host has never shown.
///
/// A flood is a warning: a program that writes so much buries what others say, and pushes it out of the journal. It
/// needs no past, and its evidence is what the flood buries. False alarms thought of: a firewall that logs every packet
/// (raise `log-flood` for such a host), and a long time between two observations, of which an hour's share counts.
///
/// A burst is a warning: more errors within an hour than in any hour of four weeks, several times over. A new kind of error is
/// information; it is a warning when the kernel says it, when it is worse than an error, or when it is said again and
/// again. Both keep silent while a host is being learnt, since on the first days everything is new. At most five new
/// kinds are listed one by one: after an upgrade there may be many, and then their number is the news.
enum LogRule {
    private static let listed = 5
    private static let often = 10

    static func findings(_ present: Present) -> [Finding] {
        let flood = [flood(present)].compactMap { $0 }
        guard present.watched >= present.trend.learningSpan else { return flood }
        return flood + [burst(present)].compactMap { $0 } + newKinds(present)
    }

    private static func flood(_ present: Present) -> Finding? {
        let lines = MetricValues.lines(0...7, in: present.snapshot, after: present.history.marks)
        guard lines >= Double(present.trend.logFlood), let journal = present.snapshot[JournalProbe.self].value else {
            return nil
        }
        let loudest = journal.talkers.first
        let whose = loudest.map { talker in
            let share = Double(talker.count) / Double(max(1, journal.counts.reduce(0, +)))
            return ", \(Int((min(1, share) * 100).rounded(.down))) % of them by \(talker.unit.printable(limit: 100))"
        }
        let buried = journal.freshEntries.filter { $0.priority <= 3 }
        let unit = loudest.map { " -u \($0.unit.asArgument("UNIT"))" } ?? ""
        return Finding(
            .logFlood, host: present.host, .warning,
            "\(journal.isBounded ? "More than " : "")\(Int(lines)) lines were logged within an hour\(whose ?? "").",
            telling: journal.talkers.prefix(3).map { .seen(UntrustedText("\($0.unit): \($0.count) lines")) }
                + buried.prefix(5).map { $0.evidence(orSay: "(too long)") },
            remedy: "Show only the warnings and errors.", commands: ["journalctl\(unit) --since=-1h -p warning"])
    }

    private static func burst(_ present: Present) -> Finding? {
        let key = SeriesKey(.journalErrors)
        guard let count = present.values[key], count >= Double(present.trend.logBurst) else { return nil }
        // The count is that of the last hour, so a burst is in the hours after it, too.
        let past = (present.history.hourly[key] ?? []).filter { $0.start < present.now - 6 * 3600 }
        let most = past.map(\.max).max() ?? 0
        guard count >= present.trend.logBurstFactor * most, !past.isEmpty else { return nil }
        let entries = present.snapshot[JournalProbe.self].value?.entries.filter { $0.priority <= 3 } ?? []
        let groups = Dictionary(grouping: entries) { ErrorKind($0) }.sorted {
            ($1.value.count, $0.key.text) < ($0.value.count, $1.key.text)
        }
        return Finding(
            .logBurst, host: present.host, .warning,
            "At least \(Int(count)) errors were logged within an hour; no hour of the last four weeks had more than \(Int(most)).",
            telling: groups.prefix(3).map {
                .logged(UntrustedText("\($0.value.count) × \($0.key.text)"), by: $0.key.program)
            },
            remedy: "Read the errors of the last hour.", commands: ["journalctl -p err --since=-1h"])
    }

    private static func newKinds(_ present: Present) -> [Finding] {
        guard let journal = present.snapshot[JournalProbe.self].value else { return [] }
        let learnt = present.history.watchedSince?.addingTimeInterval(present.trend.learningSpan)
        let errors = journal.entries.filter { $0.priority <= 3 && !JournalLowering.lowers($0) }
        let groups = Dictionary(grouping: errors) { ErrorKind($0) }
        let fresh = groups.filter { kind, _ in
            guard let first = present.history.errorKinds[kind.id] else { return true }
            // Still shown after the observation that found it first, and never what was found while learning.
            let age = present.snapshot.takenAt.timeIntervalSince(first)
            return learnt.map { first > $0 } ?? false && age < present.trend.eventSpan
        }
        let ordered = fresh.sorted { rank($0) != rank($1) ? rank($0) > rank($1) : $0.key.text < $1.key.text }
        let findings = ordered.prefix(listed).map { finding($0.key, $0.value, present) }
        guard ordered.count > listed else { return findings }
        let rest = Finding(
            .newErrors, host: present.host, .info,
            "\(ordered.count - listed) more kinds of errors are new on this host.",
            telling: ordered.dropFirst(listed).prefix(5).map {
                .logged(UntrustedText($0.key.text), by: $0.key.program)
            },
            remedy: "Read the errors of the last hour.", commands: ["journalctl -p err --since=-1h"])
        return findings + [rest]
    }

    private static func rank(_ group: (key: ErrorKind, value: [JournalEntry])) -> (Int, Int) {
        (severity(group.value) == .warning ? 1 : 0, group.value.count)
    }

    private static func severity(_ entries: [JournalEntry]) -> Severity {
        let isWorse = entries.contains { $0.isKernel || $0.priority <= 2 }
        return isWorse || entries.count >= often ? .warning : .info
    }

    private static func finding(_ kind: ErrorKind, _ entries: [JournalEntry], _ present: Present) -> Finding {
        let entry = entries[0]
        let name = (entry.identifier ?? entry.unit ?? "unknown").printable(limit: 60)
        let times = entries.count == 1 ? "" : ", \(entries.count) times so far"
        return Finding(
            .newError, host: present.host, subject: kind.text, severity(entries),
            "\(name) logged a kind of error never seen on this host before\(times).",
            telling: entries.prefix(2).map { $0.evidence(orSay: "(too long)") },
            remedy: "Read the errors of the last hour.",
            commands: ["journalctl -p err --since=-1h -t \(name.asArgument("NAME"))"])
    }
}
