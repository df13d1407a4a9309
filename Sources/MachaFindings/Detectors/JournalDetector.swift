// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel
import MachaProbes

/// What must not be missed in the journal: lines whose text means trouble whatever their priority
/// (``JournalSigns``), and critical messages of anybody. Single warnings and errors are no findings; every host has them.
///
/// False alarms thought about: what ``JournalLowering`` lists; a disk that somebody pulled (information); a network file
/// system that answers again; a program at the memory limit of its own unit, which is not the host out of memory.
enum JournalDetector: Detector {
    private static let evidenceLimit = 5

    static func findings(in snapshot: Snapshot, _ thresholds: Thresholds) -> [Finding] {
        guard let journal = snapshot[JournalProbe.self].value else { return [] }
        let removed = RemovedDisks(journal.entries)
        let entries = journal.entries.filter { !JournalLowering.lowers($0) }
        var signs: [JournalSign.Kind: [(sign: JournalSign, entry: JournalEntry)]] = [:]
        var rest: [JournalEntry] = []
        for entry in entries {
            guard let sign = JournalSigns.all.first(where: { $0.matches(entry) }) else {
                rest.append(entry)
                continue
            }
            guard !isOver(sign, entry, entries) else { continue }
            signs[sign.kind, default: []].append((sign, entry))
        }
        let found = signs.sorted { FindingKind($0.key).rawValue < FindingKind($1.key).rawValue }.compactMap {
            kind, met in
            finding(kind, met, removed, snapshot.host)
        }
        return found + critical(rest.filter { $0.priority <= 2 && !removed.explains($0) }, snapshot.host)
    }

    /// One finding a kind: the worst of its signs speaks.
    private static func finding(
        _ kind: JournalSign.Kind, _ met: [(sign: JournalSign, entry: JournalEntry)], _ removed: RemovedDisks,
        _ host: String
    ) -> Finding? {
        let lasting = met.filter { !removed.explains($0.entry) }
        guard let worst = lasting.max(by: { $0.sign.severity < $1.sign.severity })?.sign else {
            return Finding(
                FindingKind(kind), host: host, .info, "A disk was pulled while it was in use, in the last hour.",
                telling: evidence(met.map(\.entry)), remedy: "Unmount a disk before it is removed.")
        }
        let entries =
            lasting.filter { $0.sign.severity == worst.severity } + lasting.filter { $0.sign.severity < worst.severity }
        return Finding(
            FindingKind(kind), host: host, worst.severity, worst.summary, telling: evidence(entries.map(\.entry)),
            remedy: kind.remedy.advice, commands: kind.remedy.commands)
    }

    /// A server that did not answer and then did: `nfs: server nas OK`; power that came back.
    private static func isOver(_ sign: JournalSign, _ entry: JournalEntry, _ entries: [JournalEntry]) -> Bool {
        let isEnded = JournalSigns.endings.contains { trouble, end in
            entry.says(trouble)
                && entries.contains { $0.unit == entry.unit && $0.time >= entry.time && $0.says(end) }
        }
        if isEnded { return true }
        guard sign.kind == .hungTask, let message = entry.message?.raw, message.hasPrefix("nfs: server "),
            let server = message.split(separator: " ").dropFirst(2).first
        else { return false }
        return entries.contains {
            $0.isKernel && $0.time >= entry.time && $0.message?.raw.hasPrefix("nfs: server \(server) OK") ?? false
        }
    }

    private static func critical(_ entries: [JournalEntry], _ host: String) -> [Finding] {
        let groups = Dictionary(grouping: entries) { $0.unit ?? $0.identifier ?? "unknown" }
        let ordered = groups.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
        return ordered.map { subject, entries in
            let worst = entries.map(\.priority).min() ?? 2
            let name = ["emergency", "alert", "critical"][min(max(worst, 0), 2)]
            let times = entries.count == 1 ? "one \(name) message" : "\(entries.count) messages up to \(name)"
            return Finding(
                .journalCritical, host: host, subject: subject, worst < 2 ? .critical : .warning,
                "\(subject.printable(limit: 100)) logged \(times) in the last hour.", telling: evidence(entries),
                remedy: "Read the messages.", commands: ["journalctl -p crit --since=-1h"])
        }
    }

    private static func evidence(_ entries: [JournalEntry]) -> [Evidence] {
        entries.prefix(evidenceLimit).map { $0.evidence(orSay: "(message too long to be shown)") }
    }
}

extension JournalEntry {
    /// What the entry says, by whom; `unshown` in place of a message that is too long to be kept.
    func evidence(orSay unshown: String) -> Evidence {
        let name = identifier ?? unit ?? "unknown"
        return .logged(UntrustedText("\(name): \(message?.raw ?? unshown)"), by: name)
    }
}
