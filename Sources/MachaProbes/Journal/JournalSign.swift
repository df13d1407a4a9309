// SPDX-License-Identifier: MIT
package import MachaModel

/// A line of the journal that tells of trouble by what it says, whatever priority its sender gave it.
///
/// The tables are in `JournalSigns+….swift`, each entry with the source that prints it; `docs/journal-signs.md` lists
/// them. What is logged below warning the probe asks for by these texts.
package struct JournalSign: Sendable {
    /// Who has to say it. What a program's unit is the manager knows, and nobody can forge that it was the kernel.
    enum Sender: Hashable, Sendable {
        case kernel
        /// Any of these; `postgresql@*` means every instance of a template.
        case units([String])

        static func unit(_ name: String) -> Sender { .units([name]) }

        func sent(_ entry: JournalEntry) -> Bool {
            switch self {
            case .kernel: entry.isKernel
            case .units(let names):
                !entry.isKernel
                    && names.contains { name in
                        name.hasSuffix("*") ? entry.unit?.hasPrefix(name.dropLast()) == true : entry.unit == name
                    }
            }
        }

        /// The matches that `journalctl` takes. It knows no patterns, but systemd puts a template's instances into one slice.
        var matches: [String] {
            switch self {
            case .kernel: ["_TRANSPORT=kernel"]
            case .units(let names):
                names.map { name in
                    name.hasSuffix("@*")
                        ? "_SYSTEMD_SLICE=system-\(name.dropLast(2)).slice" : "_SYSTEMD_UNIT=\(name)"
                }
            }
        }
    }

    var sender: Sender
    /// Of the finding that it becomes.
    package var kind: String
    /// Of that finding.
    package var severity: Severity
    /// One sentence.
    package var summary: String
    /// Any of these; of one, every part stands in the message.
    var texts: [[String]]
    /// Its sender logs it at notice or info.
    var isQuiet: Bool
    /// The file that prints it, or the page that documents it.
    var source: String

    /// Whether `entry` says so, and its sender is the one who has to.
    package func matches(_ entry: JournalEntry) -> Bool {
        sender.sent(entry) && entry.says(texts)
    }

    static func kernel(
        _ kind: String, _ severity: Severity, _ summary: String, _ texts: [[String]], _ source: String
    ) -> JournalSign {
        JournalSign(
            sender: .kernel, kind: kind, severity: severity, summary: summary, texts: texts, isQuiet: false,
            source: source)
    }

    static func quiet(
        _ sender: Sender, _ kind: String, _ severity: Severity, _ summary: String, _ texts: [[String]], _ source: String
    ) -> JournalSign {
        JournalSign(
            sender: sender, kind: kind, severity: severity, summary: summary, texts: texts, isQuiet: true,
            source: source)
    }
}

/// All tables.
package enum JournalSigns {
    /// The first that fits a line decides.
    package static let all = storage + raid + fileSystems + memory + machine + network + programs + power

    /// What they find.
    package static let kinds = Set(all.map(\.kind))

    /// What a person can do about each kind.
    package static let remedies: [String: (advice: String, commands: [String])] = [
        "disk-errors": (
            "Run smartctl -a on the disk that the evidence names, and make sure that there is a backup.", []
        ),
        "raid-errors": (
            "See what is left of the array. Make sure that there is a backup, then replace the disk.",
            ["cat /proc/mdstat"]
        ),
        "filesystem-errors": (
            "Check the file system that the evidence names before anything more is written to it.", []
        ),
        "data-damage": (
            "Stop what writes, keep a copy of the data as it is, and restore from a backup.", []
        ),
        "oom-kill": (
            "Find what grew, then limit it (MemoryMax=) or add memory.", []
        ),
        "oom-limit": (
            "Find out whether the program leaks, or raise the limit of its unit or container (MemoryMax=).", []
        ),
        "allocation-failed": (
            "See how much memory is free, and in what pieces.", ["cat /proc/buddyinfo"]
        ),
        "hardware-errors": (
            "Find the module, card or slot that it names, and have it replaced when it happens again.",
            ["ras-mc-ctl --errors"]
        ),
        "network-card-stuck": (
            "Look for a newer driver or firmware of the card, and check its cable and slot.", ["ip -s link"]
        ),
        "power-lost": (
            "See how long the battery lasts, and shut down in time what must not be cut off.", []
        ),
        "network-table-full": (
            "Raise the limit that the evidence names, or find what opens so many connections.", ["sysctl -a"]
        ),
        "hung-task": (
            "Look for disks or network file systems that do not respond.", []
        ),
        "kernel-fault": (
            "Read the whole report, reboot at a convenient time, and look for a kernel update.",
            ["journalctl -k --since=-1h"]
        ),
    ]

    /// What is no trouble, and tells how other lines are meant.
    private static let context = [RemovedDisks.text, ["nfs: server ", " OK"]] + endings.flatMap(\.end)

    /// Trouble of a unit that its later line calls over.
    package static let endings: [(trouble: [[String]], end: [[String]])] = [
        (trouble: onBattery + batteryIsLow, end: powerIsBack),
        (
            trouble: [["Communications with UPS", "lost"]],
            end: [["Communications with UPS", "established"], ["Communications with UPS", "restored"]]
        ),
    ]

    /// For the journal's probe: a condition of awk that holds for entries a quiet sign may mean, and whose.
    static let quietCondition = (all.filter(\.isQuiet).flatMap(\.texts) + context).map { parts in
        "(" + parts.map { text in "index($0, \"\(text)\")" }.joined(separator: " && ") + ")"
    }.joined(separator: " ||\n        ")

    /// As ``quietCondition``: the matches that `journalctl` takes.
    static let quietSenders =
        (JournalSign.Sender.kernel.matches
        + Set(all.filter { $0.isQuiet && $0.sender != .kernel }.flatMap(\.sender.matches)).sorted())
        .joined(separator: " + ")
}
