// SPDX-License-Identifier: MIT
import Foundation
import Macha
import MachaFindings
import MachaModel
import MachaProbes

/// What one probe read, as names and values with their units; or why it read nothing and what to do about that.
struct ReadingFacts {
    struct Fact {
        var name: String
        var value: Cell

        init(_ name: String, _ value: Cell) {
            self.name = name
            self.value = value
        }
    }

    var title: String
    var facts: [Fact]
    /// When it was asked, where that was before the rest: what is slow is asked less often.
    var takenAt: Date?
    /// Commands that help where it read nothing.
    var commands: [String] = []

    /// One for each probe of the catalogue, in its order. A host that was not reached has none.
    static func all(of snapshot: Snapshot, in report: HostReport) -> [ReadingFacts] {
        guard case .reached = snapshot.contact else { return [] }
        let remedies = snapshot.remedies
        return ProbeCatalog.all.map { of($0, snapshot, report, remedies[$0.name] ?? ("", [])) }
    }

    private static func of<P: Probe>(
        _ probe: P.Type, _ snapshot: Snapshot, _ report: HostReport, _ help: (advice: String, commands: [String])
    ) -> ReadingFacts {
        let asked = snapshot.askedAt(probe).flatMap { $0 > .distantPast && $0 < snapshot.takenAt ? $0 : nil }
        switch snapshot[probe] {
        case .known(let value):
            return ReadingFacts(title: P.name, facts: spoken(value, report) ?? PlainFacts.of(value), takenAt: asked)
        case .unknown(let failure):
            var facts = [Fact("unknown", Cell(failure.reason.rawValue, .unknown))]
            if !failure.detail.raw.isEmpty { facts.append(Fact("output", Cell(failure.detail, limit: 300))) }
            if !help.advice.isEmpty { facts.append(Fact("remedy", Cell(help.advice))) }
            return ReadingFacts(title: P.name, facts: facts, takenAt: asked, commands: help.commands)
        }
    }

    /// The values we have words for; `nil` for any other, which ``PlainFacts`` shows.
    private static func spoken(_ value: any Sendable, _ report: HostReport) -> [Fact]? {
        switch value {
        case let value as SystemIdentity: system(value)
        case let value as BootState: boot(value)
        case let value as LoadAverage: load(value)
        case let value as MemoryState: memory(value)
        case let value as Pressure: pressure(value)
        case let value as UnitsState: units(value)
        case let value as DisksState: value.fileSystems.map { Fact($0.target, disk($0, report)) }
        case let value as NetworkState: network(value)
        case let value as NixOSState: nixos(value)
        case let value as JournalState: journal(value)
        case let value as CPUUsage:
            [Fact("busy during the check", Cell(value.share.map(HumanFormat.percent) ?? "not measured"))]
        default: nil
        }
    }

    private static func system(_ value: SystemIdentity) -> [Fact] {
        [
            Fact("system", Cell(value.prettyName)), Fact("kernel", Cell(value.kernel)),
            Fact("host name", Cell(value.hostname)),
            Fact("systemd", Cell(value.systemd.map(String.init) ?? "none")),
        ] + (value.container.map { [Fact("container", Cell($0))] } ?? [])
    }

    private static func boot(_ value: BootState) -> [Fact] {
        let booted = Date(timeIntervalSince1970: Double(value.now) - value.uptime)
        return [
            Fact("up", Cell(HumanFormat.duration(seconds: value.uptime))),
            Fact("booted", Cell(HumanFormat.localTime(booted))),
            Fact("clock", Cell(HumanFormat.localTime(Date(timeIntervalSince1970: Double(value.now))))),
        ]
    }

    private static func load(_ value: LoadAverage) -> [Fact] {
        let figures = [value.one, value.five, value.fifteen].map(HumanFormat.decimal).joined(separator: ", ")
        return [Fact("1, 5, 15 min", Cell("\(figures) on \(value.processors) processors"))]
    }

    private static func memory(_ value: MemoryState) -> [Fact] {
        let swap =
            value.swapTotal == 0
            ? "none"
            : "\(HumanFormat.bytes(value.swapTotal - value.swapFree)) of \(HumanFormat.bytes(value.swapTotal)) in use"
        return [
            Fact(
                "available",
                Cell(
                    "\(HumanFormat.bytes(value.available)) of \(HumanFormat.bytes(value.total)) (\(HumanFormat.percent(value.availableShare)))"
                )),
            Fact("swap", Cell(swap)),
        ]
    }

    private static func pressure(_ value: Pressure) -> [Fact] {
        [
            ("cpu", value.cpu), ("disks, some", value.ioSome), ("disks, all", value.ioFull),
            ("memory, some", value.memorySome), ("memory, all", value.memoryFull),
        ].map { name, stall in
            let shares = [stall.avg10, stall.avg60, stall.avg300].map { HumanFormat.percent($0 / 100) }
            return Fact(name, Cell("stalled \(shares.joined(separator: ", ")) of 10 s, 1 min, 5 min"))
        }
    }

    private static func units(_ value: UnitsState) -> [Fact] {
        let unwell = value.units.filter { $0.isFailed || $0.isRestarting }.prefix(20).map {
            Fact($0.name, Cell("\($0.active) (\($0.sub))", .warning))
        }
        return [
            Fact("manager", Cell(value.manager)), Fact("failed", Cell("\(value.failedCount)")),
            Fact("jobs waiting", Cell("\(value.jobs)")),
        ] + unwell
    }

    private static func disk(_ value: FileSystem, _ report: HostReport) -> Cell {
        let inodes = value.inodesUsedShare.map { ", inodes \(HumanFormat.percent($0))" } ?? ""
        let access = value.access == .writable ? "" : ", \(value.access.rawValue)"
        return Cell(
            "\(HumanFormat.percent(value.usedShare)) of \(HumanFormat.bytes(value.size)), \(HumanFormat.bytes(value.available)) left\(inodes)\(access) (\(value.type) on \(value.source))",
            HostFormatting.diskRole(report, value.target))
    }

    private static func network(_ value: NetworkState) -> [Fact] {
        value.interfaces.prefix(12).map {
            Fact($0.name, Cell("\($0.state.lowercased()) \($0.addresses.joined(separator: ", "))"))
        } + [
            Fact(
                "default route",
                Cell(value.defaultRoutes.isEmpty ? "none" : value.defaultRoutes.joined(separator: ", "))),
            Fact("name servers", Cell(value.nameServers.isEmpty ? "none" : value.nameServers.joined(separator: ", "))),
        ]
    }

    private static func nixos(_ value: NixOSState) -> [Fact] {
        let made = value.generations.last { $0.number == value.profileGeneration }?.made
        let age = made.map { ", made \(HumanFormat.localTime(Date(timeIntervalSince1970: Double($0))))" } ?? ""
        var facts = [
            Fact("version", Cell(value.version ?? "unknown")),
            Fact(
                "generation",
                Cell("\(value.profileGeneration.map(String.init) ?? "unknown")\(age), \(value.generations.count) kept")
            ),
        ]
        if let revision = value.configurationRevision { facts.append(Fact("configuration", Cell(revision))) }
        for (name, system) in [("booted", value.booted), ("running", value.current), ("next boot", value.profile)] {
            facts.append(Fact(name, Cell(system?.path ?? "unknown")))
        }
        return facts
    }

    private static func journal(_ value: JournalState) -> [Fact] {
        let names = ["emergency", "alert", "critical", "error", "warning"]
        let counts = zip(names, value.countsByPriority).filter { $1 > 0 }.map { "\($1) \($0)" }
        let atLeast = value.isComplete ? "" : "at least "
        return [
            Fact(
                "last hour", Cell(counts.isEmpty ? "no warnings or errors" : atLeast + counts.joined(separator: ", "))
            )
        ] + (value.unreadable > 0 ? [Fact("not understood", Cell("\(value.unreadable) lines"))] : [])
    }
}
