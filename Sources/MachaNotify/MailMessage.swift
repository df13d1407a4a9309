// SPDX-License-Identifier: MIT
import Foundation
import MachaModel

/// A message as a mail (rfc-editor.org/rfc/rfc5322): plain text and HTML, both in base64, so that no line of a host can be a
/// header, a boundary or a lone dot.
struct MailMessage {
    let message: NoticeMessage
    let from: String
    let to: [String]

    var bytes: [UInt8] {
        let drawing = MessageDrawing(message: message)
        let report = message.report.map { ReportDrawing(report: $0) }
        let boundary = "macha-\(Self.word(message.id))"
        let headers = [
            "From: Macha <\(from)>", "To: \(to.joined(separator: ", "))", "Subject: \(Self.encoded(drawing.title))",
            "Date: \(Self.date(message.at))", "Message-ID: <\(Self.word(message.id))@macha>",
            "Auto-Submitted: auto-generated", "MIME-Version: 1.0",
            "X-Priority: \(Self.priority(message.priority))",
            "Content-Type: multipart/alternative; boundary=\"\(boundary)\"",
        ]
        let parts =
            Self.part(
                "text/plain", report?.text(limit: Self.most) ?? drawing.plain(limit: Self.most), boundary)
            + Self.part(
                "text/html",
                report?.html(limit: Self.most, link: message.click) ?? drawing.html(limit: Self.most), boundary)
        return Array((headers + [""] + parts + ["--\(boundary)--", ""]).joined(separator: "\r\n").utf8)
    }

    /// Bytes of a part before it is encoded.
    private static let most = 60_000

    private static func part(_ type: String, _ text: String, _ boundary: String) -> [String] {
        ["--\(boundary)", "Content-Type: \(type); charset=utf-8", "Content-Transfer-Encoding: base64", ""]
            + lines(of: Data(text.utf8).base64EncodedString())
    }

    private static func lines(of text: String) -> [String] {
        let bytes = Array(text.utf8)
        return stride(from: 0, to: bytes.count, by: 76).map { at in
            String(decoding: bytes[at..<min(at + 76, bytes.count)], as: UTF8.self)
        }
    }

    /// Words of RFC 2047, each within 75 characters: whatever stands in the text, no line can end in it.
    static func encoded(_ text: String) -> String {
        var words: [String] = []
        var word = ""
        for character in text {
            if (word + String(character)).utf8.count > 42 {
                words.append(word)
                word = ""
            }
            word.append(character)
        }
        if !word.isEmpty { words.append(word) }
        return words.map { "=?utf-8?B?\(Data($0.utf8).base64EncodedString())?=" }.joined(separator: "\r\n ")
    }

    /// An id as it may stand in headers.
    private static func word(_ text: String) -> String {
        String(text.unicodeScalars.filter { $0.isASCII && $0.properties.isAlphabetic || ("0"..."9").contains($0) })
    }

    /// `Mon, 30 Nov 2026 17:43:44 +0000`
    private static func date(_ date: Date) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss Z"
        return formatter.string(from: date)
    }

    private static func priority(_ priority: NoticeMessage.Priority) -> Int {
        switch priority {
        case .low: 5
        case .normal: 3
        case .high: 1
        }
    }
}
