// SPDX-License-Identifier: MIT
import Foundation
import Macha
import MachaFindings
import MachaInventory
import MachaModel
import MachaProbes
import MachaTestSupport

/// Hosts made of answers, for pages.
enum SampleFleet {
    static let now = Date(timeIntervalSince1970: 1_800_000_000)

    /// A NixOS host that is well, but for what `units` and `findings` say; `used` of 100 on its file system `mount`.
    static func snapshot(_ name: String, used: Int = 40, mount: String = "/", age: Double = 60) -> Snapshot {
        let store = "/nix/store/aaaa-nixos-system-\(name)-25.05"
        let links = ["/run/booted-system", "/run/current-system"].map { "\($0)\t\(store)\t0" }
        let profile = "/nix/var/nix/profiles/system"
        let version =
            #"{"nixosVersion":"25.05","configurationRevision":"0123456789abcdef0123456789abcdef01234567"}"#
        let generation = ["\(profile)\tsystem-42-link\t0", "\(profile)-42-link\t\(store)\t1700000000"]
        let nixos: String = "\(version)\n\n\((links + generation).joined(separator: "\n"))\n"
        let disks = """
            Type 1B-blocks Used Avail Inodes IFree Mounted on
            ext4 100 \(used) \(100 - used) 10 5 \(mount)

            25 1 8:1 / \(mount) rw - ext4 /dev/sda1 rw

            """
        let bodies: [String: String] = [
            "system": "kernel=6.12.50\nhostname=\(name)\ncontainer=\nsystemd=systemd 257 (257)\n\nID=nixos\n",
            "boot": "aaaaaaaa-0000-4000-8000-000000000000\n86400.0 1\n1799999940\n",
            "load": "0.37 0.34 0.20 4/129 163\n0-3\n", "memory": "MemTotal: 1000 kB\nMemAvailable: 600 kB\n",
            "pressure": "absent\n", "units": "SystemState=running\nNFailedUnits=0\nNJobs=0\nNow=1799999940\n\n",
            "disks": disks, "nixos": nixos, "time": "NTPSynchronized=yes\nNTP=yes\nTimezone=UTC\n",
        ]
        return Snapshot(
            host: name, takenAt: now.addingTimeInterval(-age), duration: 1,
            sections: bodies.map { ProbeSection(name: $0.key, status: 0, body: $0.value) })
    }

    static func unit(_ name: String, on host: String, evidence: String = "Result=exit-code") -> Finding {
        Finding(
            .unitFailed, host: host, subject: name, .critical, "\(name.printable()) has failed.",
            evidence: [evidence],
            remedy: "Read its last messages.", commands: ["journalctl -u \(name.printable()) -n 50"])
    }

    static func report(
        _ name: String, used: Int = 40, mount: String = "/", findings: [Finding] = [], trends: Bool = true
    ) -> HostReport {
        func buckets(_ value: (Int) -> Double) -> [MetricBucket?] {
            let start = Int(now.timeIntervalSince1970) - 24 * 3600
            return (0..<24).map { MetricBucket(start: start + $0 * 3600, [value($0)]) }
        }
        let history: [SeriesKey: [MetricBucket?]] = [
            SeriesKey(.load): buckets { Double($0 % 5) / 3 }, SeriesKey(.memory): buckets { _ in 0.4 },
            SeriesKey(.diskUsed, mount): buckets { Double(used - 23 + $0) },
            SeriesKey(.diskSize, mount): buckets { _ in 100 },
        ]
        let left = Double(100 - used) * 3600
        let forecast = FillForecast(seconds: left, earliest: left, latest: left, rate: 1, span: 86_400)
        var issues: [Fingerprint: Issue] = [:]
        for finding in findings { issues[finding.fingerprint] = issue(finding, since: now.addingTimeInterval(-7300)) }
        return HostReport(
            FleetHost(name: name, connection: .local, autonomy: .autoSafe), snapshot(name, used: used, mount: mount),
            findings, issues: issues, muting: .none,
            history: trends ? FigureHistory(history, mount: mount, outlook: .fills(forecast)) : .none, now: now)
    }

    /// The issue of `finding`, with what a person said of it.
    static func issue(_ finding: Finding, since: Date) -> Issue {
        Issue(
            id: 7, finding: finding, origin: .observed, state: .open, createdAt: since, firstSeen: since,
            lastSeen: since,
            count: 1, recurrences: 0, regressions: 0, resolvedAt: nil, resolution: nil, acknowledgement: nil)
    }

    static func unreached(_ name: String) -> HostReport {
        let snapshot = Snapshot(
            host: name, takenAt: now.addingTimeInterval(-60), duration: 1,
            failure: ContactFailure(
                .unreachable, stage: "connect", message: "\(name): refused", remedy: "check whether it is on"))
        return HostReport(
            FleetHost(name: name, connection: .local), snapshot, Detectors.findings(in: snapshot),
            muting: .none, unconfirmed: [FindingReport(unit("a.service", on: name), since: now, lastSeen: now)],
            now: now)
    }

    /// An analysis an hour old that says `text` wherever a model may speak; with `failure` the newest attempt was none.
    static func analysis(_ text: String, failure: String? = nil) -> AnalysisReport {
        let (words, made) = (UntrustedText(text), now.addingTimeInterval(-3600))
        let analysis = Analysis(
            host: "nas", takenAt: made, madeAt: made, model: "desk/tiny", promptVersion: "1", verdict: .attention,
            summary: words,
            statements: [GroundedStatement(title: words, detail: words, severity: .critical, evidence: ["j1"])],
            rootCause: RootCause(statement: words, confidence: 0.8, evidence: ["j1"]),
            proposals: [
                ModelProposal(
                    playbook: "collect-garbage", parameters: ["older-than": "30d"], reason: words, claimedRisk: .low,
                    evidence: ["j1"])
            ],
            suggestions: [ConfigurationSuggestion(change: words, reason: words, evidence: ["j1"])],
            dropped: [DroppedStatement(text: words, reason: .noEvidence, detail: words)], evidence: ["j1": words],
            cost: AnalysisCost(calls: 2, promptTokens: 900, answerTokens: 80), isAlone: false)
        let failed = failure.map {
            AnalysisFailure(
                host: "nas", madeAt: now, model: "desk/tiny", code: "timed-out", message: $0,
                remedy: "check the server", question: nil)
        }
        return AnalysisReport(usable: analysis, failure: failed, now: now)
    }

    static let fleet = FleetReport(
        [
            report("atlas"), report("nas", used: 97, findings: [unit("nginx.service", on: "nas")]), unreached("garage"),
            HostReport(neverChecked: FleetHost(name: "new", connection: .local)),
        ], now: now)

    /// What a hostile host would like to have on a page.
    static let attacks = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)",
        "</style><script>x</script>",
        "</pre></article><h1>healthy", "<!-- ", "]]>", "&lt;b&gt;", "javascript:alert(1)", "\u{1b}[2J\u{1b}]0;x\u{7}",
        "\u{202e}gnp.exe", "\u{200b}\u{2066}x", "a\u{0}b\rc\nd", "\u{9b}31m", "`code` ${x} {{x}}",
    ]
}
