// SPDX-License-Identifier: MIT
package import MachaFleet
package import MachaInventory
import MachaStore

extension Controller {
    /// One playbook on hosts of a person's choice.
    package struct RunRequest: Sendable {
        package var playbook: String
        package var hosts: [FleetHost]
        /// Values of the playbook's parameters.
        package var values: [String: String]
        /// Seconds a change is watched at most; `nil` for as long as its plan says.
        package var settle: Int?

        package init(playbook: String, hosts: [FleetHost], values: [String: String], settle: Int?) {
            self.playbook = playbook
            self.hosts = hosts
            self.values = values
            self.settle = settle
        }
    }

    /// A playbook that is planned and waits for the person's word.
    package struct PlannedRun: Sendable {
        fileprivate let controller: Controller
        fileprivate let work: Rollout
        package let hosts: [FleetHost]
        /// What an earlier controller had left on the hosts, as it was settled now.
        package let recovered: [Recovery.Note]
        package let plans: [Rollout.Plan]

        /// Carries out what policy does not refuse; the person has agreed to all of it. `heard` is called for every host as
        /// soon as it is done.
        package func carryOut(
            heard: @Sendable (Rollout.Outcome) -> Void
        ) async throws(ControllerError) -> [Rollout.Outcome] {
            let outcomes = try await storing { () async throws(StoreError) in
                try await work.carryOut(plans, on: hosts, heard: heard)
            }
            try controller.export()
            return outcomes
        }
    }

    /// Settles what was left on the hosts, observes them again, and plans the playbook on each. Changes nothing.
    package func plan(
        _ request: RunRequest, progress: @escaping @Sendable (FleetProgress) -> Void
    ) async throws(ControllerError) -> PlannedRun {
        let playbook = try environment.playbook(request.playbook)
        warnOfOldLibrary(request.hosts)
        let (store, inventory) = (try environment.store(), try environment.inventory())
        let executor = try environment.executor(settle: request.settle)
        let names = Set(request.hosts.map(\.name))
        let recovered = try await storing { () async throws(StoreError) in
            try store.list(hosts: inventory.hosts.map(\.name))
            return try await Recovery(executor, inventory).run(on: names)
        }
        try await observe(request.hosts, progress: progress)
        let work = Rollout(executor, playbook, given: request.values, by: CurrentUser.name())
        let plans = try await storing { () async throws(StoreError) in try await work.plan(request.hosts) }
        return PlannedRun(controller: self, work: work, hosts: request.hosts, recovered: recovered, plans: plans)
    }

    /// What is decided rests on how the hosts are now.
    private func observe(
        _ hosts: [FleetHost], progress: @escaping @Sendable (FleetProgress) -> Void
    ) async throws(ControllerError) {
        let cycle = try environment.cycle(
            CheckRequest(
                hosts: hosts, width: FanOut.defaultWidth, acts: false, asksModels: false, asksAgain: false,
                isFresh: false, comparesChanges: false, settle: nil, analysesPerDay: nil))
        try await storing { () async throws(StoreError) in
            try await BlockingExecutor.shared.run { () async throws(StoreError) in
                try await cycle.observe(
                    hosts, observer: CycleObserver { if case .collecting(let way) = $0 { progress(way) } })
            }
        }
    }
}
