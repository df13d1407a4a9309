// SPDX-License-Identifier: MIT
import MachaFleet
import MachaInventory
import MachaStore
import Synchronization

/// One step on the way of a single host, on values that are here already.
protocol HostStage: Sendable {
    func run(_ pass: inout HostPass) throws(StoreError)
}

/// Sends each host through the stages by itself, so that every one is on the disk as soon as it has answered: a controller
/// that is killed loses only those that had not.
///
/// Hosts are asked at once, and judged and recorded in turn: what one shows of another (a machine under two names) is seen
/// whichever comes first.
struct EachHostStage: CycleStage {
    private let collect: CollectStage
    private let inTurn: [any HostStage]
    private let components: CycleComponents
    private let turn = Turn()

    /// A lock that copies of the stage share.
    private final class Turn: Sendable {
        private let lock = Mutex(())

        func run(_ pass: inout HostPass, _ stages: [any HostStage]) throws(StoreError) {
            try lock.withLock { (_) throws(StoreError) in
                for stage in stages { try stage.run(&pass) }
            }
        }
    }

    init(_ components: CycleComponents, collect: CollectStage, inTurn: [any HostStage]) {
        self.components = components
        self.collect = collect
        self.inTurn = inTurn
    }

    func run(_ state: inout CycleState, _ observer: CycleObserver) async throws(StoreError) {
        var reports: [HostReport] = []
        var progress = FleetProgress(state.hosts)
        var failures: [(host: String, error: StoreError)] = []
        observer.receive(.collecting(progress))
        await FanOut.run(state.hosts, width: components.width) { host in
            (host, await pass(host))
        } receive: { (host, result) in
            switch result {
            case .success(let pass):
                state.warnings += pass.warnings
                if let observation = pass.observation {
                    state.observations.append(observation)
                    reports.append(observation.report)
                }
            // The other hosts' results are stored and reported anyway.
            case .failure(let error):
                failures.append((host.name, error))
                state.warnings.append("\(host.name): \(error)")
                reports.append(StatusQuery.unreadable(host, error, at: components.now()))
            }
            progress.heard(host.name)
            observer.receive(.collecting(progress))
        }
        if let failure = failures.first, state.observations.isEmpty { throw failure.error }
        for failure in failures { state.note(failure.error, of: failure.host) }
        state.fleet = FleetReport(
            refreshed(reports, in: state), of: state.hosts, now: components.now())
    }

    private func pass(_ host: FleetHost) async -> Result<HostPass, StoreError> {
        var pass = HostPass(host, await collect.run(host))
        do throws(StoreError) {
            try turn.run(&pass, inTurn)
            return .success(pass)
        } catch {
            return .failure(error)
        }
    }

    /// `reports`, with those of hosts of which another name of their machine has reported something since.
    private func refreshed(_ reports: [HostReport], in state: CycleState) -> [HostReport] {
        let failed = Set(state.troubles.compactMap(\.host))
        let others = state.observations.reduce(into: Set<String>()) { $0.formUnion($1.otherNames) }.subtracting(failed)
        let known = components.known(of: state.hosts.filter { others.contains($0.name) })
        let again = Dictionary(known.map { ($0.host, $0) }, uniquingKeysWith: { first, _ in first })
        return reports.map { again[$0.host] ?? $0 }
    }
}
