// SPDX-License-Identifier: MIT
import Foundation
import MachaModel
import MachaTestSupport
import Testing

/// `macha notify` as a person meets it, with doubles of Gotify behind it.
@Suite(.enabled(if: PythonServer.isAvailable, "needs python3"), .timeLimit(.minutes(10)))
struct NotifyCommandTests {
    @Test func `a person's own words arrive with their priority`() async throws {
        let desk = try await NotifyDesk(["--token", "right"])
        let (status, output, _) = try await desk.macha(["notify", "Backup", "The backup is *done*", "8"])
        #expect(status == 0 && output.contains("phone") && output.contains("sent"))
        let post = try #require(try desk.posts.first)
        #expect(post["title"]?.string == "Backup" && post["priority"]?.integer == 8)
        #expect(post["message"]?.string?.contains("\\*done\\*") ?? false)
        let log = try JSONValue.parse(try await desk.macha(["notify", "log", "--json"]).output)
        #expect(log["notices"]?.array?.first?["state"]?.string == "sent")
    }

    @Test func `without a receiver it says what to write, and ends with 1`() async throws {
        let desk = try await NotifyDesk()
        let (status, output, errors) = try await desk.macha(["notify", "a", "b"], configured: false)
        #expect(status == 1 && errors.contains("no receiver is configured") && output.contains("token-file"))
    }

    @Test func `a test says why it does not arrive`() async throws {
        let desk = try await NotifyDesk(["--token", "other"])
        let (status, output, _) = try await desk.macha(["notify", "test"])
        #expect(status == 1 && output.contains("401") && !output.contains("right"))
        let unknown = try await desk.macha(["notify", "test", "phon"])
        #expect(unknown.status == 64 && unknown.errors.contains("did you mean 'phone'?"))
    }

    @Test func `a token that others may read is not used`() async throws {
        let desk = try await NotifyDesk()
        try desk.scratch.write("right\n", to: "token", permissions: 0o644)
        let (status, output, _) = try await desk.macha(["notify", "test"])
        #expect(status == 1 && output.contains("token"))
        #expect(try desk.posts.isEmpty)
    }

    @Test func `a check tells what it found, once, and the route is explained`() async throws {
        let desk = try await NotifyDesk(["--token", "right"])
        for _ in 0..<2 { _ = try await desk.macha(["check", "--no-model", "--no-act"]) }
        let posts = try desk.posts
        #expect(posts.count == 1)
        #expect(posts.first?["title"]?.string?.contains("gone") ?? false)
        let route = try await desk.macha(["notify", "route", "1"])
        #expect(route.status == 0 && route.output.contains("takes it: phone"), "\(route)")
        #expect(try await desk.macha(["notify", "route", "99"]).status == 64)
    }

    @Test func `a check that must tell nobody tells nobody`() async throws {
        let desk = try await NotifyDesk()
        _ = try await desk.macha(["check", "--no-model", "--no-act", "--no-notify"])
        #expect(try desk.posts.isEmpty)
    }

    @Test func `what does not arrive stays in the outbox and is said`() async throws {
        let desk = try await NotifyDesk(["--fail", "1"])
        let (_, _, errors) = try await desk.macha(["check", "--no-model", "--no-act"])
        #expect(errors.contains("1 notice for phone could not be sent"))
        let log = try await desk.macha(["notify", "log"])
        #expect(log.output.contains("waiting"))
    }
}
