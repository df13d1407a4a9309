// SPDX-License-Identifier: MIT
import MachaModel

/// The hosts that a file of ssh_config(5) names.
extension HostScan {
    /// Takes the aliases of `Host` lines, those without wildcards. `isInEffect` says that ssh reads this file by itself: then a
    /// candidate is the alias alone, and ssh goes on filling in the rest, also what cannot be written into an inventory.
    package mutating func read(sshConfig text: String, file: String, isInEffect: Bool) {
        var blocks = [Block(patterns: ["*"])]
        var aliases: [String] = []
        for line in text.split(whereSeparator: \.isNewline) {
            let words = SSHConfigurationWords.split(line)
            guard let keyword = words.first?.lowercased(), words.count > 1 else { continue }
            let rest = Array(words.dropFirst())
            switch keyword {
            case "host":
                blocks.append(Block(patterns: rest))
                aliases += rest.filter { !$0.isEmpty && !$0.contains { "*?!".contains($0) } && !aliases.contains($0) }
            case "match":
                blocks.append(Block(patterns: []))
                notFollowed.append("match \(rest.joined(separator: " "))".printable(limit: 80))
            case "include": notFollowed.append("include \(rest.joined(separator: " "))".printable(limit: 80))
            default: blocks[blocks.count - 1].settings.append((keyword, rest[0]))
            }
        }
        for alias in aliases { add(alias, blocks, file, isInEffect) }
    }

    /// Lines up to the next `Host` or `Match`. Without a pattern they apply to no host.
    private struct Block {
        var patterns: [String]
        var settings: [(keyword: String, value: String)] = []

        func holds(for alias: String) -> Bool {
            let matching = patterns.filter { pattern in
                // A bracket means nothing in ssh's patterns.
                let glob = pattern.drop { $0 == "!" }.replacing("[", with: "[[]")
                return Glob(String(glob))?.matches(alias) ?? false
            }
            return !matching.isEmpty && !matching.contains { $0.hasPrefix("!") }
        }
    }

    /// What holds for an alias: of each keyword the first value, IdentityFile with all of them.
    private struct Settings {
        private var values: [String: String] = [:]
        private(set) var identityFiles: [String] = []
        private let alias: String

        init(of alias: String, in blocks: [Block]) {
            self.alias = alias
            // ProxyJump and ProxyCommand are two ways to say one thing, and the first one counts (ssh_config(5)).
            let ways: Set<String> = ["proxyjump", "proxycommand"]
            for (keyword, value) in blocks.filter({ $0.holds(for: alias) }).flatMap(\.settings) {
                if keyword == "identityfile" { identityFiles.append(value) }
                guard values[keyword] == nil, !ways.contains(keyword) || ways.isDisjoint(with: values.keys) else {
                    continue
                }
                values[keyword] = value
            }
        }

        func one(_ keyword: String) -> String? { values[keyword].flatMap { $0.lowercased() == "none" ? nil : $0 } }

        /// HostName knows two tokens: `%h` and `%%`.
        var address: String {
            (one("hostname") ?? alias).replacing("%%", with: "\u{0}").replacing("%h", with: alias)
                .replacing("\u{0}", with: "%")
        }

        /// `user@address:port`
        var asJump: String {
            let host = address.contains(":") ? "[\(address)]" : address
            return (one("user").map { $0 + "@" } ?? "") + "\(host):\(port)"
        }

        /// 0 for what is no port: no inventory takes that.
        var port: Int { one("port").map { Int($0) ?? 0 } ?? 22 }
    }

    /// Whether a jump is one word, and no place.
    private static func isName(_ jump: String) -> Bool { !jump.contains { ".:@".contains($0) } }

    private mutating func add(_ alias: String, _ blocks: [Block], _ file: String, _ isInEffect: Bool) {
        let settings = Settings(of: alias, in: blocks)
        if settings.one("proxycommand") != nil { return leaveOut(.proxyCommand) }
        let place = Self.place(settings.address, settings.port)
        var candidate = Candidate(name: Self.shortName(alias), address: alias, port: 22, file: file)
        if !isInEffect {
            (candidate.address, candidate.port, candidate.user) = (
                settings.address, settings.port, settings.one("user")
            )
            if let key = settings.identityFiles.first, key.lowercased() != "none" {
                candidate.identityFile = key
                for _ in settings.identityFiles.dropFirst() { leaveOut(.furtherKey) }
            }
            let jumps = (settings.one("proxyjump") ?? "").split(separator: ",")
            guard jumps.count <= 1 else { return leaveOut(.jumpChain) }
            candidate.jump = jumps.first.map { $0.hasPrefix("ssh://") ? String($0.dropFirst(6)) : String($0) }
        }
        let jumpPlace = candidate.jump.flatMap { Self.isName($0) ? Settings(of: $0, in: blocks).asJump : nil }
        add(Found(candidate: candidate, place: place, alias: alias, jumpPlace: jumpPlace))
    }
}
