// SPDX-License-Identifier: MIT
import MachaModel
package import MachaProbes

/// What the answers of a host may leave out although its probes have values: a list that was cut on the host, an item
/// that could not be asked, a problem that another one hides.
///
/// A finding in a gap is not listed and not gone. Where a probe has no value at all, `Coverage` says so.
package struct Gaps: Hashable, Sendable {
    private struct Item: Hashable {
        var kind: FindingKind
        var subject: String
    }

    private var kinds: Set<FindingKind> = []
    private var items: Set<Item> = []

    /// Nothing is left out.
    package init() {}

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
            add(FindingKind.items[CertificatesProbe.name] ?? [])
        }
        // chrony is there and does not say whether it follows a source.
        if let clock = snapshot[TimeProbe.self].value, clock.daemon?.hasPrefix("chron") ?? false, !clock.isSynchronized,
            clock.isTracking == nil
        {
            add([.clockUnsynchronized])
        }
        // What a pool holds that is not mounted, only its own figures tell.
        for pool in (snapshot[ZFSProbe.self].value ?? nil)?.pools ?? [] where pool.room == nil {
            add([.diskSpace], on: pool.name)
        }
        if case .known(.some(let state)) = snapshot[SensorsProbe.self], state.temperatures.count >= 100 {
            add([.overheating])
        }
    }

    /// Whether `finding` may be there without being listed.
    package func mayHide(_ finding: Finding) -> Bool {
        guard let kind = finding.kind else { return false }
        return kinds.contains(kind) || items.contains(Item(kind: kind, subject: finding.subject?.raw ?? ""))
    }

    /// Findings of `kinds` may be missing, on `subject` alone unless that is `nil`.
    mutating func add(_ kinds: Set<FindingKind>, on subject: String? = nil) {
        guard let subject else { return self.kinds.formUnion(kinds) }
        for kind in kinds { items.insert(Item(kind: kind, subject: subject)) }
    }

    mutating func formUnion(_ other: Gaps) {
        kinds.formUnion(other.kinds)
        items.formUnion(other.items)
    }

    private mutating func addUnits(_ snapshot: Snapshot) {
        if let units = snapshot[UnitsProbe.self].value, units.failedCount > units.units.count(where: \.isFailed) {
            add([.unitFailed])
        }
        for timer in snapshot[TimersProbe.self].value?.timers ?? [] where timer.job == nil {
            add([.timerJobFailed, .timerJobHangs], on: timer.name)
        }
        if case .known(.some(let state)) = snapshot[CoreDumpsProbe.self], state.dumps.count >= 50 { add([.coreDump]) }
    }

    /// An engine that refuses us has containers all the same.
    private mutating func addContainers(_ snapshot: Snapshot) {
        guard case .known(.some(let state)) = snapshot[ContainersProbe.self] else { return }
        if state.engines.contains(where: { $0.containers == nil }) {
            add([.containerUnhealthy, .containerRestarting])
        }
    }

    private mutating func addDisks(_ snapshot: Snapshot) {
        for mount in snapshot[DisksProbe.self].value?.unlisted ?? [] {
            add(FindingKind.items[DisksProbe.name] ?? [], on: mount)
        }
        if case .known(.some(let state)) = snapshot[BtrfsProbe.self], state.devices.count >= 40 {
            add(FindingKind.items[BtrfsProbe.name] ?? [])
        }
        let health = FindingKind.items[SMARTProbe.name] ?? []
        guard case .known(.some(let state)) = snapshot[SMARTProbe.self] else { return }
        // A disk that sleeps, or says nothing of its health any more, has not healed.
        for disk in state.disks where disk.state == .asleep || disk.state == .silent { add(health, on: disk.device) }
    }

    /// Lists whose items are called as the findings about them are.
    private static let named: Set = [
        SMARTProbe.name, DisksProbe.name, MDRaidProbe.name, CertificatesProbe.name, TimersProbe.name, UnitsProbe.name,
        NamesProbe.name, TargetsProbe.name,
    ]

    /// An item that was not understood may be as unwell as it was. Where it is unknown which one it is, any may be.
    private mutating func addUnread(_ snapshot: Snapshot) {
        for (probe, items) in snapshot.unreadItems {
            let kinds = FindingKind.items[probe] ?? []
            // There may be more of them, whose names are left out.
            if items.count >= UnreadItem.limit { add(kinds) }
            for item in items {
                // A line that has no name of its own is its own name, and contains spaces.
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
        add([.journalCritical, .newError, .newErrors, .logBurst])
        add(FindingKind.signs)
    }

    private mutating func addLogins(_ snapshot: Snapshot) {
        guard let state = snapshot[LoginsProbe.self].value else { return }
        let isCut = state.addresses > state.sources.count && state.sources.allSatisfy { $0.acceptedAfterwards > 0 }
        if state.isBounded || isCut { add([.loginAfterFailures, .loginBurst]) }
    }

    /// Single names are not listed where none resolves, and none where the way out is missing.
    private mutating func addNames(_ snapshot: Snapshot) {
        guard case .known(.some(let state)) = snapshot[NamesProbe.self], !state.broken.isEmpty else { return }
        add([.dnsBroken])
        for answer in state.broken { add([.nameUnresolved], on: answer.name) }
    }
}
