// SPDX-License-Identifier: MIT
import HTTP
import MachaModel

/// ntfy (docs.ntfy.sh/publish): JSON to the server's root, plain text, because not every client draws Markdown.
struct NtfyNotifier: Notifier {
    let http: NotifierHTTP
    let url: String
    let topic: String
    let token: String?

    var name: String { http.name }

    func send(_ message: NoticeMessage) async throws(NotifierError) {
        let drawing = MessageDrawing(message: message)
        // Over 4,096 bytes it would become an attachment.
        let text =
            message.report.map { ReportDrawing(report: $0.brief).plain(limit: 3_800) }
            ?? drawing.plain(limit: 3_800)
        var members: [JSONValue.Member] = [
            .init("topic", .string(topic)), .init("title", .string(drawing.title)),
            .init("message", .string(text.isEmpty ? drawing.title : text)),
            .init("priority", .integer(Self.priority(message.priority))),
            .init("tags", .array((message.tags + Self.symbol(message)).map { .string($0) })),
        ]
        if let click = message.click {
            let view: [JSONValue.Member] = [
                .init("action", .string("view")), .init("label", .string("Open Macha")), .init("url", .string(click)),
            ]
            members += [.init("click", .string(click)), .init("actions", .array([.object(view)]))]
        }
        let headers = token.map { [(name: "Authorization", value: "Bearer \($0)")] } ?? []
        try await http.post(url, headers, body: Array(JSONValue.object(members).text.utf8))
    }

    private static func priority(_ priority: NoticeMessage.Priority) -> Int {
        switch priority {
        case .low: 2
        case .normal: 3
        case .high: 5
        }
    }

    /// Tags that ntfy shows as a picture.
    private static func symbol(_ message: NoticeMessage) -> [String] {
        if message.tags.contains("resolved") { return ["white_check_mark"] }
        return message.priority == .high ? ["rotating_light"] : []
    }
}
