// SPDX-License-Identifier: MIT
package import MachaModel

/// A question that Macha itself designed. It reads, and nothing else; a model may ask these too.
package enum Diagnosis: Hashable, Sendable {
    /// State, result and exit status of a unit.
    case unit(UnitName)
    /// The last lines of a unit's journal.
    case unitJournal(UnitName)
    case failedUnits
    case diskUsage
    case inodeUsage
    case journalUsage
    case memory
    case processes
    case listeningPorts
    case generations
    case timers
    case clock
    case nameServers
    case links
    case mounts
    case jobs

    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case unit
        case unitJournal = "unit-journal"
        case failedUnits = "failed-units"
        case diskUsage = "disk-usage"
        case inodeUsage = "inode-usage"
        case journalUsage = "journal-usage"
        case memory, processes
        case listeningPorts = "listening-ports"
        case generations, timers, clock
        case nameServers = "name-servers"
        case links, mounts, jobs

        package var takesUnit: Bool { self == .unit || self == .unitJournal }
    }

    /// `unit` is needed by exactly those kinds that speak of one.
    package init(_ kind: Kind, unit: UnitName? = nil) throws(ValueValidationError) {
        switch (kind, unit) {
        case (.unit, let unit?): self = .unit(unit)
        case (.unitJournal, let unit?): self = .unitJournal(unit)
        case (.unit, nil), (.unitJournal, nil): throw ValueValidationError("'\(kind.rawValue)' needs a unit")
        case (_, _?): throw ValueValidationError("'\(kind.rawValue)' speaks of no unit; leave it out")
        case (.failedUnits, nil): self = .failedUnits
        case (.diskUsage, nil): self = .diskUsage
        case (.inodeUsage, nil): self = .inodeUsage
        case (.journalUsage, nil): self = .journalUsage
        case (.memory, nil): self = .memory
        case (.processes, nil): self = .processes
        case (.listeningPorts, nil): self = .listeningPorts
        case (.generations, nil): self = .generations
        case (.timers, nil): self = .timers
        case (.clock, nil): self = .clock
        case (.nameServers, nil): self = .nameServers
        case (.links, nil): self = .links
        case (.mounts, nil): self = .mounts
        case (.jobs, nil): self = .jobs
        }
    }

    package var kind: Kind {
        switch self {
        case .unit: .unit
        case .unitJournal: .unitJournal
        case .failedUnits: .failedUnits
        case .diskUsage: .diskUsage
        case .inodeUsage: .inodeUsage
        case .journalUsage: .journalUsage
        case .memory: .memory
        case .processes: .processes
        case .listeningPorts: .listeningPorts
        case .generations: .generations
        case .timers: .timers
        case .clock: .clock
        case .nameServers: .nameServers
        case .links: .links
        case .mounts: .mounts
        case .jobs: .jobs
        }
    }

    package var unit: UnitName? {
        switch self {
        case .unit(let unit), .unitJournal(let unit): unit
        default: nil
        }
    }

    /// What is asked. None of these writes, needs root, or starts a pager.
    package var command: Command {
        switch self {
        case .unit(let unit):
            Command("systemctl", ["show", UnitFacts.properties, "--", unit.description], outputLimit: 64 << 10)
        case .unitJournal(let unit):
            Command(
                "journalctl", ["--no-pager", "--quiet", "--output=short-iso", "--lines=100", "--unit=\(unit)"],
                outputLimit: 256 << 10)
        case .failedUnits:
            Command("systemctl", ["show", "*", "--state=failed", "--property=Id"], outputLimit: 256 << 10)
        case .diskUsage: Command("df", ["-P", "-k"], outputLimit: 64 << 10)
        case .inodeUsage: Command("df", ["-P", "-i"], outputLimit: 64 << 10)
        case .journalUsage: Command("journalctl", ["--no-pager", "--disk-usage"], outputLimit: 4 << 10)
        case .memory: Command("cat", ["/proc/meminfo"], outputLimit: 16 << 10)
        case .processes:
            Command("ps", ["-e", "-o", "pid,user,pcpu,rss,etime,comm"], outputLimit: 256 << 10)
        case .listeningPorts: Command("ss", ["-H", "-t", "-u", "-l", "-n"], outputLimit: 64 << 10)
        case .generations:
            Command(
                "find", ["/nix/var/nix/profiles", "-maxdepth", "1", "-name", "system-*-link", "-printf", "%f %l\\n"],
                outputLimit: 64 << 10)
        case .timers:
            Command("systemctl", ["list-timers", "--all", "--no-pager", "--full"], outputLimit: 64 << 10)
        case .clock: Command("timedatectl", ["show"], outputLimit: 4 << 10)
        case .nameServers: Command("cat", ["/etc/resolv.conf"], outputLimit: 16 << 10)
        case .links: Command("ip", ["-brief", "address"], outputLimit: 64 << 10)
        case .mounts: Command("cat", ["/proc/self/mounts"], outputLimit: 256 << 10)
        case .jobs: Command("systemctl", ["list-jobs", "--no-pager", "--full"], outputLimit: 64 << 10)
        }
    }
}

extension Diagnosis: CustomStringConvertible {
    package var description: String { unit.map { "\(kind.rawValue) \($0)" } ?? kind.rawValue }
}
