// SPDX-License-Identifier: MIT

/// What the journal says that nobody should miss: critical messages, and a few of the kernel's own that always matter.
/// Single warnings and errors are no findings; every host has them.
enum JournalDetector: Detector {
    private static let evidenceLimit = 5

    static func findings(in snapshot: Snapshot, _ thresholds: Thresholds) -> [Finding] {
        guard let journal = snapshot[JournalProbe.self].value else { return [] }
        var rest = journal.entries
        var found: [Finding] = []
        for sign in signs {
            let entries = rest.filter { $0.isKernel && sign.matches($0) }
            guard !entries.isEmpty else { continue }
            rest.removeAll { $0.isKernel && sign.matches($0) }
            found.append(
                Finding(
                    sign.kind, host: snapshot.host, sign.severity, sign.summary, evidence: evidence(entries),
                    remedy: sign.remedy))
        }
        return found + critical(rest.filter { $0.priority <= 2 }, snapshot.host)
    }

    private static func critical(_ entries: [JournalEntry], _ host: String) -> [Finding] {
        let groups = Dictionary(grouping: entries) { $0.unit ?? $0.identifier ?? "unknown" }
        let ordered = groups.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
        return ordered.map { subject, entries in
            let worst = entries.map(\.priority).min() ?? 2
            let name = ["emergency", "alert", "critical"][min(max(worst, 0), 2)]
            let times = entries.count == 1 ? "one \(name) message" : "\(entries.count) messages up to \(name)"
            return Finding(
                "journal-critical", host: host, subject: subject, worst < 2 ? .critical : .warning,
                "\(subject.printable(limit: 100)) logged \(times) in the last hour.", evidence: evidence(entries),
                remedy: "journalctl -p crit --since=-1h")
        }
    }

    private static func evidence(_ entries: [JournalEntry]) -> [String] {
        entries.prefix(evidenceLimit).map { entry in
            "\(entry.identifier ?? entry.unit ?? "unknown"): \(entry.message?.raw ?? "(message too long to be shown)")"
        }
    }

    /// What the kernel prints at priority warning or worse when something has gone for good.
    private struct Sign {
        var kind: String
        var severity: Severity
        var texts: [String]
        var summary: String
        var remedy: String

        func matches(_ entry: JournalEntry) -> Bool {
            guard let message = entry.message?.raw else { return false }
            return texts.contains { message.contains($0) }
        }
    }

    // Sources: mm/oom_kill.c, block/blk-core.c, fs/ext4/super.c, fs/btrfs/bio.c, fs/xfs, kernel/hung_task.c.
    private static let signs = [
        Sign(
            kind: "oom-kill", severity: .critical,
            texts: ["Out of memory: Killed process", "Memory cgroup out of memory: Killed process"],
            summary: "Memory ran out in the last hour and the kernel killed a program.",
            remedy: "find what grew, then limit it (MemoryMax=) or add memory"),
        Sign(
            kind: "disk-errors", severity: .critical,
            texts: ["I/O error, dev ", "Buffer I/O error on dev", "critical medium error"],
            summary: "A disk reported errors in the last hour.",
            remedy: "smartctl -a on the disk the evidence names, and make sure that there is a backup"),
        Sign(
            kind: "filesystem-errors", severity: .critical,
            texts: ["EXT4-fs error", "BTRFS error", "BTRFS critical", "Corruption of in-memory data"],
            summary: "A file system reported errors in the last hour.",
            remedy: "check the file system the evidence names before it is written to further"),
        Sign(
            kind: "hung-task", severity: .warning, texts: ["blocked for more than"],
            summary: "A program has been stuck in the kernel for minutes.",
            remedy: "look for disks or network file systems that do not answer"),
    ]
}
