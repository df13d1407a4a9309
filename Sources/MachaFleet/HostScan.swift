// SPDX-License-Identifier: MIT
package import MachaInventory
import MachaModel

/// Hosts that the ssh client knows, as candidates for an inventory. Works on text; contacts no host.
///
/// What ``yaml(_:)`` makes of the candidates is an inventory that loads, whatever the files hold; what cannot be part of it is
/// counted by its reason in ``leftOut``.
package struct HostScan: Sendable {
    /// A host one could add.
    package struct Candidate: Sendable, Hashable, Encodable {
        /// A name for the inventory, unlike those of the others.
        package var name: String
        /// For a host of the configuration that ssh reads by itself, the alias: ssh's configuration fills in the rest.
        package var address: String
        package var port: Int
        package var user: String?
        package var identityFile: String?
        package var jump: String?
        /// The file that knows it.
        package var file: String

        package init(name: String, address: String, port: Int, file: String) {
            (self.name, self.address, self.port, self.file) = (name, address, port, file)
        }
    }

    /// Why something that was read is no candidate.
    package enum Omission: String, Sendable, CaseIterable {
        case hashed, pattern, marked, unreadable, proxyCommand, jumpChain, samePlace, known, unfit, furtherKey

        package var words: String {
            switch self {
            case .hashed: "hashed names in known_hosts, which cannot be read back"
            case .pattern: "lines of known_hosts with patterns only"
            case .marked: "lines of known_hosts that revoke a key or trust an authority"
            case .unreadable: "lines of known_hosts without a key"
            case .proxyCommand: "hosts reached by a ProxyCommand, which Macha does not run"
            case .jumpChain: "hosts behind several jump hosts (ProxyJump a,b): put these into the inventory first"
            case .samePlace: "further names of a host with the same address and port"
            case .known: "hosts that the inventory has already"
            case .unfit: "names, users or files that an inventory cannot hold"
            case .furtherKey: "further IdentityFile lines of a host: only its first is taken over"
            }
        }
    }

    /// What was met and is no candidate, by reason. Complete once `candidates(besides:)` has been asked.
    package private(set) var leftOut: [Omission: Int] = [:]
    /// Parts of an ssh configuration that were not read: `Include` and `Match`.
    package internal(set) var notFollowed: [String] = []
    var found: [Found] = []

    /// A candidate on its way, with what tells it from others.
    struct Found {
        var candidate: Candidate
        /// Where it is in the end: an alias and what `known_hosts` has under its address are one host.
        var place: String
        /// What a jump may call it.
        var alias: String?
        /// Where its jump host is, for a jump that is no candidate itself.
        var jumpPlace: String?
    }

    package init() {}

    /// Why what was read is no candidate, and how often, in the order of the reasons.
    package var omissions: [(reason: Omission, count: Int)] {
        Omission.allCases.compactMap { reason in leftOut[reason].map { (reason, $0) } }
    }

    /// Hashed names met; they cannot be read back (sshd(8)).
    package var hashed: Int { leftOut[.hashed, default: 0] }

    /// Takes the names of a `known_hosts` file; those with wildcards, markers and hashes are no hosts to add.
    package mutating func read(knownHosts text: String, file: String) {
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split { $0 == " " || $0 == "\t" }
            guard let names = words.first, !names.hasPrefix("#") else { continue }
            if names.hasPrefix("@") {
                leaveOut(.marked)
            } else if words.count < 3 {
                leaveOut(.unreadable)
            } else if names.hasPrefix("|") {
                leaveOut(.hashed)
            } else {
                read(names: names.split(separator: ","), file: file)
            }
        }
    }

    /// The names of one line are one host: a name and its address, mostly. The name is what people call it.
    private mutating func read(names: [Substring], file: String) {
        let plain = names.filter { !$0.contains { "*?!".contains($0) } }
        guard let best = plain.first(where: { !Self.isAddress($0) }) ?? plain.first else { return leaveOut(.pattern) }
        let (address, port) = Self.endpoint(best)
        let place = Self.place(address, port)
        // Each type of key has a line of its own.
        guard !found.contains(where: { $0.place == place }) else { return }
        let candidate = Candidate(name: Self.shortName(address), address: address, port: port, file: file)
        guard isFit(candidate) else { return leaveOut(.unfit) }
        found.append(Found(candidate: candidate, place: place))
    }

    /// Takes a host of an ssh configuration. It takes the place of a line of `known_hosts`, since it knows more.
    mutating func add(_ host: Found) {
        guard isFit(host.candidate) else { return leaveOut(.unfit) }
        if found.contains(where: { $0.alias != nil && $0.place == host.place }) { return leaveOut(.samePlace) }
        found.removeAll { $0.place == host.place }
        found.append(host)
    }

    mutating func leaveOut(_ reason: Omission) { leftOut[reason, default: 0] += 1 }

    /// Candidates that no host of the inventory stands for yet, by name or by place; each place once.
    package mutating func candidates(besides hosts: [FleetHost]) -> [Candidate] {
        var names = Set(hosts.map { $0.name.lowercased() })
        var chosen: [Found] = []
        // An alias that a person chose keeps its name; what known_hosts has makes way.
        for host in found.filter({ $0.alias != nil }) + found.filter({ $0.alias == nil }) {
            guard !hosts.contains(where: { host.isSame(as: $0) }) else {
                leaveOut(.known)
                continue
            }
            var named = host
            named.candidate.name = Self.freeName(for: host, taken: names)
            names.insert(named.candidate.name)
            chosen.append(named)
        }
        let whole = loadable(withJumps(chosen))
        for _ in whole.count..<chosen.count { leaveOut(.unfit) }
        return whole.sorted { $0.name.naturallyPrecedes($1.name) }
    }

    // MARK: Places

    static func place(_ address: String, _ port: Int) -> String { "\(address.lowercased()):\(port)" }

    /// `[address]:port` or `address`.
    private static func endpoint(_ text: Substring) -> (address: String, port: Int) {
        guard text.hasPrefix("["), let end = text.firstIndex(of: "]") else { return (String(text), 22) }
        let port = text[end...].dropFirst().drop { $0 == ":" }
        return (String(text[text.index(after: text.startIndex)..<end]), Int(port) ?? 22)
    }

    static func isAddress(_ text: Substring) -> Bool {
        let bare = text.hasPrefix("[") ? text.dropFirst().prefix { $0 != "]" } : text
        return bare.contains(":") || bare.allSatisfy { $0.isNumber || $0 == "." }
    }
}

extension HostScan.Found {
    init(candidate: HostScan.Candidate, place: String) {
        (self.candidate, self.place) = (candidate, place)
    }

    /// Whether the inventory's host is this one: at the same place, or under the same name without a place of its own.
    fileprivate func isSame(as host: FleetHost) -> Bool {
        let names = [candidate.name, alias, candidate.address].compactMap { $0?.lowercased() }
        guard case .ssh(let endpoint) = host.connection else { return names.contains(host.name.lowercased()) }
        let places = [place, HostScan.place(candidate.address, candidate.port)]
        if places.contains(HostScan.place(endpoint.address, Int(endpoint.port))) { return true }
        return endpoint.unset.contains(.address) && names.contains(host.name.lowercased())
    }
}
