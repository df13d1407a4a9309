// SPDX-License-Identifier: MIT
import MachaModel

/// Keys about what is checked on a host, and from which figure on it counts.
extension InventoryReader {
    /// `{ disk-warning: 85%, … }`: each name of ``ThresholdKey``, each value in its unit.
    mutating func thresholds(_ entry: YAMLEntry, _ level: InventoryLevel) -> [String: Setting<Double>] {
        guard !isMissing(entry, level) else { return [:] }
        guard case .mapping(let pairs) = entry.value.kind else {
            complain(ValueValidationError("must be a mapping, not \(entry.value.kindName)"), entry.value, entry, level)
            return [:]
        }
        var thresholds: [String: Setting<Double>] = [:]
        for pair in pairs {
            guard let key = ThresholdKey(named: pair.key) else {
                let known = ThresholdKey.all.map(\.name)
                mistakes.append(.unknownKey(pair, "in thresholds of \(level.title)", known: known))
                continue
            }
            thresholds[key.name] = single(pair, level) { (text) throws(ValueValidationError) in try key.value(of: text)
            }
        }
        return thresholds
    }

    /// A list as one setting, which replaces that of a weaker layer; `none` or `[]` empties it.
    mutating func texts(
        _ entry: YAMLEntry, _ level: InventoryLevel, _ meaning: Meaning<String>
    ) -> Setting<[String]>? {
        if case .scalar("none", _) = entry.value.kind { return Setting(value: [], position: entry.value.position) }
        let values = list(entry, level, meaning).map(\.value)
        return Setting(value: values, position: entry.value.position)
    }
}

extension InventoryValue {
    /// A DNS name: labels of letters, digits, `-` and `_`, parted by dots.
    static func domainName(_ text: String) throws(ValueValidationError) -> String {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        let isName = labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.first != "-"
                && label.utf8.allSatisfy { isLetterOrDigit($0) || $0 == 0x2d || $0 == 0x5f }
        }
        guard isName, text.utf8.count <= 253 else {
            throw ValueValidationError(
                "\(text.quoted) is not a DNS name; write it like example.org, without a scheme or path")
        }
        return text
    }

    /// `example.org:443`, `192.0.2.1:53` or `[2001:db8::1]:53`; without a port, a host that answers at all.
    static func target(_ text: String) throws(ValueValidationError) -> String {
        let remedy = "write host:port, such as example.org:443 or [2001:db8::1]:53"
        if text.hasPrefix("[") {
            let parts = text.dropFirst().split(separator: "]", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, parts[0].contains(":"), parts[1].isEmpty || parts[1].hasPrefix(":"),
                parts[0].utf8.allSatisfy({ isHexDigit($0) || $0 == 0x3a || $0 == 0x2e })
            else { throw ValueValidationError("\(text.quoted) is not a valid target; \(remedy)") }
            if !parts[1].isEmpty { _ = try port(String(parts[1].dropFirst())) }
            return text
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2 else {
            throw ValueValidationError(
                "\(text.quoted) is not a valid target; put IPv6 addresses in brackets: [2001:db8::1]:53")
        }
        _ = try domainName(String(parts[0]))
        if parts.count == 2 { _ = try port(String(parts[1])) }
        return text
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
    }
}
