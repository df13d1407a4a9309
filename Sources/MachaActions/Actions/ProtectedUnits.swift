// SPDX-License-Identifier: MIT
package import MachaModel

/// Units no automatic decision touches: what a host needs to run, to be reached, and to say what is wrong.
package struct ProtectedUnits: Hashable, Codable, Sendable {
    /// What the inventory adds, as written: a name with or without suffix, or a pattern.
    package var added: [String]

    package init(adding added: [String] = []) { self.added = added }

    /// Why `unit` is protected; `nil` when it is not.
    package func reason(for unit: UnitName) -> String? {
        if let pattern = added.first(where: { Self.protects($0, unit) }) {
            return "the inventory protects \(pattern.printable(limit: 60))"
        }
        switch unit.kind {
        case .target, .slice, .scope, .device: return "a \(unit.kind.rawValue) carries other units with it"
        case .mount, .automount, .swap: return "services write to what is mounted"
        case .service, .socket, .timer, .path: break
        }
        let stem = unit.stem.lowercased()
        if let what = Self.names[stem] ?? Self.patterns.first(where: { $0.glob.matches(stem) })?.what {
            return "\(what) depends on it"
        }
        return nil
    }

    /// Whether one of `patterns`, which a playbook's author wrote, names `unit`. A pattern that cannot be read names none.
    static func fits(any patterns: [String], _ unit: UnitName) -> Bool {
        patterns.contains {
            (!Glob.isPattern($0) || Glob($0) != nil) && fits($0, [unit.description, String(unit.stem)])
        }
    }

    /// A pattern of the inventory. Letters count as the same in upper and lower case: systemd tells them apart, and a name
    /// in the wrong one would protect nothing.
    private static func protects(_ pattern: String, _ unit: UnitName) -> Bool {
        fits(pattern.lowercased(), [unit.description.lowercased(), unit.stem.lowercased()])
    }

    /// Without a suffix a pattern means any kind of unit.
    private static func fits(_ pattern: String, _ stems: [String]) -> Bool {
        guard Glob.isPattern(pattern) else { return stems.contains(pattern) }
        // A pattern that cannot be read protects more rather than less.
        guard let glob = Glob(pattern) else { return true }
        return stems.contains { glob.matches($0) }
    }

    /// Why a pattern of unit names may stand for a protected unit; `nil` when it cannot.
    package func reason(forPattern pattern: String) -> String? {
        guard let glob = Glob(pattern.lowercased()) else { return "it is unknown what it matches" }
        for kind in UnitName.Kind.allCases where !Self.started.contains(kind) {
            if Glob("*.\(kind.rawValue)").map(glob.meets) ?? true { return "it may match a \(kind.rawValue)" }
        }
        let all =
            Self.builtIn.map { ($0.pattern, "\($0.what) depends on it") }
            + added.map { ($0, "the inventory protects \($0.printable(limit: 60))") }
        return all.first { Self.mayMeet(glob, $0.0.lowercased()) }?.1
    }

    private static let started: [UnitName.Kind] = [.service, .socket, .timer, .path]

    /// Whether one unit may fit both; `protected` without a suffix means any kind of unit.
    private static func mayMeet(_ glob: Glob, _ protected: String) -> Bool {
        ([protected] + started.map { "\(protected).\($0.rawValue)" }).contains { name in
            Glob(name).map(glob.meets) ?? true
        }
    }

    /// Those of ``builtIn`` that are one name, and those that are patterns, read once.
    private static let names = Dictionary(
        builtIn.filter { !Glob.isPattern($0.pattern) }.map { ($0.pattern.lowercased(), $0.what) },
        uniquingKeysWith: { first, _ in first })
    private static let patterns = builtIn.compactMap { entry in
        Glob.isPattern(entry.pattern) ? Glob(entry.pattern.lowercased()).map { (glob: $0, what: entry.what) } : nil
    }
}
