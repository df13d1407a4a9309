// SPDX-License-Identifier: MIT

/// Hosts as a person writes them on a command line.
extension HostScan {
    /// Takes `text`: an alias of the ssh configuration, a name or an address, with `user@` before it and `:port` behind it; an
    /// IPv6 address with a port stands in brackets. Returns whether an inventory can hold it.
    package mutating func add(named text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        let user = parts.count > 1 ? parts.dropLast().joined(separator: "@") : nil
        guard let rest = parts.last, user != "", let endpoint = Self.endpoint(named: rest) else { return false }
        var candidate = Candidate(
            name: Self.shortName(endpoint.address), address: endpoint.address, port: endpoint.port, file: Self.given)
        candidate.user = user
        guard isFit(candidate) else { return false }
        let place = Self.place(endpoint.address, endpoint.port)
        guard !found.contains(where: { $0.place == place }) else { return true }
        found.append(Found(candidate: candidate, place: place))
        return true
    }

    /// Where a candidate comes from that no file knows.
    private static let given = "named to macha init"

    private static func endpoint(named text: Substring) -> (address: String, port: Int)? {
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            let address = String(text[text.index(after: text.startIndex)..<end])
            let rest = text[end...].dropFirst()
            if rest.isEmpty { return (address, 22) }
            return rest.hasPrefix(":") ? port(rest.dropFirst()).map { (address, $0) } : nil
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return text.isEmpty ? nil : (String(text), 22) }
        return port(parts[1]).map { (String(parts[0]), $0) }
    }

    private static func port(_ text: Substring) -> Int? { UInt16(text).flatMap { $0 > 0 ? Int($0) : nil } }
}
