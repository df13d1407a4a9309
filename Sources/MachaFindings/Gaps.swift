// SPDX-License-Identifier: MIT
import MachaModel
package import MachaProbes

/// What the answers of a host may leave out although its probes have values: a list that was cut on the host, an item
/// that could not be asked, a problem that another one stands in front of.
///
/// A finding in a gap is not listed and not gone. Where a probe has no value at all, `Coverage` says so.
package struct Gaps: Hashable, Sendable {
    private struct Item: Hashable {
        var kind: String
        var subject: String
    }

    private var kinds: Set<String> = []
    private var items: Set<Item> = []

    /// Nothing is left out.
    init() {}

    /// The gaps in the answers of `snapshot`.
    package init(_ snapshot: Snapshot) {
        addUnits(snapshot)
        addContainers(snapshot)
        addDisks(snapshot)
        addJournal(snapshot)
        addLogins(snapshot)
        addNames(snapshot)
        addUnread(snapshot)
        if case .known(.some(let state)) = snapshot[CertificatesProbe.self], state.certificates.count >= 100 {
            add(Self.found["certificates"] ?? [])
        }
        // chrony is there and does not say whether it follows a source.
        if let clock = snapshot[TimeProbe.self].value, clock.daemon?.hasPrefix("chron") ?? false, !clock.isSynchronized,
            clock.isTracking == nil
        {
            add(["clock-unsynchronized"])
        }
        // What a pool holds that is not mounted, only its own figures tell.
        for pool in (snapshot[ZFSProbe.self].value ?? nil)?.pools ?? [] where pool.room == nil {
            add(["disk-space"], on: pool.name)
        }
        if case .known(.some(let state)) = snapshot[SensorsProbe.self], state.temperatures.count >= 100 {
            add(["overheating"])
        }
    }

    /// Whether `finding` may be there without being listed.
    package func mayHide(_ finding: Finding) -> Bool {
        kinds.contains(finding.kind)
            || items.contains(Item(kind: finding.kind, subject: finding.subject?.raw ?? ""))
    }

    /// Findings of `kinds` may be missing, on `subject` alone unless that is `nil`.
    mutating func add(_ kinds: Set<String>, on subject: String? = nil) {
        guard let subject else { return self.kinds.formUnion(kinds) }
        for kind in kinds { items.insert(Item(kind: kind, subject: subject)) }
    }

    mutating func formUnion(_ other: Gaps) {
        kinds.formUnion(other.kinds)
        items.formUnion(other.items)
    }

    private mutating func addUnits(_ snapshot: Snapshot) {
        if let units = snapshot[UnitsProbe.self].value, units.failedCount > units.units.count(where: \.isFailed) {
            add(["unit-failed"])
        }
        for timer in snapshot[TimersProbe.self].value?.timers ?? [] where timer.job == nil {
            add(["timer-job-failed", "timer-job-hangs"], on: timer.name)
        }
        if case .known(.some(let state)) = snapshot[CoreDumpsProbe.self], state.dumps.count >= 50 { add(["core-dump"]) }
    }

    /// An engine that refuses us has containers all the same.
    private mutating func addContainers(_ snapshot: Snapshot) {
        guard case .known(.some(let state)) = snapshot[ContainersProbe.self] else { return }
        if state.engines.contains(where: { $0.containers == nil }) {
            add(["container-unhealthy", "container-restarting"])
        }
    }

    private mutating func addDisks(_ snapshot: Snapshot) {
        for mount in snapshot[DisksProbe.self].value?.unlisted ?? [] {
            add(Self.found["disks"] ?? [], on: mount)
        }
        if case .known(.some(let state)) = snapshot[BtrfsProbe.self], state.devices.count >= 40 {
            add(Self.found["btrfs"] ?? [])
        }
        let health = Self.found["smart"] ?? []
        guard case .known(.some(let state)) = snapshot[SMARTProbe.self] else { return }
        // A disk that sleeps, or says nothing of its health any more, has not healed.
        for disk in state.disks where disk.state == .asleep || disk.state == .silent { add(health, on: disk.device) }
    }

    /// What is found about the items of a list, by the probe that lists them.
    private static let found: [String: Set<String>] = [
        "smart": ["disk-failing", "disk-sectors", "disk-selftest", "disk-worn", "disk-hot"],
        "disks": [
            "disk-space", "disk-inodes", "disk-will-fill", "inodes-will-fill", "filesystem-read-only",
            "filesystem-unreadable",
        ],
        "zfs": ["pool-degraded", "pool-errors", "pool-resilvering", "scrub-overdue"],
        "btrfs": ["btrfs-errors", "btrfs-degraded"],
        "mdraid": ["raid-degraded", "raid-errors", "raid-rebuilding"],
        "certificates": ["certificate-expired", "certificate-expiring", "certificate-self-signed"],
        "timers": ["timer-job-failed", "timer-job-hangs", "timer-overdue", "timer-never-run", "timer-off"],
        "units": ["unit-failed", "unit-restarting", "unit-crash-loop", "unit-starting", "unit-flapping"],
        "containers": ["container-unhealthy", "container-restarting", "container-stopped"],
        "networkd": ["link-failed"], "coredumps": ["core-dump"], "names": ["name-unresolved"],
        "targets": ["target-silent"], "vulnerabilities": ["vulnerabilities"],
    ]
    /// Lists whose items are called as the findings about them are.
    private static let named: Set = ["smart", "disks", "mdraid", "certificates", "timers", "units", "names", "targets"]

    /// An item that was not understood may be as unwell as it was. Where it cannot be told which one it is, any may be.
    private mutating func addUnread(_ snapshot: Snapshot) {
        for (probe, items) in snapshot.unreadItems {
            let kinds = Self.found[probe] ?? []
            // There may be more of them, whose names are left out.
            if items.count >= UnreadItem.limit { add(kinds) }
            for item in items {
                // A line that has no name of its own stands for itself, and holds spaces.
                let isNamed =
                    Self.named.contains(probe) && item.failure.reason != .tooLarge
                    && item.name.count < UnreadItem.nameLimit
                    && (item.name.hasPrefix("/") || !item.name.contains(" "))
                add(kinds, on: isNamed ? item.name : nil)
            }
        }
    }

    private mutating func addJournal(_ snapshot: Snapshot) {
        guard snapshot[JournalProbe.self].value?.incompleteAt != nil else { return }
        add(["journal-critical", "new-error", "new-errors", "log-burst"])
        add(JournalSigns.kinds)
    }

    private mutating func addLogins(_ snapshot: Snapshot) {
        guard let state = snapshot[LoginsProbe.self].value else { return }
        let isCut = state.addresses > state.sources.count && state.sources.allSatisfy { $0.acceptedAfterwards > 0 }
        if state.isBounded || isCut { add(["login-after-failures", "login-burst"]) }
    }

    /// Single names are not listed where none resolves, and none where the way out is missing.
    private mutating func addNames(_ snapshot: Snapshot) {
        guard case .known(.some(let state)) = snapshot[NamesProbe.self], !state.broken.isEmpty else { return }
        add(["dns-broken"])
        for answer in state.broken { add(["name-unresolved"], on: answer.name) }
    }
}
