// SPDX-License-Identifier: MIT

/// Makes one head of the header lines of an exchange, which may hold those of interim answers and redirects as well.
struct HeadReader {
    /// More than any sensible server sends.
    private static let limit = 256 << 10

    /// Whether an answer that points elsewhere is followed, so that its head is not the last.
    let followsRedirects: Bool
    private var head: HTTPHead?
    private var size = 0

    init(followsRedirects: Bool) { self.followsRedirects = followsRedirects }

    enum Step {
        case more
        case complete(HTTPHead)
        case tooLarge
    }

    /// Takes one line with its line break; the empty line ends a head.
    mutating func take(_ line: String) -> Step {
        size += line.utf8.count
        guard size <= Self.limit else { return .tooLarge }
        let text = line.prefix { $0 != "\r\n" && $0 != "\n" && $0 != "\r" }
        if text.hasPrefix("HTTP/"), let status = Self.status(text) {
            head = HTTPHead(status: status)
        } else if text.isEmpty {
            return end()
        } else if let colon = text.firstIndex(of: ":") {
            let value = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            head?.fields.append(HTTPHead.Field(name: String(text[..<colon]), value: String(value)))
        }
        return .more
    }

    private func end() -> Step {
        guard let head, head.status >= 200 else { return .more }
        let pointsElsewhere = (300..<400).contains(head.status) && head["location"] != nil
        return followsRedirects && pointsElsewhere ? .more : .complete(head)
    }

    private static func status(_ line: Substring) -> Int? {
        let words = line.split(separator: " ", maxSplits: 2)
        return words.count > 1 ? Int(words[1]) : nil
    }
}
