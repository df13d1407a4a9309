// SPDX-License-Identifier: MIT
import Foundation
import Macha
import MachaFindings
import MachaModel
import MachaProbes
import Testing

@testable import MachaViews

struct FleetPageTests {
    private func lines(_ width: Int) -> [String] {
        FleetPage.glance(SampleFleet.fleet, .now(SampleFleet.now)).lines(width: width, color: false)
    }

    @Test(arguments: [60, 80, 100, 120, 160, 200])
    func `each host is one line at any width, the worst first`(width: Int) throws {
        let lines = lines(width)
        #expect(lines.count == 5)
        #expect(lines.allSatisfy { $0.displayWidth <= width })
        #expect(lines.dropFirst().map { $0.prefix { $0 != " " } }.first == "nas")
        #expect(lines[0].contains("STATE") && lines[0].contains("DISK") && lines[0].contains("CHECKED"))
    }

    @Test func `wide terminals show generation, revision, boot, autonomy and time until full`() {
        let wide = lines(200)
        for title in ["FULL IN", "FAILED", "GEN", "REVISION", "BOOT", "AUTONOMY", "FULLEST"] {
            #expect(wide[0].contains(title))
            #expect(!lines(60)[0].contains(title))
        }
        #expect(wide[1].contains("01234567") && wide[1].contains("auto-safe") && wide[1].contains("███████▌ /"))
    }

    @Test func `a pipe gets whole sentences`() {
        let table = FleetPage.glance(SampleFleet.fleet, .now(SampleFleet.now)).lines(width: nil, color: false)
        #expect(table[1].contains("nginx.service has failed."))
    }

    @Test func `findings that could not be checked again stay on the page`() {
        let page = FleetPage.page(SampleFleet.fleet).rendered(for: .wide(100))
        #expect(page.contains("could not be re-checked (last known):"))
        #expect(page.contains("a.service has failed."))
    }

    @Test func `consequences of a finding are listed below it`() {
        var host = SampleFleet.report("nas", findings: [SampleFleet.unit("nginx.service", on: "nas")])
        let other = SampleFleet.unit("php.service", on: "nas")
        host.findings[0].folded = [FindingReport(other, since: SampleFleet.now)]
        let page = FleetPage.page(FleetReport([host], now: SampleFleet.now)).rendered(for: .wide(100))
        #expect(page.contains("as a result:\n      critical php.service has failed."))
    }

    @Test func `what is known is one line with its note, and cannot steer the terminal`() {
        var host = SampleFleet.report("nas", findings: [SampleFleet.unit("nginx.service", on: "nas")])
        let word = Acknowledgement(
            by: "anna", at: SampleFleet.now, until: nil, note: "disk\u{1b}[2J ordered\u{202e}", severity: .critical,
            hosts: ["nas"], below: nil)
        host.findings[0].muted = .acknowledged(word)
        (host.alarm, host.state) = (.ok, .critical)
        let report = FleetReport([host], now: SampleFleet.now)
        let page = FleetPage.page(report).rendered(for: .wide(100))
        #expect(page.contains("known nginx.service has failed. (acknowledged by anna: disk·[2J ordered·)"))
        #expect(page.contains("critical, known") && page.contains("1 host has only known problems."))
        #expect(!page.contains("journalctl"))
        let others = FleetMarkdown.page(report) + FleetHTML.page(report)
        #expect(!others.unicodeScalars.contains("\u{1b}") && !others.unicodeScalars.contains("\u{202e}"))
        #expect(others.contains("acknowledged by anna"))
    }

    @Test func `the headline says how bad it is before how well`() {
        func words(_ summary: FleetReport.Summary) -> String {
            HostFormatting.headline(summary).map(\.text).joined(separator: " ")
        }
        #expect(words(.init()) == "No hosts.")
        #expect(words(.init(hosts: 3, ok: 3)) == "All 3 hosts are healthy.")
        #expect(words(.init(hosts: 1, ok: 1)) == "The host is healthy.")
        #expect(words(.init(hosts: 1, unknown: 1)) == "1 host is unknown.")
        #expect(
            words(.init(hosts: 9, ok: 5, warning: 2, critical: 2))
                == "2 of 9 hosts need attention now, 2 have warnings, 5 are healthy.")
    }

    @Test func `a host's page has every probe: its values with units, or why there are none and what helps`() {
        let host = SampleFleet.report("nas", used: 97, findings: [SampleFleet.unit("nginx.service", on: "nas")])
        let document = HostDocument(
            generatedAt: SampleFleet.now, summary: .init(), host: host, snapshot: SampleFleet.snapshot("nas", used: 97))
        let readings = document.readings
        #expect(readings.map(\.title) == ProbeCatalog.all.map { $0.name })
        #expect(readings.allSatisfy { !$0.facts.isEmpty })
        let page = HostPage.page(document).rendered(for: .wide(120))
        for part in [
            "600.0 KiB of 1000.0 KiB", "up      1 d", "97 % of 100 B", "0.4, 0.3, 0.2 on 4 processors",
            "disk full in",
            "journalctl -u nginx.service -n 50", "▁",
        ] {
            #expect(page.contains(part), "\(part)")
        }
        let journal = readings.first { $0.title == "journal" }
        #expect(journal?.facts.map(\.name) == ["unknown", "remedy"])
        #expect(page.contains("Check the host again."))
    }

    @Test func `the page of a host that was not reached says at which stage it failed and what helps`() {
        let document = HostDocument(
            generatedAt: SampleFleet.now, summary: .init(), host: SampleFleet.unreached("garage"), snapshot: nil)
        let page = HostPage.page(document).rendered(for: .wide(120))
        #expect(page.contains("failed at  connect"))
        #expect(page.contains("→ check whether it is on"))
        #expect(HostHTML.page(document).contains("failed at connect"))
    }

    @Test func `changes are printed as sentences, and hosts without data are named`() {
        let finding = SampleFleet.unit("nginx.service", on: "nas")
        let at = SampleFleet.now
        let report = ChangeReport(
            since: at.addingTimeInterval(-3600),
            changes: [
                Change(.found(finding), host: "nas", at: at.addingTimeInterval(-60)),
                Change(.resolved(finding, lastSeen: at), host: "web", at: at),
                Change(.generation(from: 41, to: nil), host: "web", at: at),
                Change(.state(from: .ok, to: .unknown, reason: .finding(.known(.unreachable))), host: "tv", at: at),
            ], comparedSince: ["web": at], unseen: ["old"], summary: .init(hosts: 1, ok: 1), now: at)
        let page = ChangesPage.page(report).rendered(for: .wide(200))
        for part in [
            "tv    unknown     was ok; unreachable", "nas   new", "critical: nginx.service has failed.", "resolved",
            "41 → ?", "nothing is known: old", "the oldest check kept",
        ] {
            #expect(page.contains(part), "\(part)\n\(page)")
        }
    }
}
