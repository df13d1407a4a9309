// SPDX-License-Identifier: MIT

extension ResolvedHost {
    /// Every setting that counts, by the names of the inventory's keys; one entry for each tag, variable and unit.
    var explanation: [Explanation] {
        var entries = [Explanation(key: "connection", value: isLocal.value ? "local" : "ssh", origin: isLocal.origin)]
        if !isLocal.value { entries += login }
        entries += groups.map { Explanation(key: "groups", value: $0.value, origin: $0.origin) }
        entries.append(Explanation(key: "autonomy", value: autonomy.value.rawValue, origin: autonomy.origin))
        entries.append(
            Explanation(key: "check-interval", value: shortest(checkInterval.value), origin: checkInterval.origin))
        entries.append(Explanation(key: "sudo", value: "\(sudo.value)", origin: sudo.origin))
        entries.append(Explanation(key: "protected", value: "\(isProtected.value)", origin: isProtected.origin))
        entries += managedUnits.map { Explanation(key: "managed-units", value: $0.value, origin: $0.origin) }
        entries += protectedUnits.map { Explanation(key: "protected-units", value: $0.value, origin: $0.origin) }
        entries.append(
            Explanation(
                key: "quiet-hours", value: quietHours.value.map(clock) ?? "none", origin: quietHours.origin))
        entries.append(Explanation(key: "flake-attr", value: flakeAttr.value ?? "none", origin: flakeAttr.origin))
        entries += explanationOfChecks
        entries += tags.map { Explanation(key: "tags", value: $0.value, origin: $0.origin) }
        entries += vars.sorted { $0.key < $1.key }
            .map { Explanation(key: "vars.\($0.key)", value: $0.value.value, origin: $0.value.origin) }
        return entries
    }

    /// What the health checks go by; only what the inventory sets, since every figure has a built-in value.
    private var explanationOfChecks: [Explanation] {
        var entries: [Explanation] = []
        if intermittent.origin != .builtIn {
            entries.append(
                Explanation(key: "intermittent", value: "\(intermittent.value)", origin: intermittent.origin))
        }
        let lists = [
            ("check-names", checkNames.value, checkNames.origin),
            ("check-addresses", checkAddresses.value, checkAddresses.origin),
            ("depends-on", dependsOn.value.map(\.value), dependsOn.origin),
        ]
        entries += maintenance.map { Explanation(key: "maintenance", value: $0.value.text, origin: $0.origin) }
        entries += lists.filter { $0.2 != .builtIn }
            .map { Explanation(key: $0.0, value: listed($0.1), origin: $0.2) }
        entries += thresholds.sorted { $0.key < $1.key }
            .map { name, setting in
                let text = ThresholdKey(named: name)?.text(setting.value) ?? "\(setting.value)"
                return Explanation(key: "thresholds.\(name)", value: text, origin: setting.origin)
            }
        return entries
    }

    private var login: [Explanation] {
        [
            Explanation(key: "address", value: address.value, origin: address.origin),
            Explanation(key: "port", value: "\(port.value)", origin: port.origin),
            Explanation(key: "user", value: user.value, origin: user.origin),
            Explanation(key: "identity-file", value: listed(identityFiles.value), origin: identityFiles.origin),
            Explanation(key: "known-hosts", value: listed(knownHosts.value), origin: knownHosts.origin),
            Explanation(key: "jump", value: jump.value ?? "none", origin: jump.origin),
        ]
    }

    private func listed(_ files: [String]) -> String { files.isEmpty ? "none" : files.joined(separator: ", ") }

    /// Seconds in the largest unit that needs no fraction.
    private func shortest(_ seconds: Int) -> String {
        for (unit, length) in [("d", 86400), ("h", 3600), ("m", 60)] where seconds % length == 0 {
            return "\(seconds / length)\(unit)"
        }
        return "\(seconds)s"
    }

    private func clock(_ hours: QuietHours) -> String { "\(clock(hours.start))-\(clock(hours.end))" }

    private func clock(_ minute: Int) -> String {
        [minute / 60, minute % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    }
}
