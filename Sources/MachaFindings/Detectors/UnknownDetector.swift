// SPDX-License-Identifier: MIT
import MachaInventory
import MachaModel
package import MachaProbes

/// Every probe without a value, and what a probe could not understand among things that it did. What we do not see is
/// said, with the way to see it.
///
/// - `probe-unknown`: the probe has no value at all.
/// - `item-unknown`: one disk, pool, engine or line of many. Information where a right or a program is missing or the
///   program cannot speak to it; otherwise a warning.
enum UnknownDetector: Detector {
    static func findings(in snapshot: Snapshot, _ thresholds: Thresholds) -> [Finding] {
        whole(snapshot) + snapshot.unreadItems.map { items($0.probe, $0.items, snapshot.host) }
    }

    private static func items(_ probe: String, _ items: [UnreadItem], _ host: String) -> Finding {
        let names = items.prefix(3).map { $0.name.printable(limit: 60) }.joined(separator: ", ")
        let more = items.count > 3 ? " and \(items.count - 3) more" : ""
        let reasons = Set(items.map(\.failure.reason))
        let help = help(probe, items[0].failure, on: host)
        return Finding(
            .itemUnknown, host: host, subject: probe,
            items.map { severity(of: $0.failure.reason) }.max() ?? .info,
            "Could not check \(names)\(more) (\(probe)): "
                + (reasons.count == 1 ? reason(items[0].failure) : "for several reasons") + ".",
            evidence: items.prefix(8).map { item in
                let detail = item.failure.detail.raw
                return detail.hasPrefix(item.name)
                    ? detail : "\(item.name): \(detail.isEmpty ? reason(item.failure) : detail)"
            }, remedy: help.advice, commands: help.commands)
    }

    private static func severity(of reason: ProbeFailure.Reason) -> Severity {
        switch reason {
        case .permission, .unsupported, .toolMissing: .info
        case .notCollected, .timedOut, .failed, .unparsable, .tooLarge, .missing: .warning
        }
    }

    private static func whole(_ snapshot: Snapshot) -> [Finding] {
        snapshot.failures.map { probe, failure in
            let help = help(probe, failure, on: snapshot.host)
            return Finding(
                .probeUnknown, host: snapshot.host, subject: probe, severity(of: probe, failure.reason),
                "Could not check \(subjects[probe] ?? probe): \(reason(failure)).",
                telling: silence(probe, failure).map { [.silence(failure.detail, $0)] } ?? [], remedy: help.advice,
                commands: help.commands)
        }
    }

    /// A program that is not installed is usually somebody's choice, except for what a verdict rests on.
    private static func severity(of probe: String, _ reason: ProbeFailure.Reason) -> Severity {
        switch reason {
        case .toolMissing: HostState.essentials.contains { $0.name == probe } ? .warning : .info
        // So is a right for what only root may see; the remedy names the line that gives it.
        case .permission: needsRoot.contains(probe) ? .info : .warning
        case .unsupported: .info
        case .timedOut, .failed, .unparsable, .tooLarge, .missing, .notCollected: .warning
        }
    }

    // The units of containers anybody may see, their engines only root.
    private static let needsRoot = Set(
        ProbeCatalog.all.filter { $0.rights == .root }.map { $0.name } + [ContainersProbe.name])
    private static let needsJournal = Set(ProbeCatalog.all.filter { $0.rights == .journal }.map { $0.name })

    private static let subjects = [
        "units": "the units", "disks": "the file systems", "memory": "the memory", "journal": "the journal",
        "load": "the load", "cpu": "the processor use", "pressure": "the pressure on processors, memory and disks",
        "boot": "the uptime", "nixos": "the NixOS generations", "network": "the network", "time": "the clock",
        "system": "the system's name and version", "timers": "the timers", "mounts": "the mounts",
        "networkd": "the network links", "names": "the name resolution", "targets": "the reachability of targets",
        "boots": "the end of the previous boot", "logins": "the failed logins", "coredumps": "the core dumps",
        "containers": "the containers", "tailscale": "Tailscale", "zfs": "the ZFS pools",
        "sensors": "the temperatures", "sessions": "the login sessions", "ports": "the open ports",
        "btrfs": "the btrfs error counters", "certificates": "the certificates",
        "smart": "the SMART state of its disks",
        "mdraid": "the RAID arrays", "blocks": "the block devices", "store": "the size of the Nix store",
        "vulnerabilities": "the vulnerabilities",
    ]

    private static let journalRemedy = "Add the account to the group systemd-journal."

    /// Whether a program complained that there is no systemd to speak to: sd-bus and `systemctl` in the words of systemd.
    private static func tellsOfNoSystemd(_ text: String) -> Bool {
        ["not been booted with systemd", "Failed to connect to bus", "Failed to connect to system scope bus"]
            .contains { text.contains($0) }
    }

    // A regex is not Sendable, and this one is never changed.
    nonisolated(unsafe) private static let notFound = /([^\s:]+): (?:command )?not found/

    /// Why `probe` has no value, as far as other probes may have none for the same reason; `nil` where nothing is known.
    private static func silence(_ probe: String, _ failure: ProbeFailure) -> ProbeSilence? {
        let words = failure.detail.raw
        if tellsOfNoSystemd(words) { return .noSystemd }
        if failure.reason == .permission, needsJournal.contains(probe) { return .noJournalRight }
        // One program that is not there leaves several questions open, each with other words around its name.
        if let missing = words.firstMatch(of: notFound)?.output.1 { return .lacks(program: String(missing)) }
        return words.isEmpty ? nil : .said(words)
    }

    private static func reason(_ failure: ProbeFailure) -> String {
        if tellsOfNoSystemd(failure.detail.raw) { return "systemd is not running on the host" }
        return switch failure.reason {
        case .notCollected: "the probe was not run"
        case .toolMissing: "the program for it is not installed on the host"
        case .permission: "the account is not permitted to"
        case .timedOut: "the command took too long"
        case .failed: "the command failed"
        case .unparsable: "the output was not understood"
        case .unsupported: "the program for it does not support it"
        case .tooLarge: "the output was too long"
        case .missing: "the output was incomplete"
        }
    }

    /// What helps against a probe's silence.
    static func help(_ probe: String, _ failure: ProbeFailure, on host: String) -> (advice: String, commands: [String])
    {
        if tellsOfNoSystemd(failure.detail.raw) {
            return ("On the host, check whether systemd is running.", ["systemctl is-system-running"])
        }
        let host = host.asArgument("HOST")
        return switch (probe, failure.reason) {
        case (_, .permission) where needsJournal.contains(probe): (journalRemedy, [])
        case (_, .permission) where needsRoot.contains(probe):
            ("Allow the account the exact sudo rules that docs/probes.md lists for this probe.", [])
        case (_, .permission): ("Give the account permission to read what the evidence names.", [])
        case (_, .toolMissing):
            ("Install the program that the evidence names, or ignore this if the host does not need the check.", [])
        case (_, .unsupported):
            ("Check what the evidence names, and ignore it if nothing more can be learned.", [])
        case (_, .timedOut): ("Find out why it hangs: a dead disk, a dead network mount, or a very busy host.", [])
        case (_, .missing), (_, .notCollected): ("Check the host again.", ["macha check \(host)"])
        case (_, .failed), (_, .unparsable), (_, .tooLarge):
            ("See what the probe prints.", ["macha probes script \(probe) | ssh \(host) sh"])
        }
    }
}

extension Snapshot {
    /// What helps against each probe's silence, by the probe's name.
    package var remedies: [String: (advice: String, commands: [String])] {
        Dictionary(
            failures.map { ($0.probe, UnknownDetector.help($0.probe, $0.failure, on: host)) },
            uniquingKeysWith: { first, _ in first })
    }
}
