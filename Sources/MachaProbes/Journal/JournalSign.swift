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

    /// What a line tells of.
    package enum Kind: Hashable, Sendable, CaseIterable {
        case diskErrors, raidErrors, filesystemErrors, dataDamage, oomKill, oomLimit, allocationFailed, hardwareErrors,
            networkCardStuck, powerLost, networkTableFull, hungTask, kernelFault
    }

    var sender: Sender
    /// What it tells of.
    package var kind: Kind
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
        _ kind: Kind, _ severity: Severity, _ summary: String, _ texts: [[String]], _ source: String
    ) -> JournalSign {
        JournalSign(
            sender: .kernel, kind: kind, severity: severity, summary: summary, texts: texts, isQuiet: false,
            source: source)
    }

    static func quiet(
        _ sender: Sender, _ kind: Kind, _ severity: Severity, _ summary: String, _ texts: [[String]], _ source: String
    ) -> JournalSign {
        JournalSign(
            sender: sender, kind: kind, severity: severity, summary: summary, texts: texts, isQuiet: true,
            source: source)
    }
}

extension JournalSign.Kind {
    /// What a person can do about it.
    package var remedy: (advice: String, commands: [String]) {
        switch self {
        case .diskErrors:
            ("Run smartctl -a on the disk that the evidence names, and make sure that there is a backup.", [])
        case .raidErrors:
            (
                "See what is left of the array. Make sure that there is a backup, then replace the disk.",
                ["cat /proc/mdstat"]
            )
        case .filesystemErrors:
            ("Check the file system that the evidence names before anything more is written to it.", [])
        case .dataDamage:
            ("Stop what writes, keep a copy of the data as it is, and restore from a backup.", [])
        case .oomKill:
            ("Find what grew, then limit it (MemoryMax=) or add memory.", [])
        case .oomLimit:
            ("Find out whether the program leaks, or raise the limit of its unit or container (MemoryMax=).", [])
        case .allocationFailed:
            ("See how much memory is free, and in what pieces.", ["cat /proc/buddyinfo"])
        case .hardwareErrors:
            (
                "Find the module, card or slot that it names, and have it replaced when it happens again.",
                ["ras-mc-ctl --errors"]
            )
        case .networkCardStuck:
            ("Look for a newer driver or firmware of the card, and check its cable and slot.", ["ip -s link"])
        case .powerLost:
            ("See how long the battery lasts, and shut down in time what must not be cut off.", [])
        case .networkTableFull:
            ("Raise the limit that the evidence names, or find what opens so many connections.", ["sysctl -a"])
        case .hungTask:
            ("Look for disks or network file systems that do not respond.", [])
        case .kernelFault:
            (
                "Read the whole report, reboot at a convenient time, and look for a kernel update.",
                ["journalctl -k --since=-1h"]
            )
        }
    }
}

/// All tables.
package enum JournalSigns {
    /// The first that fits a line decides.
    package static let all = storage + raid + fileSystems + memory + machine + network + programs + power

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
