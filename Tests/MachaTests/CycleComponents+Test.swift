// SPDX-License-Identifier: MIT
import Foundation
import MachaFleet
import MachaInventory
import MachaStore

@testable import Macha

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
