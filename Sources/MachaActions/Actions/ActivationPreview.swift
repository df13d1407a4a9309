// SPDX-License-Identifier: MIT
package import MachaModel

/// What the activation of a system would do, as `switch-to-configuration dry-activate` says on standard error.
///
/// Source: switch-to-configuration-ng of nixpkgs: `would restart the following units: a.service, b.service` and the like.
package struct ActivationPreview: Hashable, Codable, Sendable {
    /// Units that would stop, start, restart or reload, sorted, each once. Names are a host's text.
    package private(set) var units: [UntrustedText]
    /// systemd itself would be executed again.
    package private(set) var restartsSystemd: Bool

    /// Reads the lines of `output`; others are ignored. The program itself warns that its list may lack something.
    package init(_ output: String) {
        var names: Set<String> = []
        restartsSystemd = false
        for line in output.split(whereSeparator: \.isNewline) {
            if line.hasPrefix("would restart systemd") { restartsSystemd = true }
            guard line.hasPrefix("would "), !line.hasPrefix("would NOT "), let colon = line.firstIndex(of: ":"),
                line[..<colon].hasSuffix(" the following units")
            else { continue }
            let listed = line[line.index(after: colon)...].split(separator: ",")
            names.formUnion(listed.map { name in name.filter { $0 != " " } })
        }
        units = names.filter { !$0.isEmpty }.sorted().map { UntrustedText($0) }
    }

    /// The units that `protection` names, and mounts and network units, without which a host may not come back.
    package func critical(_ protection: ProtectedUnits) -> [UntrustedText] {
        units.filter { unit in
            guard let name = try? UnitName(unit.raw) else { return true }  // what we cannot read is not harmless
            return name.kind == .mount || name.kind == .swap || protection.reason(for: name) != nil
        }
    }
}
