// SPDX-License-Identifier: MIT
import HTTP
import MachaModel

/// Gotify (gotify.net/docs/pushmsg): one application's token, Markdown, priorities 2, 5 and 8.
struct GotifyNotifier: Notifier {
    let http: NotifierHTTP
    let url: String
    let token: String

    var name: String { http.name }

    func send(_ message: NoticeMessage) async throws(NotifierError) {
        let drawing = MessageDrawing(message: message)
        var notification: [JSONValue.Member] = []
        if let click = message.click {
            notification.append(.init("click", .object([.init("url", .string(click))])))
        }
        let display = JSONValue.object([.init("contentType", .string("text/markdown"))])
        var extras: [JSONValue.Member] = [.init("client::display", display)]
        if !notification.isEmpty { extras.append(.init("client::notification", .object(notification))) }
        // An empty message is refused.
        let text =
            message.report.map {
                ReportDrawing(report: $0.brief).markdown(limit: 8_000)
            }
            ?? drawing.markdown(limit: 8_000)
        let body = JSONValue.object([
            .init("title", .string(drawing.title)), .init("message", .string(text.isEmpty ? drawing.title : text)),
            .init("priority", .integer(Self.priority(message.priority))), .init("extras", .object(extras)),
        ])
        // By header: a token in the URL ends up in the logs of proxies.
        try await http.post("\(url)/message", [("X-Gotify-Key", token)], body: Array(body.text.utf8))
    }

    private static func priority(_ priority: NoticeMessage.Priority) -> Int {
        switch priority {
        case .low: 2
        case .normal: 5
        case .high: 8
        }
    }
}
