// SPDX-License-Identifier: MIT

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
        return Finding(
            "item-unknown", host: host, subject: probe,
            items.map { severity(of: $0.failure.reason) }.max() ?? .info,
            "\(probe) says nothing of \(names)\(more): "
                + (reasons.count == 1 ? reason(items[0].failure) : "for several reasons") + ".",
            evidence: items.prefix(8).map { item in
                let detail = item.failure.detail.raw
                return detail.hasPrefix(item.name)
                    ? detail : "\(item.name): \(detail.isEmpty ? reason(item.failure) : detail)"
            }, remedy: remedy(probe, items[0].failure))
    }

    private static func severity(of reason: ProbeFailure.Reason) -> Severity {
        switch reason {
        case .permission, .unsupported, .toolMissing: .info
        case .notCollected, .timedOut, .failed, .unparsable, .tooLarge, .missing: .warning
        }
    }

    private static func whole(_ snapshot: Snapshot) -> [Finding] {
        snapshot.failures.map { probe, failure in
            Finding(
                "probe-unknown", host: snapshot.host, subject: probe, severity(of: probe, failure.reason),
                "It is not known how \(subjects[probe] ?? "\(probe) stands"): \(reason(failure)).",
                evidence: failure.detail.raw.isEmpty ? [] : [failure.detail.raw],
                remedy: remedy(probe, failure))
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
        "units": "its units stand", "disks": "full its disks are", "memory": "much memory is left",
        "journal": "its journal looks", "load": "busy it is", "cpu": "busy its processors are",
        "pressure": "much its programs have to wait", "boot": "long it has run", "nixos": "its generations stand",
        "network": "its network stands", "time": "its clock is kept", "system": "its system is called",
        "timers": "its timers stand", "mounts": "its mounts stand", "networkd": "its links stand",
        "names": "names resolve there", "targets": "its targets answer", "boots": "its last boot ended",
        "logins": "many logins were refused", "coredumps": "many programs crashed",
        "containers": "its containers stand",
        "tailscale": "its tailnet stands", "zfs": "its pools stand", "sensors": "hot it is",
        "sessions": "many are logged in", "ports": "many ports are open", "btrfs": "many errors btrfs counted",
        "certificates": "long its certificates last", "smart": "healthy its disks are",
        "mdraid": "its RAID arrays stand",
        "blocks": "many disks it has", "store": "large its Nix store is",
        "vulnerabilities": "many vulnerabilities it has",
    ]

    static let journalRemedy = "add the account to group systemd-journal"

    /// Whether a program complained that there is no systemd to speak to: sd-bus and `systemctl` in the words of systemd.
    static func tellsOfNoSystemd(_ text: String) -> Bool {
        ["not been booted with systemd", "Failed to connect to bus", "Failed to connect to system scope bus"]
            .contains { text.contains($0) }
    }

    private static func reason(_ failure: ProbeFailure) -> String {
        if tellsOfNoSystemd(failure.detail.raw) { return "systemd is not running there" }
        return switch failure.reason {
        case .notCollected: "it was not asked"
        case .toolMissing: "the program for it is not on the host"
        case .permission: "the account may not see it"
        case .timedOut: "the answer took too long"
        case .failed: "the command for it failed"
        case .unparsable: "the answer was not understood"
        case .unsupported: "the program for it cannot speak to it"
        case .tooLarge: "the answer was too long"
        case .missing: "the answer did not arrive whole"
        }
    }

    static func remedy(_ probe: String, _ failure: ProbeFailure) -> String {
        if tellsOfNoSystemd(failure.detail.raw) { return "systemctl is-system-running" }
        return switch (probe, failure.reason) {
        case (_, .permission) where needsJournal.contains(probe): journalRemedy
        case (_, .permission) where needsRoot.contains(probe):
            "allow the account the exact sudo lines that docs/probes.md lists for this probe"
        case (_, .permission): "give the account the right to read what the evidence names"
        case (_, .toolMissing): "install what the evidence names, or leave it: this finding goes with it"
        case (_, .unsupported): "see what the evidence names; leave it if that is all one can know of it"
        case (_, .timedOut): "look why it hangs: a dead disk or network mount, or a very busy host"
        case (_, .missing), (_, .notCollected): "ask again: macha check HOST"
        case (_, .failed), (_, .unparsable), (_, .tooLarge):
            "see what it prints: macha probes script \(probe) | ssh HOST sh"
        }
    }
}

extension Snapshot {
    /// What helps against each probe's silence, by the probe's name.
    package var remedies: [String: String] {
        Dictionary(
            failures.map { ($0.probe, UnknownDetector.remedy($0.probe, $0.failure)) },
            uniquingKeysWith: { first, _ in first })
    }
}
