// SPDX-License-Identifier: MIT
import Foundation
import Macha
import MachaFindings
import MachaModel
import MachaTestSupport
import Testing

@testable import MachaViews

/// A command is shown so that it can be copied as it is.
struct RemedyLinesTests {
    private static let command =
        "du -xh --max-depth=2 /srv/a-rather-long-folder/with-another-one/in-it  | sort -h | tail -n 20"
    private static let finding = Finding(
        .diskSpace, host: "nas", subject: "/srv", .critical, "/srv is 97 % full.",
        evidence: ["110 GiB"], figures: [.size: 118_112_681_984], remedy: "Find what grew.",
        commands: [command, "df -h /srv"])

    private var report: FleetReport {
        FleetReport([SampleFleet.report("nas", used: 97, findings: [Self.finding])], now: SampleFleet.now)
    }

    @Test(arguments: [30, 50, 80, 200])
    func `in a terminal each command has a line of its own, however narrow it is`(width: Int) {
        let page = FleetPage.page(report).rendered(for: .wide(width))
        let lines = page.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        #expect(lines.contains(Self.command) && lines.contains("df -h /srv"))
        #expect(lines.contains("→ Find what grew:"))
    }

    @Test func `in Markdown and HTML each command is an element of its own`() {
        let markdown = FleetMarkdown.page(report)
        #expect(markdown.contains("\n    - `\(Self.command)`\n"))
        #expect(markdown.contains("\n  - → Find what grew\\:\n"))
        let html = FleetHTML.page(report)
        #expect(html.contains("<p>→ Find what grew:</p><pre class=x><code>\(Self.command)</code></pre>"))
    }

    @Test func `JSON has sentence and commands apart, both in one text as before, and the exact figures`() throws {
        let data = try JSONEncoder().encode(report)
        let document = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let hosts = try #require(document["hosts"] as? [[String: Any]])
        let finding = try #require((hosts[0]["findings"] as? [[String: Any]])?.first)
        #expect(finding["advice"] as? String == "Find what grew.")
        #expect(finding["commands"] as? [String] == [Self.command, "df -h /srv"])
        #expect(finding["remedy"] as? String == "Find what grew: \(Self.command); df -h /srv")
        #expect((finding["figures"] as? [String: Int])?["size"] == 118_112_681_984)
    }

    @Test func `an advice without commands is a sentence, and commands without advice are introduced`() {
        var page = Page()
        RemedyLines.add("Check the fans.", [], to: &page, indent: 0)
        RemedyLines.add("", ["systemctl status"], to: &page, indent: 0)
        RemedyLines.add("", [], to: &page, indent: 0)
        #expect(page.rendered(for: .wide(80)) == "→ Check the fans.\n→ Run:\n    systemctl status\n")
    }
}
