// SPDX-License-Identifier: MIT

/// The fleet as its owner wrote it down: hosts with all defaults and groups applied.
///
/// A file has the sections `defaults`, `groups`, `hosts` and `silences`; several files count as one. A host takes each setting from
/// itself, else from its groups (a later one wins), else from `defaults`. Three things differ: `tags`, `protected-units`,
/// `maintenance` and `vars` of all places come together, `autonomy` is the most cautious level that the host and its groups name, and
/// `max-unavailable` belongs to the group. A host without `address` is reached by its name.
package struct Inventory: Sendable {
    /// In the order of the files. No two have the same name.
    package let hosts: [FleetHost]
    /// Every group the files define, with or without hosts, by name.
    package let groups: [String: FleetGroup]
    /// What it silences for good, in the order of the files.
    package let silences: [StandingSilence]
    private let resolved: [String: ResolvedHost]
    private let positions: [String: Int]

    /// Reads the texts of an inventory's files.
    ///
    /// - Parameters:
    ///   - sources: each file's name, used in messages only, and its text
    ///   - home: absolute path that `~` stands for
    ///   - user: the login name where the inventory names none
    ///   - identityFiles: absolute paths of the private keys to try where the inventory names none
    ///   - aliases: names that the user's configuration of ssh knows; they can be jump hosts
    ///   - fallback: what the configuration says of hosts where the inventory is silent
    /// - Returns: a fleet of at least one host, in which every group that is named exists, and every jump host that is
    ///   named is one of the fleet, an alias of ssh or an address.
    /// - Throws: all mistakes of all files at once.
    package static func parse(
        sources: [(file: String, text: String)], home: String, user: String, identityFiles: [String] = [],
        aliases: Set<String> = [], fallback: FleetFallback = .none
    ) throws(InventoryError) -> Inventory {
        try parse(
            sources: sources, home: home, user: user, identityFiles: identityFiles, aliases: aliases,
            fallback: fallback,
            unread: [])
    }

    // `unread` says why some of the files have no text.
    static func parse(
        sources: [(file: String, text: String)], home: String, user: String, identityFiles: [String],
        aliases: Set<String>, fallback: FleetFallback, unread: [Mistake]
    ) throws(InventoryError) -> Inventory {
        let home = home.count > 1 && home.hasSuffix("/") ? String(home.dropLast()) : home
        let login = LoginDefaults(
            user: user, identityFiles: identityFiles,
            knownHosts: ["\(home)/.ssh/known_hosts", "/etc/ssh/ssh_known_hosts"], fleet: fallback)
        var reader = InventoryReader(home: home)
        reader.mistakes = unread
        reader.isComplete = unread.isEmpty
        for source in sources { reader.read(source.text, file: source.file) }
        var resolver = InventoryResolver(reader, login: login, aliases: aliases)
        let hosts = resolver.resolve()
        if hosts.isEmpty, resolver.isComplete {
            let start = SourcePosition(file: sources.first?.file ?? "inventory", line: 1, column: 1)
            let message = "the inventory has no hosts; write 'hosts:' with a name below it"
            resolver.mistakes.append(Mistake(message, at: start))
        }
        if resolver.isComplete, resolver.mistakes.isEmpty {
            let fleet = Inventory(resolved: hosts, groups: resolver.groups, silences: []).hosts
            resolver.mistakes += resolver.silences.flatMap { $0.mistakes(in: fleet) }
        }
        guard resolver.mistakes.isEmpty else { throw InventoryError(resolver.mistakes) }
        return Inventory(resolved: hosts, groups: resolver.groups, silences: resolver.silences.map(\.silence))
    }

    /// No hosts, where there is no inventory.
    package static let empty = Inventory(resolved: [], groups: [:], silences: [])

    private init(resolved hosts: [ResolvedHost], groups: [String: InventoryLayer], silences: [StandingSilence]) {
        let byName = Dictionary(uniqueKeysWithValues: hosts.map { ($0.name, $0) })
        self.hosts = hosts.map { $0.host(among: byName) }
        positions = Dictionary(uniqueKeysWithValues: hosts.enumerated().map { ($1.name, $0) })
        self.groups = Dictionary(
            uniqueKeysWithValues: groups.map { ($0, FleetGroup(name: $0, maxUnavailable: $1.maxUnavailable?.value)) })
        resolved = byName
        self.silences = silences
    }

    /// The host of this name.
    package subscript(_ name: String) -> FleetHost? { positions[name].map { hosts[$0] } }

    /// Every setting that counts for a host and where it comes from; empty when there is no such host.
    package func explanation(of name: String) -> [Explanation] { resolved[name]?.explanation ?? [] }
}

/// What holds for a group as a whole.
package struct FleetGroup: Hashable, Sendable {
    package var name: String
    /// How many of its hosts may be down for changes at a time; `nil` sets no limit.
    package var maxUnavailable: Int?

    package init(name: String, maxUnavailable: Int? = nil) {
        self.name = name
        self.maxUnavailable = maxUnavailable
    }
}

/// What holds for a login where the inventory is silent.
struct LoginDefaults: Sendable {
    var user: String
    var identityFiles: [String]
    var knownHosts: [String]
    var fleet: FleetFallback
}

/// What the configuration says of hosts where the inventory is silent.
package struct FleetFallback: Hashable, Sendable {
    /// `nil` for what is built in.
    package var autonomy: AutonomyLevel?
    /// Seconds; `nil` for what is built in.
    package var checkInterval: Int?

    package init(autonomy: AutonomyLevel?, checkInterval: Int?) {
        self.autonomy = autonomy
        self.checkInterval = checkInterval
    }

    /// The configuration is silent too.
    package static let none = FleetFallback(autonomy: nil, checkInterval: nil)
}
