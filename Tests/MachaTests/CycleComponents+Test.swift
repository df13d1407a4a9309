// SPDX-License-Identifier: MIT
import Foundation
import MachaFleet
import MachaInventory
import MachaStore

@testable import Macha

extension Inventory {
    /// For tests that mute nothing.
    static let oneLocalHost: Inventory = {
        let text = "hosts: { local: { connection: local } }"
        guard
            let inventory = try? Inventory.parse(
                sources: [(file: "fleet.yaml", text: text)], home: "/root", user: "macha")
        else { preconditionFailure("this is an inventory") }
        return inventory
    }()
}

extension CycleComponents {
    /// Components that only observe, unless told otherwise, with their files beside `store`'s in `folder`.
    static func test(
        _ store: Store, in folder: String, remediator: Remediator? = nil, analyses: FleetAnalysis? = nil,
        exports: String? = nil, width: Int = 64, comparesChanges: Bool = false, now: @escaping @Sendable () -> Date
    ) -> CycleComponents {
        CycleComponents(
            connector: HostConnector(agentSocket: nil), store: store, files: SnapshotFiles(folder: folder), demand: nil,
            remediator: remediator, analyses: analyses,
            exporter: Exporter(
                Exports(folder: exports ?? folder), heads: AuditHeadPlaces(file: nil, usesSyslog: false)),
            muting: MutingLoader(.oneLocalHost, store: store),
            width: width, isFresh: false, comparesChanges: comparesChanges, now: now)
    }
}

extension HostCycle {
    /// Sends `hosts` along the whole way; nobody follows it.
    func run(_ hosts: [FleetHost]) async throws -> CycleState {
        try await run(hosts, observer: CycleObserver { _ in }) { _, _ in }
    }

    /// Sends one host along one part of the way; nobody follows it.
    func run(_ part: Part, of host: FleetHost) async -> CycleState {
        await run(part, of: host, observer: CycleObserver { _ in })
    }
}
