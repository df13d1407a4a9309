// SPDX-License-Identifier: MIT

/// A value that counts for a host, and what decided it.
struct Sourced<Value: Sendable>: Sendable {
    var value: Value
    var origin: Origin
}

/// One host with its layers laid over one another.
///
/// The host wins over its groups, a later group over an earlier one, and all of them over the defaults. Tags, protected
/// and managed units of all layers count, and one `protected: true` does; so do variables and thresholds, name by name.
/// Autonomy is the lowest level that the host and
/// its groups name; only when none does, the defaults decide. A jump that a group or the defaults name does not count
/// for the jump host itself.
struct ResolvedHost: Sendable {
    let name: String
    /// Where the inventory names it.
    let position: SourcePosition?
    let isLocal: Sourced<Bool>
    let address: Sourced<String>
    let port: Sourced<UInt16>
    let user: Sourced<String>
    let identityFiles: Sourced<[String]>
    let knownHosts: Sourced<[String]>
    let jump: Sourced<String?>
    let groups: [Sourced<String>]
    let autonomy: Sourced<AutonomyLevel>
    let tags: [Sourced<String>]
    let vars: [String: Sourced<String>]
    let checkInterval: Sourced<Int>
    let quietHours: Sourced<QuietHours?>
    let flakeAttr: Sourced<String?>
    let protectedUnits: [Sourced<String>]
    let isProtected: Sourced<Bool>
    let managedUnits: [Sourced<String>]
    let sudo: Sourced<Bool>
    /// Those the inventory sets, by the names of ``ThresholdKey``.
    let thresholds: [String: Sourced<Double>]
    let intermittent: Sourced<Bool>
    let checkNames: Sourced<[String]>
    let checkAddresses: Sourced<[String]>
    let dependsOn: Sourced<[Setting<String>]>
    let maintenance: [Sourced<MaintenanceHours>]

    /// `groups` are those of the host that exist, in its order.
    init(
        name: String, layer: InventoryLayer, groups: [InventoryLayer],
        defaults: InventoryLayer, login: LoginDefaults
    ) {
        let layers = LayerStack(strongestFirst: [layer] + groups.reversed() + [defaults])
        self.name = name
        position = layer.position
        let connection = layers.first({ $0.connection }, builtIn: .ssh)
        isLocal = Sourced(value: connection.value == .local, origin: connection.origin)
        address = layers.first({ $0.address }, builtIn: name)
        port = layers.first({ $0.port }, builtIn: 22)
        user = layers.first({ $0.user }, builtIn: login.user)
        identityFiles = layers.first({ $0.identityFiles }, builtIn: login.identityFiles)
        knownHosts = layers.first({ $0.knownHosts }, builtIn: login.knownHosts)
        jump = layers.jump(of: name)
        self.groups = layer.groups.map { Sourced(value: $0.value, origin: layer.level.origin($0.position)) }
        autonomy =
            layers.leastAutonomy ?? layers.first({ $0.autonomy }, configured: login.fleet.autonomy, builtIn: .suggest)
        tags = layers.all { $0.tags }
        vars = layers.merged { $0.vars }
        checkInterval = layers.first(
            { $0.checkInterval }, configured: login.fleet.checkInterval, builtIn: 300)
        quietHours = layers.first({ $0.quietHours }, builtIn: nil)
        flakeAttr = layers.first({ $0.flakeAttr }, builtIn: nil)
        protectedUnits = layers.all { $0.protectedUnits }
        isProtected = layers.anyProtection
        managedUnits = layers.all { $0.managedUnits }
        sudo = layers.first({ $0.sudo }, builtIn: true)
        thresholds = layers.merged { $0.thresholds }
        intermittent = layers.first({ $0.intermittent }, builtIn: false)
        checkNames = layers.first({ $0.checkNames }, builtIn: [])
        checkAddresses = layers.first({ $0.checkAddresses }, builtIn: [])
        dependsOn = layers.first({ $0.dependsOn }, builtIn: [])
        maintenance = layers.all { $0.maintenance }
    }

    /// `others` are all hosts of the inventory, by name.
    func host(among others: [String: ResolvedHost]) -> FleetHost {
        FleetHost(
            name: name, connection: connection(among: others), autonomy: autonomy.value, groups: groups.map(\.value),
            tags: tags.map(\.value), vars: vars.mapValues(\.value), checkInterval: checkInterval.value,
            quietHours: quietHours.value, flakeAttr: flakeAttr.value, protectedUnits: protectedUnits.map(\.value),
            isProtected: isProtected.value, managedUnits: managedUnits.map(\.value),
            sudo: sudo.value, thresholds: ThresholdKey.thresholds(thresholds.mapValues(\.value)),
            isIntermittent: intermittent.value, checkNames: checkNames.value, checkAddresses: checkAddresses.value,
            dependsOn: dependsOn.value.map(\.value).filter { $0 != name },
            maintenance: maintenance.map(\.value))
    }

    private func connection(among others: [String: ResolvedHost]) -> Connection {
        if isLocal.value { return .local }
        var endpoint = endpoint
        // The inventory has no circles when this is asked.
        var next = jump.value.flatMap { others[$0] }
        while let hop = next {
            endpoint.hops.insert(SSHHop(name: hop.name, endpoint: hop.endpoint), at: 0)
            next = hop.jump.value.flatMap { others[$0] }
        }
        return .ssh(endpoint)
    }

    private var endpoint: SSHEndpoint {
        var endpoint = SSHEndpoint(
            address: address.value, port: port.value, user: user.value, identityFiles: identityFiles.value,
            knownHosts: knownHosts.value, jump: jump.value)
        let origins: [(SSHSetting, Origin)] = [
            (.address, address.origin), (.port, port.origin), (.user, user.origin),
            (.identityFile, identityFiles.origin), (.knownHosts, knownHosts.origin), (.jump, jump.origin),
        ]
        endpoint.unset = origins.filter { $0.1 == .builtIn }.map(\.0)
        return endpoint
    }
}

/// The layers that count for one host, the strongest first, the defaults last.
private struct LayerStack {
    let layers: [InventoryLayer]

    init(strongestFirst layers: [InventoryLayer]) { self.layers = layers }

    /// The same, with what the configuration says where no layer sets it.
    func first<Value>(
        _ setting: (InventoryLayer) -> Setting<Value>?, configured: Value?, builtIn: Value
    ) -> Sourced<Value> {
        let found = first(setting, builtIn: builtIn)
        guard found.origin == .builtIn, let configured else { return found }
        return Sourced(value: configured, origin: .configuration)
    }

    /// The strongest layer that sets it.
    func first<Value>(_ setting: (InventoryLayer) -> Setting<Value>?, builtIn: Value) -> Sourced<Value> {
        for layer in layers {
            if let found = setting(layer) {
                return Sourced(value: found.value, origin: layer.level.origin(found.position))
            }
        }
        return Sourced(value: builtIn, origin: .builtIn)
    }

    /// Those of every layer, the weakest first, each once.
    func all<Value: Hashable>(_ settings: (InventoryLayer) -> [Setting<Value>]) -> [Sourced<Value>] {
        var seen: Set<Value> = []
        return layers.reversed().flatMap { layer in
            settings(layer).filter { seen.insert($0.value).inserted }
                .map { Sourced(value: $0.value, origin: layer.level.origin($0.position)) }
        }
    }

    /// Settings with names of their own: each from the strongest layer that has it.
    func merged<Value>(_ settings: (InventoryLayer) -> [String: Setting<Value>]) -> [String: Sourced<Value>] {
        var merged: [String: Sourced<Value>] = [:]
        for layer in layers.reversed() {
            for (name, setting) in settings(layer) {
                merged[name] = Sourced(value: setting.value, origin: layer.level.origin(setting.position))
            }
        }
        return merged
    }

    /// The most cautious level that the host and its groups name.
    var leastAutonomy: Sourced<AutonomyLevel>? {
        let named = layers.dropLast().compactMap { layer in
            layer.autonomy.map { Sourced(value: $0.value, origin: layer.level.origin($0.position)) }
        }
        return named.min { $0.value < $1.value }
    }

    /// Protection is like autonomy: whoever is more cautious wins, so a host cannot undo what its group says.
    var anyProtection: Sourced<Bool> {
        let named = layers.compactMap { layer in
            layer.isProtected.map { Sourced(value: $0.value, origin: layer.level.origin($0.position)) }
        }
        return named.first { $0.value } ?? named.first ?? Sourced(value: false, origin: .builtIn)
    }

    func jump(of name: String) -> Sourced<String?> {
        for layer in layers {
            guard let setting = layer.jump else { continue }
            let origin = layer.level.origin(setting.position)
            switch setting.value {
            case .direct: return Sourced(value: nil, origin: origin)
            case .through(let host) where host == name && layer.level != .host(name): continue
            case .through(let host): return Sourced(value: host, origin: origin)
            }
        }
        return Sourced(value: nil, origin: .builtIn)
    }
}

extension InventoryLevel {
    func origin(_ position: SourcePosition) -> Origin {
        switch self {
        case .defaults: .defaults(position)
        case .group(let name): .group(name, position)
        case .host: .host(position)
        }
    }
}
