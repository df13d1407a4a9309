// SPDX-License-Identifier: MIT
import Foundation
import Macha
import MachaActions
import MachaInventory
import MachaModel
import MachaTestSupport
import Testing

@testable import MachaViews

/// Pages that are read later than they are made: as HTML and as Markdown.
struct KeptPageTests {
    private static let utc = TimeZone(identifier: "UTC") ?? .current
    private static let long = "a-machine-" + String(repeating: "with-a-long-name-", count: 4)

    private static let approval = ApprovalNote(
        id: 7, host: "nas", title: "Restart nginx.service", risk: .low, isWaiting: true,
        reason: "suggest asks before actions of low risk", expiresAt: SampleFleet.now.addingTimeInterval(86_400))
    private static let repair = RepairNote(
        host: "atlas", title: "Restart web.service", outcome: .verified, at: SampleFleet.now.addingTimeInterval(-600),
        approval: 3, note: "web.service is active")

    private static var report: FleetReport {
        let found = [SampleFleet.unit("nginx.service", on: "nas")]
        var report = FleetReport(
            [
                SampleFleet.report("atlas"), SampleFleet.report("nas", used: 97, findings: found),
                SampleFleet.report(long, used: 98, findings: [SampleFleet.unit("x.service", on: long)]),
                SampleFleet.unreached("garage"), SampleFleet.unreached("cellar"), SampleFleet.unreached("attic"),
                HostReport(neverChecked: FleetHost(name: "new", connection: .local)),
            ], of: ["garage", "cellar", "attic"].map { FleetHost(name: $0, connection: .local) }, now: SampleFleet.now)
        report.approvals = [approval]
        report.repairs = [repair]
        return report
    }

    private static var document: HostDocument {
        let found = [SampleFleet.unit("nginx.service", on: "nas")]
        let host = SampleFleet.report("nas", used: 97, findings: found)
        return HostDocument(
            generatedAt: SampleFleet.now, summary: .init(), host: host, repairs: [repair], approvals: [approval],
            snapshot: SampleFleet.snapshot("nas", used: 97))
    }

    private static var changes: String {
        ChangesPage.html(
            ChangeReport(
                since: SampleFleet.now.addingTimeInterval(-3600),
                changes: [Change(.rebooted, host: "nas", at: SampleFleet.now.addingTimeInterval(-60))],
                comparedSince: [:], unseen: [], summary: .init(), now: SampleFleet.now))
    }

    private static let pages: [String: String] = [
        "fleet.html": FleetHTML.page(report, zone: utc), "host.html": HostHTML.page(document, zone: utc),
        "fleet.md": FleetMarkdown.page(report), "host.md": FleetMarkdown.page(document), "changes.html": changes,
    ]

    @Test(arguments: pages.keys.sorted())
    func `a kept page says times and no ages, which would be untrue an hour later`(name: String) throws {
        let page = try #require(Self.pages[name])
        #expect(page.firstMatch(of: /just now|\d (s|min|h|d|months|years) ago|\(for \d/) == nil)
        #expect(page.contains(/As of 2027-01-1[456] \d\d/))
    }

    @Test(arguments: ["fleet.html", "host.html", "fleet.md", "host.md"])
    func `a kept page has what waits for approval, and what was repaired`(name: String) throws {
        let page = try #require(Self.pages[name])
        for part in ["Waiting for your approval", "macha approve 7", "Repairs within the last day", "web.service"] {
            #expect(page.contains(part), "\(part)")
        }
    }

    @Test func `every link of a page leads to a part of it, from the list to each host in trouble and back`() throws {
        for page in Self.pages.filter({ $0.key.hasSuffix(".html") }).values {
            let ids = Set(page.matches(of: /\sid=([a-z0-9]+)/).map { String($0.output.1) })
            let targets = Set(page.matches(of: /href=([^ >]*)/).map { String($0.output.1) })
            #expect(targets.allSatisfy { $0.hasPrefix("#") && ids.contains(String($0.dropFirst())) }, "\(targets)")
        }
        let fleet = try #require(Self.pages["fleet.html"])
        let sections = fleet.components(separatedBy: "<section id=h").dropFirst()
        #expect(sections.count == 5)
        #expect(sections.allSatisfy { $0.contains("href=#hosts") })
        let table = fleet.components(separatedBy: "</table>")[0]
        #expect(table.components(separatedBy: "href=#h").count == 6)
    }

    /// Only what is short by its nature may stay on one line; everything else breaks anywhere rather than push the page wide.
    @Test func `no text of a host can make a page wider than its window`() {
        let style = Stylesheet.text.text
        let body = style.components(separatedBy: "body{")[1].prefix { $0 != "}" }
        #expect(body.contains("overflow-wrap:anywhere"))
        let unbroken = style.matches(of: /([^{}]*)\{[^{}]*white-space:nowrap[^{}]*\}/).map {
            $0.output.1.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        #expect(Set(unbroken) == [".i", ".f thead th", ".l td:nth-child(4),.l td:nth-child(5)"])
        #expect(!style.contains("max-content"))
        let fixed = style.matches(of: /[{;](?:min-)?width:([0-9.]+)rem/).compactMap { Double($0.output.1) }
        #expect(fixed.allSatisfy { $0 <= 11 }, "\(fixed)")
    }
}
