// SPDX-License-Identifier: MIT

/// Units no automatic decision touches: what a host needs to run, to be reached, and to say what is wrong.
package struct ProtectedUnits: Hashable, Codable, Sendable {
    /// What the inventory adds, as written: a name with or without suffix, or a pattern.
    package var added: [String]

    package init(adding added: [String] = []) { self.added = added }

    /// Why `unit` is protected; `nil` when it is not.
    package func reason(for unit: UnitName) -> String? {
        if let pattern = added.first(where: { Self.fits($0, unit) }) {
            return "the inventory protects \(pattern.printable(limit: 60))"
        }
        switch unit.kind {
        case .target, .slice, .scope, .device: return "a \(unit.kind.rawValue) carries other units with it"
        case .mount, .automount, .swap: return "services write to what is mounted"
        case .service, .socket, .timer, .path: break
        }
        let stem = String(unit.stem)
        if let what = Self.names[stem] ?? Self.patterns.first(where: { $0.glob.matches(stem) })?.what {
            return "\(what) depends on it"
        }
        return nil
    }

    /// Whether one of `patterns`, which a playbook's author wrote, names `unit`. A pattern that cannot be read names none.
    static func fits(any patterns: [String], _ unit: UnitName) -> Bool {
        patterns.contains { (!Glob.isPattern($0) || Glob($0) != nil) && fits($0, unit) }
    }

    /// A pattern of the inventory or of ours; without a suffix it means any kind of unit.
    private static func fits(_ pattern: String, _ unit: UnitName) -> Bool {
        let stems = [unit.description, String(unit.stem)]
        guard Glob.isPattern(pattern) else { return stems.contains(pattern) }
        // A pattern that cannot be read protects more rather than less.
        guard let glob = Glob(pattern) else { return true }
        return stems.contains { glob.matches($0) }
    }

    /// Those of ``builtIn`` that are one name, and those that are patterns, read once.
    private static let names = Dictionary(
        builtIn.filter { !Glob.isPattern($0.pattern) }.map { ($0.pattern, $0.what) },
        uniquingKeysWith: { first, _ in first })
    private static let patterns = builtIn.compactMap { entry in
        Glob.isPattern(entry.pattern) ? Glob(entry.pattern).map { (glob: $0, what: entry.what) } : nil
    }

    /// By name without suffix, so that a service, its socket and its instances are all meant.
    static let builtIn: [(pattern: String, what: String)] = [
        ("sshd", "access"), ("sshd@*", "access"), ("sshd-*", "access"), ("ssh", "access"), ("ssh@*", "access"),
        ("sshd.*", "access"), ("dropbear*", "access"),
        ("systemd-*", "the system"), ("init", "the system"), ("dbus*", "the system"), ("user@*", "a login"),
        ("user-runtime-dir@*", "a login"), ("polkit*", "the system"), ("logind*", "the system"),
        ("getty@*", "a login"), ("autovt@*", "a login"), ("serial-getty@*", "a login"),
        ("display-manager", "a login"), ("greetd", "a login"), ("gdm", "a login"), ("sddm", "a login"),
        ("lightdm", "a login"),
        ("NetworkManager*", "the network"), ("network-*", "the network"), ("networking", "the network"),
        ("network", "the network"), ("wpa_supplicant*", "the network"), ("iwd", "the network"),
        ("dhcpcd*", "the network"), ("dhclient*", "the network"), ("connman*", "the network"),
        ("resolvconf", "name resolution"), ("nscd", "name resolution"), ("nsncd", "name resolution"),
        ("firewall*", "the firewall"), ("nftables", "the firewall"), ("iptables*", "the firewall"),
        ("ip6tables*", "the firewall"), ("ufw", "the firewall"), ("fail2ban", "the firewall"),
        ("tailscaled*", "the way in"), ("wg-quick*", "the way in"), ("wireguard-*", "the way in"),
        ("openvpn*", "the way in"), ("zerotierone*", "the way in"), ("nebula@*", "the way in"),
        ("nix-daemon", "every build"), ("nixos-rebuild-switch-to-configuration", "a running switch"),
        ("nixos-upgrade", "which system runs"), ("zfs-*", "the disks"), ("lvm2-*", "the disks"),
        ("mdmonitor", "the disks"),
        ("auditd", "the record of what happened"), ("macha*", "Macha itself"),
    ]
}
