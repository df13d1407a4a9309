// SPDX-License-Identifier: MIT
package import MachaModel
package import MachaProbes

/// The handful of numbers a person looks at first. `nil` is unknown, never zero.
package struct HostFigures: Hashable, Codable, Sendable {
    /// One-minute load average.
    package var load: Double?
    package var processors: Int?
    /// 0…1.
    package var memoryUsed: Double?
    /// Bytes.
    package var memoryTotal: Int?
    /// 0…1, of the fullest file system.
    package var diskUsed: Double?
    package var diskMount: UntrustedText?
    /// Bytes left on the fullest file system.
    package var diskAvailable: Int?
    /// Seconds until the fullest file system is full, if it goes on growing as it did; `nil` also when it does not grow.
    package var diskUntilFull: Double?
    package var failedUnits: Int?
    /// Seconds.
    package var uptime: Int?
    /// Whether the host has NixOS generations at all.
    package var isNixOS: Bool?
    /// The system profile's generation.
    package var generation: Int?
    package var system: UntrustedText?
    package var kernel: UntrustedText?
    /// The configuration's revision, if the host's owner recorded one.
    package var revision: UntrustedText?
    /// What runs is not what was booted.
    package var changedSinceBoot: Bool?
    /// What runs is not what the next boot starts.
    package var differsFromProfile: Bool?
    /// The kernel, initrd or modules of the next boot are other ones than the booted system's.
    package var rebootNeeded: Bool?

    package init() {}

    package init(_ snapshot: Snapshot) {
        let load = snapshot[LoadProbe.self].value
        self.load = load?.one
        processors = load?.processors
        let memory = snapshot[MemoryProbe.self].value
        memoryUsed = memory.map { 1 - $0.availableShare }
        memoryTotal = memory?.total
        let fullest = Self.fullest(snapshot)
        diskUsed = fullest?.usedShare
        diskMount = fullest.map { UntrustedText($0.target) }
        diskAvailable = fullest?.available
        failedUnits = snapshot[UnitsProbe.self].value?.failedCount
        uptime = snapshot[BootProbe.self].value.map { Int($0.uptime) }
        let identity = snapshot[SystemProbe.self].value
        kernel = identity.map { UntrustedText($0.kernel) }
        let reading = snapshot[NixOSProbe.self].value
        isNixOS = reading.map { $0 != nil }
        let nixos = reading.flatMap { $0 }
        generation = nixos?.profileGeneration
        system = (nixos?.version.map { "NixOS \($0)" } ?? identity?.prettyName).map { UntrustedText($0) }
        revision = nixos?.configurationRevision.map { UntrustedText($0) }
        if let booted = nixos?.booted, let current = nixos?.current { changedSinceBoot = booted.path != current.path }
        if let next = nixos?.profile {
            differsFromProfile = nixos?.current.map { $0.path != next.path }
            rebootNeeded = nixos?.booted?.sharesKernel(with: next).map { !$0 }
        }
    }

    /// The file system with the largest share in use; `nil` when disks are unknown.
    package static func fullest(_ snapshot: Snapshot) -> FileSystem? {
        snapshot[DisksProbe.self].value?.fileSystems.max { $0.usedShare < $1.usedShare }
    }
}
