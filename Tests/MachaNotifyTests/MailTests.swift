// SPDX-License-Identifier: MIT
import Foundation
import MachaInventory
import MachaModel
import MachaNotify
import MachaTestSupport
import Testing

/// A mail server and the way to it.
struct Post {
    let scratch: Scratch
    let server: PythonServer
    let notifier: any Notifier

    static let python: String? = {
        var root = URL(filePath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        let path = root.appending(path: ".venv/bin/python").path
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }()

    init(
        _ arguments: [String] = [], tls: MailSettings.Encryption = .none, user: String? = nil, password: String = "",
        scratch: Scratch? = nil, certificate: String? = nil
    ) async throws {
        let scratch = try scratch ?? Scratch("macha-mail")
        self.scratch = scratch
        server = try await PythonServer(
            "notify/smtp_double.py", ["--record", scratch.path("mails")] + arguments, python: Self.python,
            scratch: scratch)
        let settings = MailSettings(
            server: tls == .none ? "127.0.0.1" : "localhost", port: server.port, encryption: tls, user: user,
            password: user == nil ? nil : .file("/password"), from: "macha@fleet.lan",
            to: ["me@fleet.lan", "you@fleet.lan"])
        notifier = try Notifiers(read: { _ in password }, now: { 0 }).notifier(
            ReceiverSettings(name: "mail", kind: .smtp(settings), certificateFile: certificate))
    }

    struct Mail: Decodable {
        var from: String
        var to: [String]
        var tls: Bool
        var login: Bool
        var data: String

        /// The headers, and the parts as they read.
        var headers: String { data.replacing("\r\n", with: "\n").components(separatedBy: "\n\n")[0] }

        var parts: [String] {
            data.replacing("\r\n", with: "\n").components(separatedBy: "base64\n\n").dropFirst().map { part in
                let text = part.components(separatedBy: "\n--")[0].replacing("\n", with: "")
                return String(decoding: Data(base64Encoded: text) ?? Data(), as: UTF8.self)
            }
        }

        var subject: String {
            let lines = headers.replacing("\n ", with: " ").split(separator: "\n")
            let line = lines.first { $0.hasPrefix("Subject: ") }?.dropFirst("Subject: ".count) ?? ""
            return line.split(separator: " ").map { word in
                let text = word.dropFirst("=?utf-8?B?".count).dropLast(2)
                return String(decoding: Data(base64Encoded: String(text)) ?? Data(), as: UTF8.self)
            }.joined()
        }
    }

    func mails() throws -> [Mail] {
        guard let text = try? scratch.read("mails") else { return [] }
        return try text.split(separator: "\n").map { try JSONDecoder().decode(Mail.self, from: Data($0.utf8)) }
    }
}

@Suite(.enabled(if: Post.python != nil, "needs aiosmtpd; see script/bootstrap"))
struct MailTests {
    @Test(arguments: NotifierConformance.allCases)
    func `a notifier over SMTP does what the protocol promises`(behaviour: NotifierConformance) async throws {
        let post = try await Post()
        try await behaviour.check(post.notifier) {
            try post.mails().map {
                NotifierConformance.Arrived(
                    text: ([$0.subject] + $0.parts).joined(separator: "\n"), markup: $0.parts.last ?? "")
            }
        }
    }

    @Test func `a mail has its recipients, both parts and no header of a host's making`() async throws {
        let post = try await Post()
        var message = NotifierConformance.message("x", [.init(.item, "a & <b>")])
        message.title = "full\r\nBcc: evil@evil.example\r\n\r\nhello"
        try await post.notifier.send(message)
        let mail = try #require(try post.mails().first)
        #expect(mail.from == "macha@fleet.lan" && mail.to == ["me@fleet.lan", "you@fleet.lan"])
        #expect(!mail.headers.contains("Bcc") && mail.headers.contains("Auto-Submitted: auto-generated"))
        #expect(mail.headers.contains("Message-ID: <id1@macha>"))
        #expect(mail.parts.count == 2)
        #expect(mail.parts[0].contains("a & <b>") && mail.parts[1].contains("a &amp; &lt;b&gt;"))
    }

    @Test func `a login goes over TLS only`() async throws {
        let scratch = try Scratch("macha-mail")
        try certificate(in: scratch)
        let arguments = ["--certificate", scratch.path("both"), "--login", "macha:geheim"]
        let post = try await Post(
            arguments, tls: .starttls, user: "macha", password: "geheim", scratch: scratch,
            certificate: scratch.path("certificate"))
        try await post.notifier.send(NotifierConformance.message("t", []))
        let mail = try #require(try post.mails().first)
        #expect(mail.tls && mail.login)
    }

    @Test func `a wrong password is named and not shown`() async throws {
        let scratch = try Scratch("macha-mail")
        try certificate(in: scratch)
        let arguments = ["--certificate", scratch.path("both"), "--login", "macha:geheim"]
        let post = try await Post(
            arguments, tls: .starttls, user: "macha", password: "falsch", scratch: scratch,
            certificate: scratch.path("certificate"))
        let error = try await #require(throws: NotifierError.self) {
            try await post.notifier.send(NotifierConformance.message("t", []))
        }
        #expect(error.message.contains("refuses the login") && !error.message.contains("falsch"), "\(error)")
        #expect(try post.mails().isEmpty)
    }

    @Test func `a server without TLS gets nothing where TLS is demanded`() async throws {
        let post = try await Post(tls: .starttls, user: "macha", password: "geheim")
        await #expect(throws: NotifierError.self) {
            try await post.notifier.send(NotifierConformance.message("t", []))
        }
        #expect(try post.mails().isEmpty)
    }

    @Test(arguments: [(451, false), (550, true)])
    func `a server that refuses for now is tried again, one that refuses for good is not`(
        status: Int, isPermanent: Bool
    ) async throws {
        let post = try await Post(["--fail", "1", "--status", "\(status)"])
        let error = try await #require(throws: NotifierError.self) {
            try await post.notifier.send(NotifierConformance.message("t", []))
        }
        #expect(error.isPermanent == isPermanent)
    }

    @Test func `a mail server that hangs is given up when its task is cancelled`() async throws {
        let listener = try Loopback.Listener()
        defer { listener.close() }
        let settings = MailSettings(
            server: "127.0.0.1", port: listener.port, encryption: .none, user: nil, password: nil, from: "a@b",
            to: ["c@d"])
        let notifier = try Notifiers(read: { _ in "" }, now: { 0 }).notifier(
            ReceiverSettings(name: "mail", kind: .smtp(settings), certificateFile: nil))
        let sending = Task { try await notifier.send(NotifierConformance.message("t", [])) }
        sending.cancel()
        await #expect(throws: NotifierError.self) { try await sending.value }
    }

    private func certificate(in scratch: Scratch) throws {
        try run(
            which("openssl") ?? "openssl",
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
                "subjectAltName=DNS:localhost", "-keyout", scratch.path("key"), "-out", scratch.path("certificate"),
            ])
        try scratch.write(try scratch.read("key") + (try scratch.read("certificate")), to: "both")
    }
}
