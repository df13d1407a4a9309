// SPDX-License-Identifier: MIT
import Foundation
import MachaModel
import MachaTestSupport

/// A folder with a configuration whose receiver is a double of Gotify, and the program in it.
struct NotifyDesk {
    let scratch: Scratch
    let server: PythonServer

    /// `arguments` are the double's; `more` stands below `notifications`.
    init(_ arguments: [String] = [], more: String = "") async throws {
        scratch = try Scratch()
        server = try await PythonServer("notify/notice_double.py", ["--record", scratch.path("posts")] + arguments)
        try scratch.write("right\n", to: "token")
        try scratch.write(
            """
            notifications:
              receivers:
                phone: { kind: gotify, url: "\(server.url)", token-file: "\(scratch.path("token"))" }
              \(more)
            """, to: "config.yaml")
        try scratch.write("hosts:\n  gone: { address: 127.0.0.1, port: 1 }\n", to: "fleet.yaml")
    }

    func macha(_ words: [String], configured: Bool = true) async throws -> (
        status: Int32, output: String, errors: String
    ) {
        let own = ["--state-dir", scratch.path("state"), "--inventory", scratch.path("fleet.yaml")]
        let child = try ChildProcess(
            BuiltMacha.path, words + own + (configured ? ["--config", scratch.path("config.yaml")] : []),
            environment: BuiltMacha.environment([
                "HOME": scratch.path("home"), "PATH": "/usr/bin:/bin", "COLUMNS": "100",
            ]), output: scratch.path("out"), errors: scratch.path("err"))
        return (await child.finished(), try scratch.read("out"), try scratch.read("err"))
    }

    var posts: [JSONValue] {
        get throws {
            guard let text = try? scratch.read("posts") else { return [] }
            return try text.split(separator: "\n").map {
                try JSONValue.parse((try JSONValue.parse($0))["body"]?.string ?? "")
            }
        }
    }
}
