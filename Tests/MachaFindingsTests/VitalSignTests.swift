// SPDX-License-Identifier: MIT
import MachaFindings
import MachaModel
import MachaProbes
import MachaTestSupport
import Testing

/// The detectors of single vital signs, on a healthy machine of which one answer is a fixture.
struct VitalSignTests {
    /// A machine (no container) that has been up for some days.
    private static func machine(_ probe: String, _ fixture: String) throws -> Snapshot {
        let host = try RecordedHost.named("healthy")
        let system = try #require(host.sections.first { $0.name == "system" })
        let body = system.body.replacing("container=systemd-nspawn", with: "container=")
        let answer = try #require(ProbeFixture.all.first { $0.probe == probe && $0.name == fixture }).section
        let changes: [String: ProbeSection?] = [
            "system": ProbeSection(name: "system", status: 0, body: body),
            "time": ProbeSection(name: "time", status: 0, body: "NTPSynchronized=yes\nNTP=yes\n"),
            "boot": ProbeSection(
                name: "boot", status: 0,
                body: "2ab33fcc-a4d4-4dea-a391-595aca1fcde9\n900000.0 1.0\n\(WrittenJournal.now)\n"),
            probe: answer,
        ]
        return host.snapshot(changes)
    }

    private static let faults: [(String, String, [String])] = [
        (
            "timers", "overdue-never-run-and-failed",
            [
                "critical timer-overdue restic-backups-home.timer", "warning timer-never-run nixos-upgrade.timer",
                "warning timer-off borgbackup-job-a.timer", "warning timer-job-hangs scrub.timer",
                "info timer-job-failed nix-gc.timer",
            ]
        ),
        ("mounts", "one-gone", ["critical mount-missing /srv/my media", "warning mount-missing /backup"]),
        ("networkd", "link-failed", ["warning link-failed enp1s0"]),
        ("names", "nothing-resolves", ["critical dns-broken"]),
        ("names", "one-of-two", ["warning name-unresolved nas.lan"]),
        ("targets", "silent", ["critical target-silent 192.0.2.1", "critical target-silent nas.lan"]),
        ("boots", "went-down-suddenly", ["warning unclean-shutdown", "info journal-large"]),
        ("logins", "burst-and-a-success", ["critical login-after-failures 198.51.100.9", "warning login-burst"]),
        ("coredumps", "three-of-one", ["warning core-dump jellyfin"]),
        (
            "containers", "unhealthy-restarting-stopped",
            [
                "warning container-restarting db", "warning container-unhealthy web",
                "info container-stopped docker-db.service",
            ]
        ),
        ("containers", "engine-refuses", ["info item-unknown containers"]),
        ("tailscale", "key-ends-soon", ["warning tailscale-key"]),
        ("tailscale", "login-needed", ["critical tailscale-login"]),
        ("tailscale", "never-logged-in", ["info tailscale-login"]),
        ("tailscale", "key-without-end", []),
        (
            "zfs", "degraded",
            ["critical pool-degraded tank", "info scrub-overdue old", "info pool-resilvering tank"]
        ),
        ("zfs", "checksum-errors-and-damage", ["critical pool-errors b", "warning pool-errors a"]),
        ("zfs", "zfs-2.2-table", ["critical pool-degraded tank"]),
        ("btrfs", "errors", ["warning btrfs-errors /dev/sda2"]),
        ("sensors", "too-hot", ["critical overheating coretemp Package id 0", "warning overheating coretemp temp2"]),
        ("sensors", "chips-without-a-sensor", []),
        (
            "certificates", "ending-ended-and-stopgap",
            [
                "critical certificate-expired gone.example.org",
                "warning certificate-self-signed new.example.org", "warning certificate-expiring old.example.org",
            ]
        ),
        ("certificates", "short-lived", []),
        (
            "smart", "failing-losing-worn",
            [
                "critical disk-failing /dev/sda", "critical disk-failing /dev/nvme1", "warning disk-sectors /dev/sdb",
                "warning disk-worn /dev/nvme0",
            ]
        ),
        ("smart", "asleep", []), ("smart", "packed-raw-values", []),
        ("vulnerabilities", "some", ["warning vulnerabilities"]),
        ("vulnerabilities", "no-score", ["info vulnerabilities"]),
        ("journal", "disk-errors", ["critical disk-errors", "warning journal-critical db.service"]),
    ]

    @Test(arguments: faults)
    func `a fault is found, named and given a remedy`(probe: String, fixture: String, expected: [String]) throws {
        let findings = Detectors.findings(in: try Self.machine(probe, fixture))
        #expect(findings.map(\.label) == expected)
        for finding in findings {
            #expect(!finding.evidence.isEmpty && !finding.remedy.isEmpty, "\(finding.recordedKind.name)")
            #expect(finding.summary.hasSuffix("."), "\(finding.summary)")
        }
    }

    @Test func `a container's last output is evidence of its finding`() throws {
        let body = """
            @units

            @podman 0
            [{"Names":["web"],"State":"restarting","Status":"Restarting (1) 2 seconds ago"}]
            @said podman web
              fatal: no such table
            @end

            """
        let snapshot = try RecordedHost.named("healthy").snapshot([
            "containers": ProbeSection(name: "containers", status: 0, body: body)
        ])
        let finding = try #require(Detectors.findings(in: snapshot).first { $0.kind == .containerRestarting })
        #expect(finding.evidence.last == .lastWords(UntrustedText("fatal: no such table")))
    }

    @Test(arguments: ProbeFixture.all.filter { $0.kind == .healthy })
    func `a healthy reading has no finding`(fixture: ProbeFixture) throws {
        guard fixture.probe != "boot", fixture.probe != "system", fixture.name == "healthy" else { return }
        #expect(Detectors.findings(in: try Self.machine(fixture.probe, fixture.name)).isEmpty)
    }

    @Test(arguments: [
        ("*-*-* 00:00:00", 86_400), ("Mon *-*-* 00:00:00", 7 * 86_400), ("*-*-01 00:00:00", 31 * 86_400),
        ("*-01-01 00:00:00", 366 * 86_400), ("*-*-* *:00:00", 3600), ("*-*-* *:00/15:00", 900),
        ("*-*-* 00/6:00:00", 21_600), ("*-*-* 06,18:00:00", 43_200), ("*-*-* 06,07:00:00", 82_800),
        ("Mon..Fri *-*-* 03:00:00 UTC", 3 * 86_400), ("Sat,Sun *-*-* 03:00:00", 6 * 86_400),
        ("*-*-01/2 00:00:00", 2 * 86_400), ("*-01,04,07,10-01 00:00:00", 93 * 86_400),
        ("*-*-01/9223372036854775807 00:00:00", 31 * 86_400),
    ])
    func `a schedule tells how far apart two runs lie at most`(event: String, period: Int) throws {
        let body = """
            Now=\(WrittenJournal.now)

            Id=a.timer
            ActiveState=active
            TimersCalendar={ OnCalendar=\(event) ; next_elapse=n/a }
            LastTriggerUSec=


            """
        let state = try #require(TimersProbe.read(ProbeSection(name: "timers", status: 0, body: body)).value)
        #expect(state.timers.map(\.period) == [period])
    }

    @Test func `a host that has just come up is given a round before its timers are called overdue`() throws {
        let fixture = try #require(
            ProbeFixture.all.first { $0.probe == "timers" && $0.name == "overdue-never-run-and-failed" })
        let fresh = try RecordedHost.named("healthy").snapshot(["timers": fixture.section])
        #expect(!Detectors.findings(in: fresh).map(\.kind).contains(.timerOverdue))
    }

    @Test func `without a way out broken names are no finding of their own`() throws {
        let fixture = try #require(ProbeFixture.all.first { $0.probe == "names" && $0.name == "nothing-resolves" })
        let network = try #require(ProbeFixture.all.first { $0.probe == "network" && $0.name == "no-way-out" })
        let host = try RecordedHost.named("healthy")
        let kinds = Detectors.findings(in: host.snapshot(["names": fixture.section, "network": network.section]))
            .map(\.kind)
        #expect(kinds.contains(.noDefaultRoute) && !kinds.contains(.dnsBroken))
    }

    @Test(arguments: [("smart", "info"), ("btrfs", "info"), ("journal", "warning"), ("units", "warning")])
    func `a right that only root has is the owner's choice, others are missed`(probe: String, severity: String) throws {
        let refused = try #require(ProbeFixture.all.first { $0.probe == probe && $0.kind == .permissionRefused })
        let host = try RecordedHost.named("healthy")
        let findings = Detectors.findings(in: host.snapshot([probe: refused.section]))
        #expect(findings.map(\.label) == ["\(severity) probe-unknown \(probe)"])
    }
}
