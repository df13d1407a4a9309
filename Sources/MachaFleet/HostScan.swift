// SPDX-License-Identifier: MIT
package import MachaCore

/// Hosts that the ssh client knows, as candidates for an inventory. Works on text; asks nobody.
package struct HostScan: Sendable {
    /// A host one could add.
    package struct Candidate: Sendable, Hashable, Encodable {
        /// A name for the inventory.
        package var name: String
        package var address: String
        package var port: Int
        package var user: String?
        package var identityFile: String?
        package var jump: String?
        /// The file that knows it.
        package var file: String
    }

    /// Hashed names met; they cannot be read back (sshd(8)).
    package private(set) var hashed = 0
    /// Parts of an ssh configuration that were not read: `Include` and `Match`.
    package private(set) var notFollowed: [String] = []
    private var found: [Candidate] = []

    package init() {}

    /// Takes the names of a `known_hosts` file; those with wildcards, markers and hashes are no hosts to add.
    package mutating func read(knownHosts text: String, file: String) {
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split { $0 == " " || $0 == "\t" }
            guard words.count >= 3, let names = words.first, !names.hasPrefix("#"), !names.hasPrefix("@") else {
                continue
            }
            if names.hasPrefix("|") {
                hashed += 1
                continue
            }
            let plain = names.split(separator: ",").filter { !$0.contains { "*?!".contains($0) } }
            // A name and its address on one line are one host; the name is what people call it.
            guard let best = plain.first(where: { !Self.isAddress($0) }) ?? plain.first else { continue }
            let (address, port) = Self.endpoint(best)
            add(Candidate(name: Self.name(address), address: address, port: port, file: file))
        }
    }

    /// Takes the `Host` blocks of ssh_config(5) that name one host without wildcards.
    package mutating func read(sshConfig text: String, file: String) {
        var block: [Candidate] = []
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split { $0 == " " || $0 == "\t" || $0 == "=" }.map { $0.trimming("\"") }
            guard let key = words.first?.lowercased(), !key.hasPrefix("#"), words.count > 1 else { continue }
            switch key {
            case "host":
                for candidate in block { add(candidate) }
                block = words.dropFirst().filter { !$0.contains { "*?!".contains($0) } }
                    .map { Candidate(name: Self.name($0), address: $0, port: 22, file: file) }
            case "match", "include":
                for candidate in block { add(candidate) }
                block = []
                notFollowed.append("\(key) \(words.dropFirst().joined(separator: " "))".printable(limit: 80))
            default: for index in block.indices { block[index].set(key, words[1]) }
            }
        }
        for candidate in block { add(candidate) }
    }

    /// Candidates that no host of the inventory stands for yet, by name; each place once.
    package func candidates(besides hosts: [FleetHost]) -> [Candidate] {
        let names = Set(hosts.map { $0.name.lowercased() })
        let places = Set(
            hosts.compactMap { host -> String? in
                guard case .ssh(let endpoint) = host.connection else { return nil }
                return "\(endpoint.address.lowercased()):\(endpoint.port)"
            })
        var seen: Set<String> = []
        return found.filter { !names.contains($0.name) && !places.contains($0.place) && seen.insert($0.name).inserted }
            .sorted { $0.name.naturallyPrecedes($1.name) }
    }

    /// The candidates as lines of an inventory.
    package func yaml(_ candidates: [Candidate]) -> [String] {
        guard !candidates.isEmpty else { return ["# no host that the inventory does not have already"] }
        return ["hosts:"]
            + candidates.map { candidate in
                var settings = ["address: \(Self.quoted(candidate.address))"]
                if candidate.port != 22 { settings.append("port: \(candidate.port)") }
                if let user = candidate.user { settings.append("user: \(Self.quoted(user))") }
                if let file = candidate.identityFile { settings.append("identity-file: \(Self.quoted(file))") }
                if let jump = candidate.jump { settings.append("jump: \(Self.quoted(jump))") }
                return "  \(candidate.name): { \(settings.joined(separator: ", ")) }  # \(candidate.file)"
            }
    }

    /// A block of the configuration knows more than a line of known_hosts, so it takes its place.
    private mutating func add(_ candidate: Candidate) {
        let isPlace = candidate.address.allSatisfy {
            $0.isASCII && ($0.isLetter || $0.isNumber || ".:_-%".contains($0))
        }
        guard !candidate.name.isEmpty, isPlace, (1...65_535).contains(candidate.port) else { return }
        found.removeAll { $0.place == candidate.place }
        found.append(candidate)
    }

    /// `[address]:port` or `address`.
    private static func endpoint(_ text: Substring) -> (address: String, port: Int) {
        guard text.hasPrefix("["), let end = text.firstIndex(of: "]") else { return (String(text), 22) }
        let port = text[end...].dropFirst().drop { $0 == ":" }
        return (String(text[text.index(after: text.startIndex)..<end]), Int(port) ?? 22)
    }

    private static func isAddress(_ text: Substring) -> Bool {
        let bare = text.hasPrefix("[") ? text.dropFirst().prefix { $0 != "]" } : text
        return bare.contains(":") || bare.allSatisfy { $0.isNumber || $0 == "." }
    }

    /// What the inventory may call the host: the first part of a name, the whole of an address.
    private static func name(_ address: String) -> String {
        let short = isAddress(Substring(address)) ? address : String(address.split(separator: ".").first ?? "")
        let plain = short.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        return String(String(plain).drop { $0 == "-" })
    }

    /// As a YAML scalar: bare where every character is plain, else in double quotes without what they would read.
    private static func quoted(_ text: String) -> String {
        let isPlain = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-/~@".contains($0)) }
        guard
            !isPlain || text.isEmpty || text.hasPrefix("~") && text.count == 1 || text.hasPrefix("-")
                || text.hasPrefix("@")
        else { return text }
        return "\"" + text.printable(limit: 300).filter { $0 != "\"" && $0 != "\\" } + "\""
    }
}

extension HostScan.Candidate {
    fileprivate var place: String { "\(address.lowercased()):\(port)" }

    fileprivate mutating func set(_ key: String, _ value: String) {
        switch key {
        case "hostname": address = value
        case "port": port = Int(value) ?? port
        case "user": user = user ?? value
        case "identityfile": identityFile = identityFile ?? value
        case "proxyjump": jump = value.lowercased() == "none" ? nil : value
        default: break
        }
    }
}

extension Substring {
    fileprivate func trimming(_ mark: Character) -> String { String(drop { $0 == mark }.prefix { $0 != mark }) }
}
