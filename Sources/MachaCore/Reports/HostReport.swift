// SPDX-License-Identifier: MIT
package import struct Foundation.Date

/// What is known of one host, for people and programs: its state, its figures and its findings.
package struct HostReport: Sendable, Encodable {
    package var host: String
    package var autonomy: AutonomyLevel
    package var groups: [String]
    package var state: HostState.Level
    /// What made it so: a finding's kind, `ok`, `never-checked` or `stale`.
    package var reason: String
    /// When the host was asked; `nil` if it never was.
    package var takenAt: Date?
    /// Seconds since then; `nil` if it never was.
    package var age: Int?
    /// Why the host could not be asked; `nil` when it answered.
    package var contactFailure: ContactFailure?
    package var figures: HostFigures
    /// Worst first.
    package var findings: [FindingReport]

    /// Reports `snapshot` and `findings` as they are at `now`. `since` tells how long a problem has been there.
    ///
    /// Old news is not health: a snapshot older than ``staleAfter(_:)`` makes the host `unknown`, whatever it says.
    package init(
        _ host: FleetHost, _ snapshot: Snapshot, _ findings: [Finding], since: [Fingerprint: Date] = [:], now: Date
    ) {
        let judged = HostState(snapshot, findings)
        let age = max(0, Int(now.timeIntervalSince(snapshot.takenAt)))
        let isStale = age > Self.staleAfter(host)
        self.init(host)
        state = isStale ? .unknown : judged.level
        reason = isStale ? "stale" : judged.reason
        takenAt = snapshot.takenAt
        self.age = age
        if case .failed(let failure) = snapshot.contact { contactFailure = failure }
        figures = HostFigures(snapshot)
        self.findings = findings.map { FindingReport($0, since: since[$0.fingerprint] ?? snapshot.takenAt) }
            .sorted { $0.finding.severity > $1.finding.severity }
    }

    /// Reports a host that was never asked.
    package init(neverChecked host: FleetHost) { self.init(host) }

    private init(_ host: FleetHost) {
        self.host = host.name
        autonomy = host.autonomy
        groups = host.groups
        state = .unknown
        reason = "never-checked"
        figures = HostFigures()
        findings = []
    }

    /// Seconds after which a snapshot says nothing about today: three check intervals, and at least a day.
    package static func staleAfter(_ host: FleetHost) -> Int { max(3 * host.checkInterval, 86_400) }
}

/// A finding, and since when it has been there.
package struct FindingReport: Sendable, Encodable {
    package var finding: Finding
    package var since: Date

    package init(_ finding: Finding, since: Date) {
        self.finding = finding
        self.since = since
    }

    private enum CodingKeys: String, CodingKey {
        case kind, subject, severity, summary, evidence, remedy, fingerprint, since
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(finding.kind, forKey: .kind)
        try container.encode(finding.subject, forKey: .subject)
        try container.encode(finding.severity, forKey: .severity)
        try container.encode(finding.summary, forKey: .summary)
        try container.encode(finding.evidence, forKey: .evidence)
        try container.encode(finding.remedy, forKey: .remedy)
        try container.encode(finding.fingerprint, forKey: .fingerprint)
        try container.encode(since, forKey: .since)
    }
}

/// The handful of numbers a person looks at first. `nil` is unknown, never zero.
package struct HostFigures: Sendable, Encodable {
    /// One-minute load average.
    package var load: Double?
    package var processors: Int?
    /// 0…1.
    package var memoryUsed: Double?
    /// 0…1, of the fullest file system.
    package var diskUsed: Double?
    package var diskMount: UntrustedText?
    package var failedUnits: Int?
    /// Seconds.
    package var uptime: Int?
    /// The system profile's generation.
    package var generation: Int?
    package var system: UntrustedText?
    /// The configuration's revision, if the host's owner recorded one.
    package var revision: UntrustedText?

    package init() {}

    init(_ snapshot: Snapshot) {
        let load = snapshot[LoadProbe.self].value
        self.load = load?.one
        processors = load?.processors
        memoryUsed = snapshot[MemoryProbe.self].value.map { 1 - $0.availableShare }
        let fullest = snapshot[DisksProbe.self].value?.fileSystems.max { $0.usedShare < $1.usedShare }
        diskUsed = fullest?.usedShare
        diskMount = fullest.map { UntrustedText($0.target) }
        failedUnits = snapshot[UnitsProbe.self].value?.failedCount
        uptime = snapshot[BootProbe.self].value.map { Int($0.uptime) }
        let nixos = snapshot[NixOSProbe.self].value.flatMap { $0 }
        generation = nixos?.profileGeneration
        system = (nixos?.version.map { "NixOS \($0)" } ?? snapshot[SystemProbe.self].value?.prettyName)
            .map { UntrustedText($0) }
        revision = nixos?.configurationRevision.map { UntrustedText($0) }
    }
}
