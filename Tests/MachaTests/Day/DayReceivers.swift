// SPDX-License-Identifier: MIT
import Foundation
import HTTP
import MachaTestSupport

/// One receiver of each kind, and what has arrived there: Gotify, ntfy, a webhook, and a mail server.
struct DayReceivers: Sendable {
    private let scratch: Scratch
    private let servers: [(name: String, server: PythonServer)]
    private let mail: PythonServer

    static let python: String? = {
        let path = URL(filePath: LightLab.script).deletingLastPathComponent().appending(
            path: "../../.venv/bin/python"
        ).path
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }()

    init() async throws {
        scratch = try Scratch("macha-desk")
        var servers: [(String, PythonServer)] = []
        for name in ["phone", "ops", "desk"] {
            servers.append((name, try await PythonServer("notify/notice_double.py", ["--token", "right"])))
        }
        self.servers = servers
        mail = try await PythonServer(
            "notify/smtp_double.py", ["--record", scratch.path("mails")], python: Self.python, scratch: scratch)
    }

    private func url(_ name: String) -> String { servers.first { $0.name == name }?.server.url ?? "" }

    /// The configuration that tells them: what is critical to the phone, what is not to the desk, storage by mail, approvals
    /// to those who work.
    func configuration() throws -> String {
        let token = try scratch.write("right", to: "token")
        return """
            notifications:
              receivers:
                phone: { kind: gotify, url: "\(url("phone"))", token-file: "\(token)" }
                ops: { kind: ntfy, url: "\(url("ops"))", topic: macha, token-file: "\(token)" }
                desk: { kind: webhook, url: "\(url("desk"))/hook", secret-file: "\(token)" }
                mail: { kind: smtp, server: 127.0.0.1, port: \(mail.port), tls: none, from: macha@fleet.lan, to: me@fleet.lan }
              routes:
                - { receivers: [ops], kinds: [approval-waiting] }
                - { receivers: [mail], hosts: "@storage" }
                - { receivers: [phone], severity: critical }
                - { receivers: [desk] }
              quiet-hours: "22:00-06:00"

            """
    }

    /// How many notices have arrived, by receiver.
    func arrived() async throws -> [String: Int] {
        struct Post: Decodable { var path: String }
        var arrived: [String: Int] = [:]
        for (name, server) in servers {
            let answer = try await HTTPClient().fetch(HTTPRequest(.get, "\(server.url)/posts"))
            arrived[name] = try JSONDecoder().decode([Post].self, from: Data(answer.body)).count
        }
        arrived["mail"] = ((try? scratch.read("mails")) ?? "").split(separator: "\n").count
        return arrived
    }
}
