// SPDX-License-Identifier: MIT
import Foundation
import MachaFindings
import MachaModel
import MachaProbes
import MachaTestSupport
import Testing

/// What happened between two looks.
struct EventRuleTests {
    private struct Moment {
        var at: Int
        var boot = "17b03325-d514-48b6-8359-bac033904e96"
        var uptime = 5000.0
        var clock: Int?
        var units: String?
        var lastEnd = "none"
    }

    private func snapshot(_ moment: Moment) throws -> Snapshot {
        var host = WatchedHost()
        host.now = moment.at
        host.answers["boot"] = "\(moment.boot)\n\(moment.uptime) 1.0\n\(moment.clock ?? moment.at)\n"
        if let units = moment.units { host.answers["units"] = units }
        let size = "Archived and active journals take up 8M in the file system."
        host.answers["boots"] = "Now=\(moment.at)\nUsage=\(size)\nEnd=\(moment.lastEnd)\n"
        return try host.snapshot
    }

    private func kinds(_ moments: Moment..., planned: Int? = nil) throws -> [FindingKind?] {
        var history = HostHistory()
        var marks = HostTimeline()
        marks.plannedReboot = planned.map { Date(timeIntervalSince1970: Double($0)) }
        for moment in moments.dropLast() { marks = marks.after(try snapshot(moment)) }
        history.marks = marks
        let last = try snapshot(try #require(moments.last))
        let alone = Set(Detectors.findings(in: last).map(\.fingerprint))
        return Detectors.findings(in: last, history: history).filter { !alone.contains($0.fingerprint) }.map(\.kind)
    }

    private static let start = WatchedHost.noon
    private static let other = "27b03325-d514-48b6-8359-bac033904e96"

    @Test func `an unexpected reboot is reported for a day`() throws {
        let before = Moment(at: Self.start)
        let after = Moment(at: Self.start + 600, boot: Self.other, uptime: 100)
        #expect(try kinds(before, after) == [.unexpectedReboot])
        let evening = Moment(at: Self.start + 600 + 80_000, boot: Self.other, uptime: 80_100)
        #expect(try kinds(before, after, evening) == [.unexpectedReboot])
        let tomorrow = Moment(at: Self.start + 600 + 90_000, boot: Self.other, uptime: 90_100)
        #expect(try kinds(before, after, tomorrow) == [])
    }

    @Test(arguments: [
        (-3000, FindingKind.rebooted), (200, .rebooted), (-5000, .unexpectedReboot), (2000, .unexpectedReboot),
    ])
    func `a planned reboot is not unexpected`(offset: Int, kind: FindingKind) throws {
        let after = Moment(at: Self.start + 600, boot: Self.other, uptime: 100)
        #expect(try kinds(Moment(at: Self.start), after, planned: Self.start + 500 + offset) == [kind])
    }

    @Test func `a reboot after an orderly shutdown is not unexpected`() throws {
        let stopping = Moment(at: Self.start, units: "SystemState=stopping\nNow=1795247554\n")
        #expect(try kinds(stopping, Moment(at: Self.start + 600, boot: Self.other, uptime: 100)) == [.rebooted])
    }

    @Test(arguments: [
        ("orderly", FindingKind.rebooted), ("old", .unexpectedReboot), ("none", .unexpectedReboot),
    ])
    func `a reboot is judged by how the journal of the boot before ended`(end: String, kind: FindingKind) throws {
        let after = Moment(at: Self.start + 600, boot: Self.other, uptime: 100, lastEnd: end)
        #expect(try kinds(Moment(at: Self.start), after) == [kind])
    }

    @Test(arguments: [
        (0, [FindingKind]()), (20, []), (-20, []), (40, [.clockJumped]), (-40, [.clockJumped]),
        (86_400, [.clockJumped]),
    ])
    func `a clock is compared with the host's own uptime`(jump: Int, expected: [FindingKind]) throws {
        let before = Moment(at: Self.start)
        let after = Moment(at: Self.start + 600, uptime: 5600, clock: Self.start + 600 + jump)
        #expect(try kinds(before, after) == expected)
    }

    @Test func `a clock that is set right after boot, and one that is slewed for long, did not jump`() throws {
        let cold = Moment(at: Self.start, uptime: 60, clock: 1000)
        #expect(try kinds(cold, Moment(at: Self.start + 600, uptime: 660)) == [])
        let later = Moment(at: Self.start + 864_000, uptime: 869_000, clock: Self.start + 864_000 + 40)
        #expect(try kinds(Moment(at: Self.start), later) == [])
    }

    @Test func `the first observation and an unreachable host report no events`() throws {
        #expect(try kinds(Moment(at: Self.start)) == [])
        let failure = ContactFailure(.unreachable, stage: "connect", message: "no answer")
        let unreached = Snapshot(
            host: "web", takenAt: Date(timeIntervalSince1970: Double(Self.start)), duration: 1, failure: failure)
        #expect(HostTimeline().after(unreached) == HostTimeline())
    }

    @Test func `another running system is reported`() throws {
        var marks = HostTimeline().after(try RecordedHost.named("healthy").snapshot)
        var look = try #require(marks.look)
        guard look.running != nil else { return }
        look.running = "/nix/store/another"
        look.generation = 7
        look.at -= 600
        marks.look = look
        var history = HostHistory()
        history.marks = marks
        let found = Detectors.findings(in: try RecordedHost.named("healthy").snapshot, history: history)
        #expect(found.map(\.kind).contains(.systemChanged))
    }
}
