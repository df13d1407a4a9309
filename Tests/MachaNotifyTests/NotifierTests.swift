// SPDX-License-Identifier: MIT
import Foundation
import HTTP
import MachaInventory
import MachaModel
import MachaNotify
import MachaTestSupport
import Testing

/// A receiver's double and the way to it.
struct Desk {
    let server: PythonServer
    let kind: Kind
    let notifier: any Notifier

    enum Kind: String, CaseIterable, Sendable { case gotify, ntfy, webhook }

    init(_ kind: Kind, _ arguments: [String] = [], token: String = "right") async throws {
        let server = try await PythonServer("notify/notice_double.py", arguments)
        self.server = server
        self.kind = kind
        let settings: ReceiverSettings.Kind =
            switch kind {
            case .gotify: .gotify(url: server.url, token: .file("/token"))
            case .ntfy: .ntfy(url: server.url, topic: "macha", token: .file("/token"))
            case .webhook: .webhook(url: "\(server.url)/hook", secret: .file("/token"))
            }
        let notifiers = Notifiers(read: { _ in token }, now: { 1_780_315_200 })
        notifier = try notifiers.notifier(ReceiverSettings(name: "desk", kind: settings, certificateFile: nil))
    }

    struct Post: Decodable {
        var path: String
        var headers: [String: String]
        var body: String

        var value: JSONValue { get throws { try JSONValue.parse(body) } }
    }

    func posts() async throws -> [Post] {
        let answer = try await HTTPClient().fetch(HTTPRequest(.get, "\(server.url)/posts"))
        return try JSONDecoder().decode([Post].self, from: Data(answer.body))
    }

    /// What a person would read. Only Gotify draws Markdown, and not in titles.
    func texts() async throws -> [NotifierConformance.Arrived] {
        try await posts().map { post in
            let value = try post.value
            let message = value["message"]?.string ?? ""
            return NotifierConformance.Arrived(
                text: "\(value["title"]?.string ?? "")\n\(message)", markup: kind == .gotify ? message : "")
        }
    }

    func failure(_ message: NoticeMessage = NotifierConformance.message("t", [])) async throws -> NotifierError {
        try await #require(throws: NotifierError.self) { try await notifier.send(message) }
    }
}

@Suite(.enabled(if: PythonServer.isAvailable, "needs python3"))
struct NotifierTests {
    @Test(arguments: Desk.Kind.allCases, NotifierConformance.allCases)
    func `a notifier over HTTP does what the protocol promises`(
        kind: Desk.Kind, behaviour: NotifierConformance
    ) async throws {
        let desk = try await Desk(kind, ["--token", "right"])
        try await behaviour.check(desk.notifier) { try await desk.texts() }
    }

    @Test(arguments: NotifierConformance.allCases)
    func `the recording notifier does what the protocol promises`(behaviour: NotifierConformance) async throws {
        guard behaviour != .takesHostile else { return }  // it draws nothing
        let notifier = RecordingNotifier(name: "memory")
        try await behaviour.check(notifier) {
            notifier.messages.map {
                NotifierConformance.Arrived(
                    text: ([$0.title] + $0.lines.map(\.text)).joined(separator: "\n"), markup: "")
            }
        }
    }

    @Test func `Gotify gets its token by header, Markdown, a click and priority 8`() async throws {
        let desk = try await Desk(.gotify, ["--token", "right"])
        try await desk.notifier.send(NotifierConformance.message("t", [.init(.item, "full")]))
        let post = try #require(try await desk.posts().first)
        #expect(post.path == "/message")
        #expect(post.headers["x-gotify-key"] == "right")
        let value = try post.value
        #expect(value["priority"]?.integer == 8)
        #expect(value["extras"]?["client::display"]?["contentType"]?.string == "text/markdown")
        #expect(value["extras"]?["client::notification"]?["click"]?["url"]?.string == "https://macha.lan/issues")
    }

    @Test(arguments: [(NoticeMessage.Priority.low, 2), (.normal, 5), (.high, 8)])
    func `Gotify's priorities are 2, 5 and 8`(priority: NoticeMessage.Priority, number: Int) async throws {
        let desk = try await Desk(.gotify)
        var message = NotifierConformance.message("t", [])
        message.priority = priority
        try await desk.notifier.send(message)
        #expect(try await desk.posts().first?.value["priority"]?.integer == number)
    }

    @Test func `ntfy gets topic, tags, actions and its token`() async throws {
        let desk = try await Desk(.ntfy, ["--token", "right"])
        try await desk.notifier.send(NotifierConformance.message("t", [.init(.item, "full")]))
        let post = try #require(try await desk.posts().first)
        let value = try post.value
        #expect(post.path == "/" && post.headers["authorization"] == "Bearer right")
        #expect(value["topic"]?.string == "macha" && value["priority"]?.integer == 5)
        #expect(value["tags"]?.array == [.string("new"), .string("rotating_light")])
        #expect(value["actions"]?.array?.first?["url"]?.string == "https://macha.lan/issues")
    }

    @Test func `a webhook is signed over its timestamp and body`() async throws {
        let desk = try await Desk(.webhook)
        try await desk.notifier.send(NotifierConformance.message("t", []))
        let post = try #require(try await desk.posts().first)
        let expected = MessageSignature.hex(of: Array("1780315200.\(post.body)".utf8), key: Array("right".utf8))
        #expect(post.headers["x-macha-timestamp"] == "1780315200")
        #expect(post.headers["x-macha-signature"] == "sha256=\(expected)")
        #expect(post.headers["x-macha-id"] == "id1")
    }

    @Test func `HMAC-SHA256 agrees with RFC 4231`() {
        let mac = MessageSignature.hex(of: Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8))
        #expect(mac == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        let long = MessageSignature.hex(
            of: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            key: [UInt8](repeating: 0xaa, count: 131))
        #expect(long == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
    }

    @Test(arguments: [503, 500, 429, 408])
    func `a server that cannot just now may be tried again`(status: Int) async throws {
        let desk = try await Desk(.gotify, ["--fail", "1", "--status", "\(status)"])
        #expect(!(try await desk.failure()).isPermanent)
        try await desk.notifier.send(NotifierConformance.message("t", []))
        #expect(try await desk.posts().count == 1)
    }

    @Test(arguments: [400, 413, 422])
    func `a server that refuses the message will always refuse it`(status: Int) async throws {
        let desk = try await Desk(.gotify, ["--fail", "1", "--status", "\(status)"])
        #expect((try await desk.failure()).isPermanent)
    }

    @Test func `a wrong token is named, may be mended, and is not shown`() async throws {
        let desk = try await Desk(.gotify, ["--token", "right"], token: "wrong-secret")
        let error = try await desk.failure()
        #expect(error.kind == .retryable(after: 900))
        #expect(
            error.message.contains("desk") && error.message.contains("401") && error.message.contains("check the token")
        )
        #expect(!error.message.contains("wrong-secret"))
    }

    @Test func `a server that hangs is given up when its task is cancelled`() async throws {
        let desk = try await Desk(.gotify, ["--hang"])
        let sending = Task { try await desk.notifier.send(NotifierConformance.message("t", [])) }
        sending.cancel()
        await #expect(throws: NotifierError.self) { try await sending.value }
    }

    @Test func `a port where nobody listens may be tried again`() async throws {
        let desk = try await Desk(.ntfy)
        desk.server.stop()
        #expect(!(try await desk.failure()).isPermanent)
    }
}
