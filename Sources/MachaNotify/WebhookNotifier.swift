// SPDX-License-Identifier: MIT
import HTTP
import MachaModel
import struct Foundation.Date

/// A webhook: JSON for programs, Apprise and shoutrrr among them.
///
/// With a secret, `X-Macha-Signature: sha256=…` is the HMAC-SHA256 of timestamp, a point and the body, so that a receiver can
/// tell who sent it and refuse what is old; `X-Macha-Id` is the same for each attempt.
struct WebhookNotifier: Notifier {
    let http: NotifierHTTP
    let url: String
    let secret: String?
    /// Seconds since 1970.
    let now: @Sendable () -> Int

    var name: String { http.name }

    func send(_ message: NoticeMessage) async throws(NotifierError) {
        let drawing = MessageDrawing(message: message)
        var members: [JSONValue.Member] = [
            .init("version", .integer(1)), .init("id", .string(message.id)), .init("receiver", .string(name)),
            .init("title", .string(message.title)), .init("message", .string(drawing.plain(limit: 16_000))),
            .init("priority", .string(message.priority.rawValue)),
            .init("tags", .array(message.tags.map { .string($0) })),
            .init("at", .number(message.at.timeIntervalSince1970)),
            .init(
                "lines",
                .array(
                    message.lines.map {
                        .object([.init("kind", .string($0.kind.rawValue)), .init("text", .string($0.text))])
                    })),
        ]
        if let report = message.report {
            members.append(.init("markdown", .string(ReportDrawing(report: report).markdown(limit: 60_000))))
        }
        if let click = message.click { members.append(.init("click", .string(click))) }
        let body = JSONValue.object(members).text
        let time = "\(now())"
        var headers = [(name: "X-Macha-Id", value: message.id), (name: "X-Macha-Timestamp", value: time)]
        if let secret {
            let signature = MessageSignature.hex(of: Array("\(time).\(body)".utf8), key: Array(secret.utf8))
            headers.append((name: "X-Macha-Signature", value: "sha256=\(signature)"))
        }
        try await http.post(url, headers, body: Array(body.utf8))
    }
}
