// SPDX-License-Identifier: MIT
import MachaModel

/// Lays the layers over one another and checks what one place says about another: groups and jump hosts.
struct InventoryResolver {
    var mistakes: [Mistake]
    let isComplete: Bool
    let groups: [String: InventoryLayer]
    let silences: [ReadSilence]
    private let defaults: InventoryLayer
    private let hosts: [(name: String, layer: InventoryLayer)]
    private let login: LoginDefaults
    private let aliases: Set<String>
    /// One slip in a group concerns all its hosts; the nearest name is looked for once.
    private var nearestNames: [String: String?] = [:]

    init(_ reader: InventoryReader, login: LoginDefaults, aliases: Set<String>) {
        var reader = reader
        defaults = reader.defaults()
        mistakes = reader.mistakes
        isComplete = reader.isComplete
        groups = reader.groups
        silences = reader.silences
        hosts = reader.hosts
        self.login = login
        self.aliases = aliases
    }

    mutating func resolve() -> [ResolvedHost] {
        let resolved = hosts.map { host in
            ResolvedHost(
                name: host.name, layer: host.layer, groups: groups(of: host.layer),
                defaults: defaults, login: login)
        }
        checkJumps(resolved)
        checkParents(resolved)
        checkThresholds(resolved)
        mistakes += DuplicateEndpoints.mistakes(among: resolved)
        return resolved
    }

    private mutating func groups(of layer: InventoryLayer) -> [InventoryLayer] {
        var seen: Set<String> = []
        return layer.groups.compactMap { name in
            guard seen.insert(name.value).inserted else {
                let message = "\(layer.level.title) names group \(name.value.quoted) twice"
                mistakes.append(Mistake(message, at: name.position))
                return nil
            }
            if let group = groups[name.value] { return group }
            if isComplete {
                let message = "unknown group \(name.value.quoted) in \(layer.level.title)"
                let nearest = nearest(name.value, in: groups.keys.sorted())
                let line = "\"\(name.value.printable(limit: 60)): {}\""
                let remedy = nearest == nil ? "; define it: write \(line) under 'groups:'" : ""
                mistakes.append(Mistake(message + remedy, at: name.position, suggestion: nearest))
            }
            return nil
        }
    }

    private mutating func checkJumps(_ hosts: [ResolvedHost]) {
        let byName = Dictionary(hosts.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        for host in hosts where !host.isLocal.value {
            guard let jump = host.jump.value, let position = host.jump.origin.position else { continue }
            if let target = byName[jump] {
                guard target.isLocal.value else { continue }
                let message = "jump host \(jump.quoted) is the controller itself; leave 'jump' out, or write none"
                mistakes.append(Mistake(message, at: position))
            } else if isComplete, !aliases.contains(jump) {
                complain(ofJump: jump, at: position, in: hosts)
            }
        }
        checkCircles(hosts, byName)
    }

    /// A jump host that is neither of the fleet nor an alias of ssh: an address, or a mistake.
    private mutating func complain(ofJump jump: String, at position: SourcePosition, in hosts: [ResolvedHost]) {
        do throws(ValueValidationError) {
            if try InventoryValue.isAddressOfJump(jump) { return }
        } catch {
            return mistakes.append(Mistake(error.description, at: position))
        }
        let nearest = nearest(jump, in: hosts.lazy.map(\.name))
        let remedy = nearest == nil ? "; it is neither a host of the inventory nor an alias in ~/.ssh/config" : ""
        mistakes.append(Mistake("unknown jump host \(jump.quoted)\(remedy)", at: position, suggestion: nearest))
    }

    /// A list in a group or the defaults concerns many hosts and is complained about once.
    private mutating func checkParents(_ hosts: [ResolvedHost]) {
        guard isComplete else { return }
        let names = Set(hosts.map(\.name))
        var seen: Set<SourcePosition> = []
        for parent in hosts.flatMap(\.dependsOn.value)
        where !names.contains(parent.value) && seen.insert(parent.position).inserted {
            let nearest = nearest(parent.value, in: hosts.lazy.map(\.name))
            let message = "'depends-on' names the unknown host \(parent.value.quoted)"
            mistakes.append(Mistake(message, at: parent.position, suggestion: nearest))
        }
    }

    /// Layers are right one by one and may contradict one another once they lie over each other.
    private mutating func checkThresholds(_ hosts: [ResolvedHost]) {
        var seen: Set<SourcePosition> = []
        for host in hosts where !host.thresholds.isEmpty {
            let figures = ThresholdKey.thresholds(host.thresholds.mapValues(\.value))
            for (first, second) in ThresholdKey.contradictions(in: figures) {
                let places = [first, second].compactMap { host.thresholds[$0.name]?.origin.position }
                guard let position = places.last, seen.insert(position).inserted else { continue }
                let message =
                    "host \(host.name.quoted) would have \(first.name) \(first.text(in: figures)) and "
                    + "\(second.name) \(second.text(in: figures)); the critical one must be the more severe"
                mistakes.append(Mistake(message, at: position))
            }
        }
    }

    /// Follows each chain of jumps until it ends or meets a host that was seen before.
    private mutating func checkCircles(_ hosts: [ResolvedHost], _ byName: [String: ResolvedHost]) {
        var seen: Set<String> = []
        for start in hosts {
            var chain: [ResolvedHost] = []
            var next: ResolvedHost? = start
            while let host = next, !host.isLocal.value, seen.insert(host.name).inserted {
                chain.append(host)
                next = host.jump.value.flatMap { byName[$0] }
            }
            guard let end = next, let first = chain.firstIndex(where: { $0.name == end.name }),
                let position = chain[first].jump.origin.position
            else { continue }
            let circle = (chain[first...].map(\.name) + [end.name]).joined(separator: " → ")
            mistakes.append(Mistake("jump hosts form a loop: \(circle)", at: position))
        }
    }

    private mutating func nearest(_ name: String, in candidates: some Sequence<String>) -> String? {
        if let known = nearestNames[name] { return known }
        let nearest = name.nearest(in: candidates)
        nearestNames[name] = .some(nearest)
        return nearest
    }
}
