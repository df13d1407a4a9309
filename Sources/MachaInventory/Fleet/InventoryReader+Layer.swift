// SPDX-License-Identifier: MIT
import MachaModel

/// Keys and values of one host, one group or the defaults.
extension InventoryReader {
    mutating func layer(_ entries: [YAMLEntry], _ level: InventoryLevel) -> InventoryLayer {
        var layer = InventoryLayer(level)
        for entry in entries {
            guard let key = key(entry, level) else { continue }
            if key.isForSSH { layer.keysForSSH.append(Setting(value: key, position: entry.position)) }
            read(key, entry, into: &layer)
        }
        return layer
    }

    private mutating func read(_ key: InventoryKey, _ entry: YAMLEntry, into layer: inout InventoryLayer) {
        let level = layer.level
        let home = home
        switch key {
        case .address: layer.address = single(entry, level, InventoryValue.address)
        case .connection: layer.connection = single(entry, level, InventoryValue.word)
        case .groups: layer.groups = list(entry, level, InventoryValue.name)
        case .flakeAttr: layer.flakeAttr = single(entry, level, InventoryValue.flakeAttr)
        case .maxUnavailable: layer.maxUnavailable = single(entry, level, InventoryValue.count)
        case .user: layer.user = single(entry, level, InventoryValue.user)
        case .port: layer.port = single(entry, level, InventoryValue.port)
        case .autonomy: layer.autonomy = single(entry, level, InventoryValue.word)
        case .jump: layer.jump = single(entry, level) { $0 == "none" ? .direct : .through($0) }
        case .sudo: layer.sudo = bool(entry, level)
        case .tags: layer.tags = list(entry, level, InventoryValue.name)
        case .vars: layer.vars = variables(entry, level)
        case .checkInterval: layer.checkInterval = single(entry, level, InventoryValue.interval)
        case .identityFile: layer.identityFiles = files(entry, level, home)
        case .knownHosts: layer.knownHosts = files(entry, level, home)
        case .managedUnits: layer.managedUnits = list(entry, level, InventoryValue.managedUnit)
        case .protected: layer.isProtected = bool(entry, level)
        case .protectedUnits: layer.protectedUnits = list(entry, level, InventoryValue.unit)
        case .quietHours: layer.quietHours = single(entry, level, InventoryValue.quietHours)
        case .thresholds: layer.thresholds = thresholds(entry, level)
        case .intermittent: layer.intermittent = bool(entry, level)
        case .checkNames: layer.checkNames = texts(entry, level, InventoryValue.domainName)
        case .checkAddresses: layer.checkAddresses = texts(entry, level, InventoryValue.target)
        case .dependsOn:
            let names = list(entry, level, InventoryValue.name)
            layer.dependsOn = Setting(value: names, position: entry.value.position)
        case .maintenance: layer.maintenance = list(entry, level, InventoryValue.maintenanceHours)
        }
    }

    private mutating func key(_ entry: YAMLEntry, _ level: InventoryLevel) -> InventoryKey? {
        guard let key = InventoryKey(rawValue: entry.key) else {
            let known = InventoryKey.allCases.filter { $0.fits(level) }.map(\.rawValue)
            let nearest = entry.key.nearest(in: known) ?? entry.key.nearest(in: InventoryKey.allCases.map(\.rawValue))
            mistakes.append(.unknownKey(entry, "in \(level.title)", known: known, instead: nearest))
            return nil
        }
        guard key.fits(level) else {
            let place = key.onlyPlace ?? "another place"
            let message = "key \(entry.key.quoted) belongs to \(place), not to \(level.title)"
            mistakes.append(Mistake(message, at: entry.position))
            return nil
        }
        return key
    }

    typealias Meaning<Value> = (String) throws(ValueValidationError) -> Value

    mutating func single<Value>(
        _ entry: YAMLEntry, _ level: InventoryLevel, _ meaning: Meaning<Value>
    ) -> Setting<Value>? {
        guard !isMissing(entry, level) else { return nil }
        return value(entry.value, entry, level, meaning)
    }

    /// A list of values, or a single one.
    mutating func list<Value>(
        _ entry: YAMLEntry, _ level: InventoryLevel, _ meaning: Meaning<Value>
    ) -> [Setting<Value>] {
        guard !isMissing(entry, level) else { return [] }
        guard case .sequence(let items) = entry.value.kind else {
            return value(entry.value, entry, level, meaning).map { [$0] } ?? []
        }
        return items.compactMap { value($0, entry, level, meaning) }
    }

    private mutating func files(_ entry: YAMLEntry, _ level: InventoryLevel, _ home: String) -> Setting<[String]>? {
        let files = list(entry, level) { (text) throws(ValueValidationError) in
            try InventoryValue.path(text, home: home)
        }
        return Setting(value: files.map(\.value), position: entry.value.position)
    }

    private mutating func bool(_ entry: YAMLEntry, _ level: InventoryLevel) -> Setting<Bool>? {
        if case .scalar(let text, isPlain: false) = entry.value.kind {
            let complaint = ValueValidationError("\(text.quoted) is text; write true or false without quotes")
            complain(complaint, entry.value, entry, level)
            return nil
        }
        return single(entry, level, InventoryValue.bool)
    }

    private mutating func variables(_ entry: YAMLEntry, _ level: InventoryLevel) -> [String: Setting<String>] {
        guard !isMissing(entry, level) else { return [:] }
        guard case .mapping(let pairs) = entry.value.kind else {
            complain(ValueValidationError("must be a mapping, not \(entry.value.kindName)"), entry.value, entry, level)
            return [:]
        }
        var variables: [String: Setting<String>] = [:]
        for pair in pairs {
            do throws(ValueValidationError) {
                _ = try InventoryValue.name(pair.key)
            } catch {
                mistakes.append(Mistake("vars of \(level.title): \(error.description)", at: pair.position))
            }
            variables[pair.key] = single(pair, level, InventoryValue.variable)
        }
        return variables
    }

    private mutating func value<Value>(
        _ node: YAMLNode, _ entry: YAMLEntry, _ level: InventoryLevel, _ meaning: Meaning<Value>
    ) -> Setting<Value>? {
        guard case .scalar(let text, _) = node.kind, !node.isNull else {
            complain(ValueValidationError("must be a single value, not \(node.kindName)"), node, entry, level)
            return nil
        }
        do throws(ValueValidationError) {
            return Setting(value: try meaning(text), position: node.position)
        } catch {
            complain(error, node, entry, level)
            return nil
        }
    }

    mutating func isMissing(_ entry: YAMLEntry, _ level: InventoryLevel) -> Bool {
        guard entry.value.isNull else { return false }
        let message = "\(entry.key.quoted) of \(level.title) has no value; write one, or remove the key"
        mistakes.append(Mistake(message, at: entry.position))
        return true
    }

    mutating func complain(
        _ complaint: ValueValidationError, _ node: YAMLNode, _ entry: YAMLEntry, _ level: InventoryLevel
    ) {
        let message = "\(entry.key.quoted) of \(level.title): \(complaint.description)"
        mistakes.append(Mistake(message, at: node.position, suggestion: complaint.suggestion))
    }
}
