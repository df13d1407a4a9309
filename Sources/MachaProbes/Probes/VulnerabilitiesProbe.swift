// SPDX-License-Identifier: MIT

/// Known vulnerabilities of what the system is built from, by vulnix. Absent (`nil`) where it is not installed.
///
/// vulnix matches names and versions, so some of what it finds is none. It keeps a download of the advisories in its own
/// cache in the account's home: the one probe that leaves something there, because who installs vulnix wants that.
package enum VulnerabilitiesProbe: Probe {
    package static let name = "vulnerabilities"
    package static let rhythm = ProbeInterval.weekly
    package static let timeout = 90
    package static let byteLimit = 2 << 20
    /// Status 0 is none, 1 all whitelisted, 2 some, 3 an error.
    package static let script = """
        command -v vulnix >/dev/null || { echo absent; exit 0; }
        vulnix --system --json
        status=$?
        [ "$status" -le 2 ] || exit "$status"
        printf '\\n@end %s\\n' "$status"
        """

    package static func parse(_ body: String) throws(ProbeFailure) -> VulnerabilitiesState? {
        if ProbeText.isAbsent(body) { return nil }
        guard let end = ProbeText.range(of: "\n@end ", in: body), let status = Int(body[end.upperBound...].dropLast()),
            (0...2).contains(status), let items = LooseJSON(body[..<end.lowerBound])?.items
        else { throw ProbeText.unparsable("vulnix", body) }
        var packages = ItemList<VulnerablePackage>()
        for item in items {
            guard let name = item["name"]?.string, let affected = item["affected_by"]?.items else {
                packages.skip(
                    item["name"]?.string ?? "a package",
                    ProbeText.unparsable("a package without name or advisories", body))
                continue
            }
            let scores = (item["cvssv3_basescore"]?.members ?? [:]).values.compactMap(\.double)
            guard scores.allSatisfy({ (0...10).contains($0) }) else {
                packages.skip(name, ProbeText.unparsable("a score", name))
                continue
            }
            let advisories = affected.compactMap(\.string)
            if !advisories.isEmpty {
                packages.append(
                    VulnerablePackage(name: name, advisories: Array(advisories.prefix(20)), score: scores.max()))
            }
        }
        let unread = try packages.unreadItems()
        // The status and the list must say the same.
        guard status == 2 || packages.items.isEmpty else {
            throw ProbeText.unparsable("status \(status) with a list", body)
        }
        let worst = packages.items.sorted { ($1.score ?? 0, $0.name) < ($0.score ?? 0, $1.name) }
        return VulnerabilitiesState(
            packages: Array(worst.prefix(50)), count: packages.items.count, unread: unread)
    }
}

/// Source: vulnix(1).
package struct VulnerabilitiesState: Hashable, Codable, Sendable, PartlyRead {
    /// Highest score first; at most 50.
    package var packages: [VulnerablePackage]
    package var count: Int
    package var unread: [UnreadItem]?
}

package struct VulnerablePackage: Hashable, Codable, Sendable {
    /// With its version.
    package var name: String
    /// As in `CVE-2026-1234`; at most 20.
    package var advisories: [String]
    /// The highest CVSS v3 base score, 0…10; `nil` without one.
    package var score: Double?
}
