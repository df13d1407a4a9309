// SPDX-License-Identifier: MIT

/// A jump host by its place: `[user@]host[:port]`, `[user@][v6][:port]`, or the same as `ssh://…`.
struct JumpAddress: Hashable, Sendable {
    var host: String
    var user: String?
    var port: UInt16?

    init?(_ text: String) {
        var rest = text[...]
        if rest.hasPrefix("ssh://") { rest = rest.dropFirst(6) }
        if let at = rest.lastIndex(of: "@") {
            user = String(rest[..<at])
            rest = rest[rest.index(after: at)...]
        }
        var digits: Substring?
        if rest.hasPrefix("["), let end = rest.firstIndex(of: "]") {
            let behind = rest[rest.index(after: end)...]
            if behind.hasPrefix(":") { digits = behind.dropFirst() }
            rest = rest[rest.index(after: rest.startIndex)..<end]
        } else if rest.count(where: { $0 == ":" }) == 1, let colon = rest.firstIndex(of: ":") {
            digits = rest[rest.index(after: colon)...]
            rest = rest[..<colon]
        }
        if let digits {
            guard let number = UInt16(digits), number > 0 else { return nil }
            port = number
        }
        guard !rest.isEmpty, user != "" else { return nil }
        host = String(rest)
    }
}
