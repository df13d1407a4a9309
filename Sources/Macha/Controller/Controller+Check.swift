// SPDX-License-Identifier: MIT
import MachaFleet
package import MachaInventory
import MachaStore

extension Controller {
    /// One maintenance cycle now, ready to run.
    package func check(_ request: CheckRequest) throws(ControllerError) -> Check {
        warnOfOldLibrary(request.hosts)
        let cycle = try environment.cycle(request)
        if request.acts { warnOfOtherStateFolders() }
        try listInventory()
        return Check(controller: self, cycle: cycle, hosts: request.hosts)
    }

    /// One maintenance cycle.
    package struct Check: Sendable {
        fileprivate let controller: Controller
        fileprivate let cycle: HostCycle
        package let hosts: [FleetHost]

        /// Sends the hosts along ``HostCycle``. `ended` is called after each part with what is known then; what it throws
        /// ends the check there.
        package func run(
            observer: CycleObserver, ended: (HostCycle.Part, CycleState) throws -> Void
        ) async throws -> CycleState {
            let state = try await BlockingExecutor.shared.run {
                try await cycle.run(hosts, observer: observer, ended: ended)
            }
            await controller.environment.close()
            if cycle.contains(.remediate) { try controller.warnOfEditedApprovals() }
            return state
        }

        /// The hosts for which an analysis waits, and its job.
        package func waitingAnalyses() throws(ControllerError) -> [(host: String, job: Int64)] {
            guard let analyses = cycle.components.analyses else { return [] }
            return try storing { () throws(StoreError) in try analyses.waiting(hosts) }
        }

        /// Gives back at once the jobs this process works on: it is about to end.
        package func giveUpAnalyses() throws(ControllerError) {
            try storing { () throws(StoreError) in try cycle.components.analyses?.giveUp() }
        }
    }

    /// Watches hosts until the task is cancelled: each goes along ``HostCycle`` again and again on its own interval. Follow
    /// it with `subscribe()`. What has begun on a host is brought to its end before this returns.
    package func watch(_ request: CheckRequest) async throws(ControllerError) {
        warnOfOldLibrary(request.hosts)
        let plan = Scheduler<ControllerClock>.Plan(try environment.cycle(request), hosts: request.hosts)
        if request.acts { warnOfOtherStateFolders() }
        try listInventory()
        let known = try status(request.hosts, withTrends: false)
        let scheduler = Scheduler(
            clock: environment.clock, events: events, opening: .zero, jitter: Self.jitter, reload: { nil }, turned: {})
        let connector = environment.connector
        await BlockingExecutor.shared.run {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await connector.tend() }
                await scheduler.run(plan, known: known)
                group.cancelAll()
            }
        }
        await environment.close()
    }

    /// What is known while the fleet is watched, and every change from then on.
    package func subscribe(_ detail: ControllerEvents.Detail) -> ControllerEvents.Subscription {
        events.subscribe(detail)
    }

    /// Up to a twentieth of the interval, sooner or later, so that hosts that began together do not stay together.
    static let jitter: @Sendable (Duration) -> Duration = { $0 * Double.random(in: -0.05...0.05) }

    func listInventory() throws(ControllerError) {
        let (store, names) = (try environment.store(), try environment.inventory().hosts.map(\.name))
        try storing { () throws(StoreError) in try store.list(hosts: names) }
    }

    func warnOfOtherStateFolders() {
        for other in StateFolders(own: environment.stateFolder).others { environment.warn(.otherStateFolder(other)) }
    }
}
