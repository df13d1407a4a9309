// SPDX-License-Identifier: MIT
import Foundation
import Macha
import MachaFindings
import MachaModel
import MachaTestSupport
import Testing

@testable import MachaViews

struct HTMLTests {
    /// Tags of a page in order, by a reader of our own: a tag begins at `<` and ends at the `>` outside of quotes.
    private func tags(_ page: String) -> [String] {
        var tags: [String] = []
        var rest = page[...]
        while let start = rest.firstIndex(of: "<") {
            var quote: Character?
            var end = rest.index(after: start)
            while end < rest.endIndex, quote != nil || rest[end] != ">" {
                if let open = quote {
                    quote = rest[end] == open ? nil : open
                } else if "\"'".contains(rest[end]) {
                    quote = rest[end]
                }
                end = rest.index(after: end)
            }
            tags.append(String(rest[rest.index(after: start)..<end]))
            rest = rest[end...]
        }
        return tags
    }

    private func names(_ page: String) -> [String] {
        tags(page).map { String($0.prefix { !$0.isWhitespace && $0 != "/" || $0 == "!" }) }
    }

    private func attributes(_ page: String) -> Set<String> {
        let pattern = /(?:^|\s)([A-Za-z-]+)=/
        return Set(
            tags(page).flatMap { tag in
                // Quoted values are no names of attributes.
                tag.replacing(/"[^"]*"/, with: "\"\"").matches(of: pattern).map { String($0.output.1) }
            })
    }

    private func page(hostile text: String) -> String {
        let finding = Finding(
            .unitFailed, host: text, subject: text, .critical, text, evidence: [text, text + "2"], remedy: text)
        var host = SampleFleet.report("nas", used: 97, findings: [finding])
        host.figures.diskMount = UntrustedText(text)
        for index in host.trends.indices { host.trends[index].name = UntrustedText(text) }
        host.host = text
        host.reason = .finding(RecordedKind(text))
        host.figures.revision = UntrustedText(text)
        host.figures.system = UntrustedText(text)
        host.unconfirmed = [FindingReport(finding, since: SampleFleet.now)]
        host.findings[0].folded = [FindingReport(finding, since: SampleFleet.now)]
        return FleetHTML.page(FleetReport([host], now: SampleFleet.now))
    }

    @Test(arguments: SampleFleet.attacks)
    func `no text of a host becomes markup on a page`(attack: String) {
        let (hostile, harmless) = (page(hostile: attack), page(hostile: "plain"))
        #expect(names(hostile) == names(harmless))
        #expect(attributes(hostile) == attributes(harmless))
        #expect(!names(hostile).contains { $0.lowercased().hasPrefix("script") || $0.lowercased().hasPrefix("img") })
        #expect(
            hostile.unicodeScalars.allSatisfy { scalar in
                scalar == "\n" || ![.control, .format, .privateUse].contains(scalar.properties.generalCategory)
            })
    }

    @Test(arguments: SampleFleet.attacks)
    func `the pages of one host and of changes hold against the same`(attack: String) {
        func detail(_ text: String) -> String {
            var host = SampleFleet.report("nas", findings: [SampleFleet.unit(text, on: "nas", evidence: text)])
            host.contactFailure = ContactFailure(.broken, stage: .exec, message: text, remedy: text)
            return HostHTML.page(
                HostDocument(
                    generatedAt: SampleFleet.now, summary: .init(), host: host,
                    snapshot: SampleFleet.snapshot("nas")))
        }
        func changes(_ text: String) -> String {
            let found = Change(.found(SampleFleet.unit(text, on: text)), host: text, at: SampleFleet.now)
            let revision = Change(
                .revision(from: UntrustedText(text), to: UntrustedText(text)), host: text, at: SampleFleet.now)
            return ChangesPage.html(
                ChangeReport(
                    since: SampleFleet.now, changes: [found, revision], comparedSince: [:], unseen: [text],
                    summary: .init(), now: SampleFleet.now))
        }
        #expect(Set(names(detail(attack))) == Set(names(detail("plain"))))
        #expect(names(changes(attack)) == names(changes("plain")))
        #expect(attributes(detail(attack)) == attributes(detail("plain")))
    }

    @Test func `a page is one file: no script, nothing to fetch, light and dark`() {
        let page = FleetHTML.page(SampleFleet.fleet)
        #expect(
            !page.contains("<script") && !page.contains("http:") && !page.contains("https:") && !page.contains("url("))
        #expect(page.contains("default-src 'none'"))
        #expect(page.contains("prefers-color-scheme:dark"))
        #expect(page.contains("width=device-width"))
        #expect(page.contains("@media print"))
    }

    @Test func `the worst host stands first, and what nobody knows is a question mark`() throws {
        let page = FleetHTML.page(SampleFleet.fleet)
        let rows = page.components(separatedBy: "</table>")[0].components(separatedBy: "<tr ").dropFirst()
        #expect(rows.map { $0.contains("critical") } == [true, false, false, false])
        let garage = try #require(rows.first { $0.contains("garage") })
        #expect(garage.contains("unknown"))
        #expect(garage.components(separatedBy: "class=q>?").count == 7)
        #expect(page.contains("1 of 4 hosts needs attention now, 2 are unknown, 1 is healthy."))
        #expect(page.contains("never checked"))
        #expect(page.contains("full about 2027-01-"))
        #expect(page.contains("Could not be re-checked"))
    }

    @Test func `a hole in what is known is a hole in the line`() {
        let at = SampleFleet.now
        let points = [0.0, 60, 120, 1000, 1060].map {
            Trend.Point(time: at.addingTimeInterval($0), value: 0.5, low: 0.5, high: 0.5)
        }
        let drawn = Sparkline.svg(Trend("memory", .share, points)).text
        #expect(drawn.components(separatedBy: "M").count == 3)
        #expect(Sparkline.label(Trend("memory", .share, points)).text == "memory: steady at 50 %")
    }

    @Test func `the overview of 100 hosts, a fifth of them in trouble, has at most 100 KB`() {
        let hosts = (0..<100).map { number in
            let name = "host-\(number)"
            let found = (0..<2).map {
                SampleFleet.unit("service-\($0).service", on: name, evidence: String(repeating: "x", count: 120))
            }
            return SampleFleet.report(name, used: number, findings: number % 5 == 0 ? found : [])
        }
        let page = FleetHTML.page(FleetReport(hosts, now: SampleFleet.now))
        #expect(page.utf8.count <= 100_000, "\(page.utf8.count) bytes")
        #expect(page.components(separatedBy: "<tr ").count == 101)
    }

    @Test func `an overview keeps to its size however much is wrong, with the worst in full and nothing left out`() {
        let hosts = (0..<100).map { number in
            let name = "host-\(number)"
            let found = (0..<6).map {
                SampleFleet.unit("service-\($0).service", on: name, evidence: String(repeating: "evidence ", count: 30))
            }
            return SampleFleet.report(name, used: number, findings: found)
        }
        let page = FleetHTML.page(FleetReport(hosts, now: SampleFleet.now))
        #expect(page.utf8.count <= 110_000, "\(page.utf8.count) bytes")
        let sections = page.components(separatedBy: "<section id=h").dropFirst()
        #expect(sections.count == 100)
        #expect(
            sections.first?.contains("evidence evidence") == true,
            "\(page.utf8.count) bytes, sections of \(sections.map(\.utf8.count))")
        #expect(sections.last?.contains("4 more, and the evidence: <code>macha status host-") == true)
        // No host in full below one in short.
        let isFull = sections.map { $0.contains("<pre>") }
        #expect(isFull == isFull.sorted { $0 && !$1 })
    }
}
