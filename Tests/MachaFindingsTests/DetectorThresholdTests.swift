// SPDX-License-Identifier: MIT
import Foundation
import MachaFindings
import MachaInventory
import MachaProbes
import MachaTestSupport
import Testing

/// Each detector at its thresholds, on a healthy recorded host of which one answer is changed.
struct DetectorThresholdTests {
    private static let gigabyte = 1 << 30

    private func labels(_ probe: String, _ body: String, host: String = "healthy") throws -> [String] {
        Detectors.findings(in: try RecordedHost.named(host).answering(probe, body)).map(\.label)
    }

    @Test(arguments: [
        (84, 100, []), (85, 100, ["warning disk-space /"]), (95, 100, ["critical disk-space /"]),
        (100, 100, ["critical disk-space /"]),
        (17_000, 20_000, []), (19_200, 20_000, ["warning disk-space /"]), (19_950, 20_000, ["critical disk-space /"]),
    ])
    func `a disk counts by its share and by what is left`(used: Int, size: Int, expected: [String]) throws {
        let sizes = [size, used, size - used].map { String($0 * Self.gigabyte) }.joined(separator: " ")
        let body = "Type\next4 \(sizes) 1000 900 /\n\n22 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
        #expect(try labels("disks", body) == expected)
    }

    @Test(arguments: [
        ("ext4", 840, []), ("ext4", 860, ["warning disk-inodes /"]), ("ext4", 1000, ["critical disk-inodes /"]),
        ("xfs", 1000, []),
    ])
    func `inodes count where their number is fixed`(type: String, used: Int, expected: [String]) throws {
        let body = "Type\n\(type) 1000 1 999 1000 \(1000 - used) /\n\n22 1 8:1 / / rw - \(type) /dev/sda1 rw\n"
        #expect(try labels("disks", body) == expected)
    }

    @Test(arguments: [
        ("/", "ro", "ro", ["critical filesystem-read-only /"]), ("/mnt", "ro", "ro", []),
        ("/mnt", "rw", "ro", ["critical filesystem-read-only /mnt"]),
        ("/mnt", "rw", "rw,emergency_ro", ["critical filesystem-read-only /mnt"]), ("/", "rw", "rw", []),
    ])
    func `read-only is a fault when nobody asked for it`(
        target: String, own: String, shared: String, expected: [String]
    ) throws {
        let body = "Type\next4 100 1 99 1000 900 \(target)\n\n22 1 8:1 / \(target) \(own) - ext4 /dev/sda1 \(shared)\n"
        #expect(try labels("disks", body) == expected)
    }

    @Test(arguments: [
        ("failed", "failed", "simple", 0, 9999, ["critical unit-failed a.service"]),
        ("failed", "failed", "oneshot", 0, 9999, ["warning unit-failed a.service"]),
        ("activating", "auto-restart", "simple", 1, 1, ["warning unit-restarting a.service"]),
        ("activating", "auto-restart", "simple", 3, 1, ["critical unit-crash-loop a.service"]),
        ("active", "running", "simple", 3, 60, ["critical unit-crash-loop a.service"]),
        ("active", "running", "simple", 3, 3600, []), ("active", "running", "simple", 2, 1, []),
        ("activating", "start", "oneshot", 0, 9999, []),
    ])
    func `failed, restarting and crash-looping units are distinguished`(
        active: String, sub: String, type: String, restarts: Int, age: Int, expected: [String]
    ) throws {
        let body = """
            SystemState=running
            Now=1795247554

            NRestarts=\(restarts)
            Type=\(type)
            Id=a.service
            ActiveState=\(active)
            SubState=\(sub)
            StateChangeTimestamp=@\(1_795_247_554 - age)
            """
        #expect(try labels("units", body) == expected)
    }

    @Test func `every failed unit is found, however many, and units the manager counts but does not list are not lost`()
        throws
    {
        let units = (0..<60).map { "\nType=simple\nId=u\($0).service\nActiveState=failed\nSubState=failed\n" }
        let many = try labels("units", "SystemState=degraded\nNow=1\nNFailedUnits=60\n" + units.joined())
        #expect(many == (0..<60).map { "critical unit-failed u\($0).service" })
        #expect(try labels("units", "SystemState=degraded\nNow=1\nNFailedUnits=3\n\n") == ["critical units-failed"])
    }

    @Test(arguments: [
        ("running", []), ("maintenance", ["critical maintenance-mode"]), ("stopping", ["info shutting-down"]),
        ("starting", ["warning boot-unfinished"]), ("degraded", ["warning manager-state"]),
        ("offline", ["warning manager-state"]),
    ])
    func `the state of the service manager is judged`(state: String, expected: [String]) throws {
        #expect(try labels("units", "SystemState=\(state)\nNow=1\n\n") == expected)
    }

    private static func pressure(cpu: Double = 0, io: Double = 0, memory: Double = 0, short: Double? = nil) -> String {
        func line(_ kind: String, _ share: Double) -> String {
            "\(kind) avg10=\(short ?? share) avg60=\(short ?? share) avg300=\(share) total=1\n"
        }
        return
            "cpu\n\(line("some", cpu))io\n\(line("some", io))\(line("full", io))memory\n\(line("some", memory))\(line("full", memory))"
    }

    @Test func `only what stands still for long is a finding, and a busy processor is never more than information`()
        throws
    {
        #expect(try labels("pressure", Self.pressure(cpu: 99)) == ["info cpu-pressure"])
        #expect(try labels("pressure", Self.pressure(io: 60)) == ["warning io-pressure"])
        #expect(try labels("pressure", Self.pressure(memory: 20)) == ["warning memory-pressure"])
        #expect(try labels("pressure", Self.pressure(memory: 60)) == ["critical memory-pressure"])
        #expect(try labels("pressure", Self.pressure(short: 100)) == [])
        #expect(try labels("load", "99 99 99 1/1 1\n0-1\n") == [])
    }

    @Test func `without pressure figures the load is judged, with the same restraint`() throws {
        let host = try RecordedHost.named("healthy")
        let absent = ProbeSection(name: "pressure", status: 0, body: "absent\n")
        for (load, expected) in [("8.1 8.1 8.1", ["info load-high"]), ("99 8.1 7.9", []), ("1 1 1", [])] {
            let section = ProbeSection(name: "load", status: 0, body: "\(load) 1/1 1\n0-1\n")
            #expect(
                Detectors.findings(in: host.snapshot(["pressure": absent, "load": section])).map(\.label) == expected)
        }
    }

    @Test(arguments: [
        (50, 0.0, []), (5, 5.0, ["warning memory-low"]), (5, 0.0, ["info memory-low"]),
        (2, 5.0, ["critical memory-low"]),
    ])
    func `low memory is judged by whether anything waits for it`(percent: Int, stall: Double, expected: [String]) throws
    {
        let sections = [
            "memory": ProbeSection(
                name: "memory", status: 0, body: "MemTotal: 1000000 kB\nMemAvailable: \(percent * 10_000) kB\n"),
            "pressure": ProbeSection(name: "pressure", status: 0, body: Self.pressure(memory: stall)),
        ]
        #expect(Detectors.findings(in: try RecordedHost.named("healthy").snapshot(sections)).map(\.label) == expected)
    }

    @Test(arguments: [
        (0, []), (25, []), (-25, []), (40, ["warning clock-wrong"]), (-40, ["warning clock-wrong"]),
        (-7200, ["critical clock-wrong"]),
    ])
    func `a clock is compared with the controller's`(error: Int, expected: [String]) throws {
        let host = try RecordedHost.named("healthy")
        let now = Int(host.takenAt.timeIntervalSince1970) + error
        let body = "17b03325-d514-48b6-8359-bac033904e96\n5000.00 1.00\n\(now)\n"
        #expect(Detectors.findings(in: host.answering("boot", body)).map(\.label) == expected)
    }

    @Test func `an unsynchronised clock is a finding on a machine, not in a container`() throws {
        let host = try RecordedHost.named("healthy")
        let system = try #require(host.sections.first { $0.name == "system" })
        var machine = system
        machine.body = system.body.replacing("container=systemd-nspawn", with: "container=")
        try #require(machine != system)
        #expect(
            Detectors.findings(in: host.snapshot(["system": machine])).map(\.label) == ["warning clock-unsynchronized"])
        #expect(Detectors.findings(in: host.snapshot).isEmpty)
    }

    @Test func `a host with an address but no default route or name server is reported`() throws {
        let address =
            #"[{"ifname":"eth0","operstate":"UP","addr_info":[{"local":"192.0.2.7","prefixlen":24,"scope":"global"}]}]"#
        let route = #"[{"dst":"default","dev":"eth0"}]"#
        #expect(try labels("network", "\(address)\n\n\(route)\n\n[]\n\nnameserver 192.0.2.1\n") == [])
        #expect(
            try labels("network", "\(address)\n\n[]\n\n[]\n\nnameserver 192.0.2.1\n") == ["warning no-default-route"])
        #expect(try labels("network", "\(address)\n\n[]\n\n\(route)\n\n# none\n") == ["warning no-name-server"])
    }

    @Test func `a running system that no generation holds is lost at the next boot`() throws {
        let host = try RecordedHost.named("drift")
        let body = try #require(host.sections.first { $0.name == "nixos" }).body
        let running = try #require(body.firstMatch(of: /\/run\/current-system\t(\S+)/)).1
        let lines = body.split(separator: "\n", omittingEmptySubsequences: false)
        let without = lines.filter { !$0.contains("-link\t\(running)") }.joined(separator: "\n")
        #expect(try labels("nixos", without, host: "drift") == ["warning system-drift"])
    }

    private static func entry(_ priority: Int, _ message: String, unit: String = "a.service", kernel: Bool = false)
        -> WrittenJournal.Entry
    {
        WrittenJournal.Entry(
            priority: priority, message: message, unit: kernel ? nil : unit, transport: kernel ? "kernel" : "stdout")
    }

    private static func journal(_ entries: [WrittenJournal.Entry]) -> String { WrittenJournal.body(entries) }

    @Test func `critical messages are grouped by unit, and single errors are no finding`() throws {
        let errors = (0..<150).map { Self.entry(3 + $0 % 2, "error \($0)") }
        #expect(try labels("journal", Self.journal(errors)) == [])
        let worse = [Self.entry(2, "bad"), Self.entry(2, "bad too"), Self.entry(1, "worse", unit: "b.service")]
        #expect(
            try labels("journal", Self.journal(errors + worse)) == [
                "critical journal-critical b.service", "warning journal-critical a.service",
            ])
    }

    @Test(arguments: [
        ("Out of memory: Killed process 7 (x)", "critical oom-kill"),
        ("I/O error, dev sda, sector 1", "critical disk-errors"),
        ("EXT4-fs error (device sda1)", "critical filesystem-errors"),
        ("INFO: task x:1 blocked for more than 120 seconds.", "warning hung-task"),
    ])
    func `kernel messages are findings only when they come from the kernel`(message: String, label: String) throws {
        #expect(try labels("journal", Self.journal([Self.entry(3, message, kernel: true)])) == [label])
        #expect(try labels("journal", Self.journal([Self.entry(3, message)])) == [])
    }

    @Test func `evidence from a noisy journal is bounded`() throws {
        let noise = (0..<190).map { Self.entry(2, "bad \($0)", unit: "u\($0 % 30).service") }
        let findings = Detectors.findings(
            in: try RecordedHost.named("healthy").answering("journal", Self.journal(noise)))
        // One a unit, however many units are noisy.
        #expect(findings.count == 30 && findings.allSatisfy { $0.evidence.count <= 5 })
    }

    @Test func `thresholds can be changed`() throws {
        var thresholds = Thresholds()
        thresholds.diskWarning = 0.01
        thresholds.diskAmple = 1 << 50
        let findings = Detectors.findings(in: try RecordedHost.named("healthy").snapshot, thresholds: thresholds)
        #expect(findings.map(\.label).contains("warning disk-space /"))
    }
}
