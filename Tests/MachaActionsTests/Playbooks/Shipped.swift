// SPDX-License-Identifier: MIT
import Foundation
import MachaActions
import MachaFindings
import MachaInventory

/// The playbooks at the top of the repository.
enum Shipped {
    static let folder = URL(filePath: #filePath).appending(path: "../../../../playbooks").standardized

    static var library: PlaybookLibrary {
        get throws { try PlaybookLibrary.load(paths: [folder.path(percentEncoded: false)]) }
    }

    static func target(_ change: (inout FleetHost) -> Void = { _ in }) -> PlaybookTarget {
        var host = FleetHost(name: "web", connection: .ssh(SSHEndpoint(address: "web", user: "macha")))
        change(&host)
        return PlaybookTarget(host: host, facts: HostFacts(isNixOS: true, generation: 42, previousGeneration: 41))
    }

    /// The ids of the playbooks proposed for `findings`, which have been known for `age` seconds.
    static func proposed(for findings: [Finding], age: Double, nixos: Bool = true) throws -> [String] {
        let now = Date(timeIntervalSince1970: 1_790_000_000)
        var target = target()
        if !nixos { target.facts = HostFacts(isNixOS: false) }
        let seen = Dictionary(
            findings.map { ($0.fingerprint, now.addingTimeInterval(-age)) }, uniquingKeysWith: { first, _ in first })
        return try library.match(findings, on: target, firstSeen: seen, now: now).proposals.compactMap(\.playbook)
    }
}
