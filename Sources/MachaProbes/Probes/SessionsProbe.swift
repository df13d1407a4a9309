// SPDX-License-Identifier: MIT

/// Who is logged in, by systemd-logind.
package enum SessionsProbe: Probe {
    package static let name = "sessions"
    package static let rhythm = ProbeInterval.hourly
    package static let byteLimit = 64 * 1024
    /// `-j` is what systemd 257 understands (it ignores `--output=json` here); versions before 255 know neither.
    package static let script = """
        loginctl list-sessions --no-pager -j || loginctl list-sessions --no-pager --no-legend || exit
        echo '@end'
        """

    package static func parse(_ body: String) throws(ProbeFailure) -> SessionsState {
        guard body == "@end\n" || body.hasSuffix("\n@end\n") else { throw ProbeText.unparsable("sessions", body) }
        let text = body.dropLast("@end\n".count)
        var sessions = ItemList<LoginSession>()
        if text.hasPrefix("[") {
            guard let items = LooseJSON(text)?.items else { throw ProbeText.unparsable("loginctl", body) }
            for item in items {
                guard let id = item["session"]?.string, let user = item["user"]?.string else {
                    sessions.skip("a session", ProbeText.unparsable("a session without user", body))
                    continue
                }
                sessions.append(
                    LoginSession(id: id, user: user, terminal: item["tty"]?.string, seat: item["seat"]?.string))
            }
        } else {
            // SESSION UID USER [SEAT] [LEADER CLASS] [TTY] …; the columns after USER depend on the version.
            for line in ProbeText.lines(text) {
                let words = ProbeText.words(line)
                guard words.count >= 3, Int(words[1]) != nil else {
                    sessions.skip(line, ProbeText.unparsable("loginctl", line))
                    continue
                }
                let rest = words.dropFirst(3)
                sessions.append(
                    LoginSession(
                        id: String(words[0]), user: String(words[2]),
                        terminal: rest.first { $0.hasPrefix("pts/") || $0.hasPrefix("tty") }.map { String($0) },
                        seat: rest.first { $0.hasPrefix("seat") }.map { String($0) }))
            }
        }
        return SessionsState(
            sessions: Array(sessions.items.prefix(100)), count: sessions.items.count, unread: try sessions.unreadItems()
        )
    }
}

/// Source: loginctl(1).
package struct SessionsState: Hashable, Codable, Sendable, PartlyRead {
    /// At most 100.
    package var sessions: [LoginSession]
    package var count: Int
    package var unread: [UnreadItem]?
}

package struct LoginSession: Hashable, Codable, Sendable {
    package var id: String
    package var user: String
    /// As in `pts/0`; `nil` for a session without one, such as ours.
    package var terminal: String?
    /// As in `seat0`; `nil` for a login from elsewhere.
    package var seat: String?
}
