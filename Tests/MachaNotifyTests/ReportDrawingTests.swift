// SPDX-License-Identifier: MIT
import Foundation
import MachaModel
import MachaNotify
import MachaTestSupport
import Testing

struct ReportDrawingTests {
    private static let hostile = NotifierConformance.hostile

    static func document(_ texts: [String]) -> ReportDocument {
        ReportDocument(
            title: "Macha daily report: 1 critical", summary: ["Of 2 hosts, 1 is critical and 1 is healthy."],
            sections: [
                .init(
                    "Problems",
                    texts.map { .init(.critical, label: "critical, new", "nas: \($0)", detail: "since 29 Nov 22:14") },
                    command: "macha issues list"), .init("Done", [], command: ""),
            ], notes: ["From 29 Nov 07:30 to 30 Nov 07:30 (UTC)."])
    }

    @Test func `the Markdown of a report is this, and words of hosts are no markup in it`() {
        let markdown = ReportDrawing(report: Self.document(["_/srv_ is full", Self.hostile])).markdown(limit: 9_000)
        #expect(
            markdown == """
                # Macha daily report\\: 1 critical

                Of 2 hosts, 1 is critical and 1 is healthy.

                ## Problems

                - **critical, new** nas\\: \\_/srv\\_ is full (since 29 Nov 22\\:14)
                - **critical, new** nas\\: \\[reset\\](https\\://evil.example) \\!\\[x\\](https\\://evil.example/x.png) &lt;script&gt;alert(1)&lt;/script&gt; &#64;everyone (since 29 Nov 22\\:14)

                    macha issues list

                From 29 Nov 07\\:30 to 30 Nov 07\\:30 (UTC).

                """)
    }

    @Test func `the text of a report is this, and no address in it is whole`() {
        let text = ReportDrawing(report: Self.document([Self.hostile])).text(limit: 9_000)
        #expect(
            text == """
                # Macha daily report: 1 critical

                Of 2 hosts, 1 is critical and 1 is healthy.

                ## Problems

                - critical, new: nas: [reset](https: //evil.example) ![x](https: //evil.example/x.png) <script>alert(1)</script> @everyone (since 29 Nov 22:14)

                    macha issues list

                From 29 Nov 07:30 to 30 Nov 07:30 (UTC).

                """)
    }

    @Test func `the page of a report is this, loads nothing and links to the configuration's address only`() {
        let drawing = ReportDrawing(report: Self.document([Self.hostile]))
        let html = drawing.html(limit: 60_000, link: "https://macha.lan/?a=\"b\"")
        #expect(
            html.hasSuffix(
                """
                <h1>Macha daily report: 1 critical</h1>
                <p>Of 2 hosts, 1 is critical and 1 is healthy.</p>
                <h2>Problems</h2>
                <ul>
                <li><b style="color:#d9453b">critical, new</b> nas: [reset](https: //evil.example) ![x](https: //evil.example/x.png) &lt;script&gt;alert(1)&lt;/script&gt; @everyone <small>(since 29 Nov 22:14)</small></li>
                </ul>
                <p><code>macha issues list</code></p>
                <p><small>From 29 Nov 07:30 to 30 Nov 07:30 (UTC).</small></p>
                <p><a href="https://macha.lan/?a=&quot;b&quot;">Open Macha</a></p>
                </body></html>

                """), "\(html)")
        #expect(html.contains("default-src 'none'") && html.contains("content=\"light dark\""))
        for part in ["<img", "<script", "src=", "url(", "background"] { #expect(!html.contains(part), "\(part)") }
    }

    @Test(arguments: HostileTexts.all)
    func `no text of a host makes an element or a line of its own`(text: String) {
        let (plain, odd) = (Self.document(["plain"]), Self.document([text]))
        func lines(_ text: String) -> Int { text.split(separator: "\n", omittingEmptySubsequences: false).count }
        func tags(_ html: String) -> [Substring] { html.matches(of: /<[a-z\/!][^>]*>/).map(\.output) }
        let (one, other) = (ReportDrawing(report: plain), ReportDrawing(report: odd))
        #expect(lines(one.markdown(limit: 9_000)) == lines(other.markdown(limit: 9_000)))
        #expect(lines(one.text(limit: 9_000)) == lines(other.text(limit: 9_000)))
        #expect(tags(one.html(limit: 60_000, link: nil)) == tags(other.html(limit: 60_000, link: nil)))
    }

    @Test(arguments: [400, 1_000, 3_800])
    func `a report that is too long ends with the count of what is left out`(limit: Int) {
        let texts = (0..<60).map { "problem \($0) " + String(repeating: "ä", count: 60) }
        let drawing = ReportDrawing(report: Self.document(texts))
        for text in [drawing.markdown(limit: limit), drawing.text(limit: limit)] {
            #expect(text.utf8.count <= limit && text.hasSuffix(" more lines\n"), "\(text.suffix(60))")
        }
        let full = drawing.text(limit: 60_000)
        #expect(full.contains("- and 20 more\n") && !full.contains("more lines"))
    }
}

/// A report on its way to real receivers' protocols.
extension ReportDrawingTests {
    private func message(_ texts: [String]) -> NoticeMessage {
        var message = NotifierConformance.message("Macha daily report: 1 critical", [.init(.text, "in short")])
        message.report = Self.document(texts)
        return message
    }

    @Test(.enabled(if: Post.python != nil, "needs aiosmtpd; see script/bootstrap"))
    func `a report goes by mail as text and as a page`() async throws {
        let post = try await Post()
        try await post.notifier.send(message([Self.hostile, "ends\r\n.\r\nMAIL FROM:<evil@evil.example>"]))
        let mails = try post.mails()
        let mail = try #require(mails.first)
        #expect(mails.count == 1 && mail.headers.contains("Content-Type: multipart/alternative"))
        #expect(mail.subject == "Macha daily report: 1 critical" && mail.parts.count == 2)
        #expect(mail.parts[0].hasPrefix("# Macha daily report: 1 critical\n") && mail.parts[0].contains("## Problems"))
        #expect(mail.parts[1].hasPrefix("<!DOCTYPE html>") && mail.parts[1].contains("&lt;script&gt;"))
        #expect(!mail.parts[1].contains("<script") && !mail.parts.contains { $0.contains("in short") })
    }

    @Test(.enabled(if: PythonServer.isAvailable, "needs python3"), arguments: Desk.Kind.allCases)
    func `a report goes to a telephone in short, and to a webhook whole`(kind: Desk.Kind) async throws {
        let desk = try await Desk(kind, ["--token", "right"])
        let texts = (0..<60).map { "problem \($0) " + String(repeating: "€", count: 90) }
        try await desk.notifier.send(message(texts))
        let value = try #require(try await desk.posts().first).value
        let text = value["message"]?.string ?? ""
        switch kind {
        case .gotify: #expect(text.contains("## Problems") && text.contains("- and 56 more") && text.utf8.count < 8_000)
        case .ntfy: #expect(text.contains("Problems:") && text.contains("- and 56 more") && text.utf8.count < 3_800)
        case .webhook:
            #expect(text.contains("in short") && value["markdown"]?.string?.contains("- and 20 more") == true)
        }
    }
}
