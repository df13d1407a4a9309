// SPDX-License-Identifier: MIT
package import MachaInventory
import MachaStore

/// One maintenance cycle: the way of hosts from a question to its outcome.
///
/// The list below is the whole way, in order. `check` sends all its hosts along it part by part; ``Scheduler`` sends one
/// host at a time, and lets each part wait for a turn of its own. Nothing else decides what comes after what.
package struct HostCycle: Sendable {
    /// What can wait for its turn by itself.
    package enum Part: CaseIterable, Sendable {
        /// What is sure: the hosts are asked, judged, and on the disk.
        case observe
        /// What may be done is done; what has to be asked waits for a person.
        case remediate
        /// What takes minutes: a model is asked, and what it proposes is decided about.
        case analyse
    }

    private let way: [(part: Part, stages: [any CycleStage])]
    let components: CycleComponents

    package init(_ components: CycleComponents) {
        self.components = components
        way = [
            (
                .observe,
                [
                    EachHostStage(
                        components, collect: CollectStage(components),
                        inTurn: [JudgeStage(components), RecordStage(components)]),
                    RetainStage(components),
                ]
            ),
            (.remediate, [RemediateStage(components, reason: .findings), ExportStage(components)]),
            (
                .analyse,
                [AnalyseStage(components), RemediateStage(components, reason: .proposals), ExportStage(components)]
            ),
        ]
    }

    /// Sends `hosts` along the whole way. `ended` is called after each part, and what it throws ends the cycle there.
    ///
    /// Returns what is known at the end. Throws when no host could be recorded; what fails later is in
    /// ``CycleState/troubles``, and cuts off nothing.
    package func run(
        _ hosts: [FleetHost], observer: CycleObserver, ended: (Part, CycleState) throws -> Void
    ) async throws -> CycleState {
        var state = CycleState(hosts)
        for (part, stages) in way {
            for stage in stages { try await stage.run(&state, observer) }
            try ended(part, state)
        }
        return state
    }

    /// Sends one host along one part of the way. Never throws: what failed is in ``CycleState/troubles``.
    package func run(_ part: Part, of host: FleetHost, observer: CycleObserver) async -> CycleState {
        var state = CycleState([host])
        do throws(StoreError) {
            for stage in stages(of: part) { try await stage.run(&state, observer) }
        } catch {
            state.note(error, of: host.name)
        }
        return state
    }

    /// Sends `hosts` along the sure part only, for what is decided by how they are now.
    func observe(_ hosts: [FleetHost], observer: CycleObserver) async throws(StoreError) {
        var state = CycleState(hosts)
        for stage in stages(of: .observe) { try await stage.run(&state, observer) }
    }

    private func stages(of part: Part) -> [any CycleStage] { way.filter { $0.part == part }.flatMap(\.stages) }

    /// Whether `part` does anything: repairs and models may both be left out.
    package func contains(_ part: Part) -> Bool {
        switch part {
        case .observe: true
        case .remediate: components.remediator != nil
        case .analyse: components.analyses != nil
        }
    }
}

/// One step on the way, for all hosts of a cycle.
protocol CycleStage: Sendable {
    /// Adds what it finds or does to `state`. Throws only when what follows would have nothing to go by.
    func run(_ state: inout CycleState, _ observer: CycleObserver) async throws(StoreError)
}
