// SPDX-License-Identifier: MIT
import Foundation
import MachaModel
import MachaTestSupport
import Testing

/// `macha report` as a person meets it, with a double of Gotify behind it.
@Suite(.enabled(if: PythonServer.isAvailable, "needs python3"), .timeLimit(.minutes(10)))
struct ReportCommandTests {
    @Test(arguments: ["daily", "weekly"])
    func `a fleet that was never checked is called unknown in every format`(kind: String) async throws {
        let desk = try await NotifyDesk()
        let text = try await desk.macha(["report", kind])
        #expect(text.status == 0 && text.output.hasPrefix("# Macha \(kind) report: 1 host unknown\n"), "\(text)")
        #expect(text.output.contains("gone was not checked in this time (never reached)"))
        let markdown = try await desk.macha(["report", kind, "--format", "markdown"]).output
        #expect(markdown.hasPrefix("# Macha \(kind) report\\: 1 host unknown\n"), "\(markdown)")
        let html = try await desk.macha(["report", kind, "--format", "html"]).output
        #expect(html.hasPrefix("<!DOCTYPE html>") && html.contains("<h1>Macha \(kind) report: 1 host unknown</h1>"))
        let json = try await desk.macha(["report", kind, "--format", "json"])
        #expect(json.output.contains("\"blind\"") && json.errors.isEmpty)
        let document = try JSONValue.parse(json.output)
        #expect(document["kind"]?.string == kind && document["summary"]?["unknown"]?.integer == 1)
        #expect(document["blind"]?.array?.first?["host"]?.string == "gone")
        #expect(try desk.posts.isEmpty)
    }

    @Test func `what is sent by hand is the report and its delivery is printed`() async throws {
        let desk = try await NotifyDesk(["--token", "right"])
        _ = try await desk.macha(["check", "--no-model", "--no-act", "--no-notify"])
        let sent = try await desk.macha(["report", "daily", "--send"])
        #expect(sent.status == 0 && sent.output.contains("phone") && sent.output.contains("sent"), "\(sent)")
        let posts = try desk.posts
        #expect(posts.count == 1)
        let post = try #require(posts.first)
        #expect(post["title"]?.string == "Macha daily report: 1 critical")
        #expect(post["message"]?.string?.contains("## Problems\n\n- **critical, new** gone") == true, "\(post)")
        let log = try await desk.macha(["notify", "log"]).output
        #expect(log.contains("Macha daily report"), "\(log)")
    }

    @Test func `a report that does not arrive ends with 1 and stays in the outbox`() async throws {
        let desk = try await NotifyDesk(["--token", "other"])
        let (status, output, _) = try await desk.macha(["report", "daily", "--send"])
        #expect(status == 1 && output.contains("401"), "\(output)")
    }

    @Test func `nobody to send to is said`() async throws {
        let desk = try await NotifyDesk()
        let (status, _, errors) = try await desk.macha(["report", "daily", "--send"], configured: false)
        #expect(status == 1 && errors.contains("no receiver is configured"), "\(errors)")
    }

    @Test(arguments: [
        (["report"], "kind"), (["report", "monthly"], "daily"),
        (["report", "daily", "--since", "2h later"], "--since"),
        (["report", "daily", "--json", "--format", "html"], "cannot be combined"),
        (["report", "daily", "--send", "--format", "html"], "cannot be combined"),
    ])
    func `words that make no report are refused with the reason`(words: [String], reason: String) async throws {
        let desk = try await NotifyDesk()
        let (status, output, errors) = try await desk.macha(words)
        #expect(status == 64 && output.isEmpty && errors.contains(reason), "\(errors)")
    }

    @Test func `a check from a timer sends the report that is due, once`() async throws {
        // Half a day from now, so that none becomes due meanwhile.
        let hour = (Int(Date().timeIntervalSince1970) / 3_600 + 12) % 24
        let desk = try await NotifyDesk(
            ["--token", "right"], more: "reports: { daily: \"\(hour):00\", time-zone: UTC }")
        func check() async throws { _ = try await desk.macha(["check", "--no-model", "--no-act"]) }
        func reports() throws -> Int {
            try desk.posts.count { $0["title"]?.string?.hasPrefix("Macha daily report") == true }
        }
        for _ in 0..<2 { try await check() }
        #expect(try reports() == 0)
        // Two days later, as far as the last report tells.
        try await SQLiteEdit.run(
            "UPDATE report SET due_at = due_at - 172800, made_at = made_at - 172800",
            in: desk.scratch.path("state/macha.db"))
        for _ in 0..<2 { try await check() }
        #expect(try reports() == 1)
    }
}
