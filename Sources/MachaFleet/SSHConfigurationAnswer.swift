// SPDX-License-Identifier: MIT

/// One answer of `ssh -G`: what concerns us of it (ssh_config(5)).
struct SSHConfigurationAnswer: Hashable, Sendable {
    var address: String
    var user: String
    var port: UInt16
    /// Absolute paths. ssh also lists its defaults, whether they exist or not.
    var identityFiles: [String]
    var identitiesOnly: Bool
    /// ssh-agent's socket; `nil` for `SSH_AUTH_SOCK`, empty for none.
    var identityAgent: String?
    var knownHosts: [String]
    var hostKeyAlias: String?
    /// The hosts to go through, the first one first.
    var jumps: [JumpAddress]
    var proxyCommand: String?

    /// Reads lines of a keyword and its value. `name` is what ssh was asked for.
    init(_ text: String, home: String, name: String) {
        var values: [String: [String]] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2 else { continue }
            values[parts[0].lowercased(), default: []].append(String(parts[1]))
        }
        func one(_ key: String) -> String? { values[key]?.first.flatMap { $0 == "none" ? nil : $0 } }
        let (address, user) = (one("hostname") ?? name, one("user") ?? "")
        let port = one("port").flatMap { UInt16($0) } ?? 22
        let tokens: [Character: String] = [
            "%": "%", "d": home, "h": address, "n": name, "p": "\(port)", "r": user, "u": user,
        ]
        func path(_ text: String) -> String {
            let expanded = Self.expand(text, tokens)
            return expanded.hasPrefix("~/") ? home + expanded.dropFirst() : expanded
        }
        func paths(_ key: String) -> [String] {
            (one(key) ?? "").split(separator: " ").map { path(String($0)) }.filter { $0 != "none" && $0 != "/dev/null" }
        }
        (self.address, self.user, self.port) = (address, user, port)
        identityFiles = (values["identityfile"] ?? []).filter { $0 != "none" }.map(path)
        identitiesOnly = one("identitiesonly") == "yes"
        switch values["identityagent"]?.first {
        case nil, "SSH_AUTH_SOCK": identityAgent = nil
        case "none": identityAgent = ""
        case let socket?: identityAgent = path(socket)
        }
        knownHosts = paths("userknownhostsfile") + paths("globalknownhostsfile")
        hostKeyAlias = one("hostkeyalias")
        jumps = (one("proxyjump") ?? "").split(separator: ",").compactMap { JumpAddress(String($0)) }
        proxyCommand = one("proxycommand")
    }

    /// The names ssh tries when nothing names another; a missing one of these is no mistake.
    static let defaultIdentities: Set<String> = [
        "id_rsa", "id_ecdsa", "id_ecdsa_sk", "id_ed25519", "id_ed25519_sk", "id_xmss", "id_dsa",
    ]

    /// Replaces `%h` and the like; an unknown one stays, so that the message about a missing file shows it.
    private static func expand(_ text: String, _ tokens: [Character: String]) -> String {
        var (result, isToken) = ("", false)
        for character in text {
            if isToken {
                result += tokens[character] ?? "%\(character)"
                isToken = false
            } else if character == "%" {
                isToken = true
            } else {
                result.append(character)
            }
        }
        return isToken ? result + "%" : result
    }
}

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
