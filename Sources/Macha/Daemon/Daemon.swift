// SPDX-License-Identifier: MIT
import Foundation
package import Logging
import MachaActions
import MachaFleet
import MachaInventory
import MachaModel
import MachaStore
import ServiceLifecycle
import Synchronization

/// `macha serve`: the whole fleet along ``HostCycle``, day and night, until somebody ends it.
///
/// Errors of one host, model or write are survived. It ends by ``stop()``, and otherwise only when the process does.
package final class Daemon: Sendable {
    typealias Plan = Scheduler<ControllerClock>.Plan

    struct State {
        /// With the files that are in use.
        var controller: Controller
        /// What the scheduler takes over at its next turn.
        var next: Plan?
        /// For the commands that run beside it.
        var record: DaemonRecord
        var group: ServiceGroup?
        var isStopping = false
        /// The cycle in use, to give back its jobs at the end.
        var cycle: HostCycle?
    }

    let request: DaemonRequest
    let logger: Logger
    let manager: ServiceManager
    let store: Store
    let stateFolder: String
    let now: @Sendable () -> Date
    /// By which its parts wait.
    let clock: ControllerClock
    /// The fleet in a sentence, for the service manager.
    let sentence: @Sendable (FleetView) -> String
    /// What failed and was survived.
    package let faults: FaultLedger
    let pulse = Pulse()
    let events: ControllerEvents
    let state: Mutex<State>
    let reloads = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    private let lock: DaemonLock
    private let ending: EndingFlag

    /// Takes the state folder for itself. Throws when another daemon has it, and with every mistake in the files.
    package init(
        _ controller: Controller, _ request: DaemonRequest, logger: Logger, manager: ServiceManager,
        sentence: @escaping @Sendable (FleetView) -> String
    ) throws(ControllerError) {
        let environment = controller.environment
        self.request = request
        self.logger = logger
        self.manager = manager
        self.sentence = sentence
        now = environment.now
        clock = environment.clock
        stateFolder = environment.stateFolder
        ending = environment.ending
        events = controller.events
        faults = FaultLedger(now: environment.now)
        store = try environment.store()
        lock = try DaemonLock.take(in: environment.stateFolder)
        let time = environment.now()
        let record = DaemonRecord(
            process: Environment.workerName, startedAt: time, beatAt: time, endedAt: nil, readAt: time, mistakes: [],
            faults: [], health: nil, lastBackup: nil, figures: nil)
        state = Mutex(State(controller: controller, record: record))
    }

    /// What happens to the fleet.
    package func subscribe(_ detail: ControllerEvents.Detail) -> ControllerEvents.Subscription {
        events.subscribe(detail)
    }

    /// Works until ``stop()``. Throws when it cannot begin.
    package func run() async throws(ControllerError) {
        let controller = current
        let plan = try plan(of: controller)
        controller.warnOfOldLibrary(plan.hosts)
        if request.acts { controller.warnOfOtherStateFolders() }
        try controller.listInventory()
        let known = try controller.status(plan.hosts, withTrends: false)
        if !controller.isOwnNameFree {
            logger.warning(
                "the inventory has a host \(FleetHost.itself.name.quoted): what macha serve finds of itself is shown below status, not as a row of that name"
            )
        }
        try keepRecord()
        let group = ServiceGroup(configuration: configuration(plan, known))
        let isStopping = state.withLock { state in
            state.group = group
            state.cycle = plan.cycle
            return state.isStopping
        }
        logger.notice("macha serve began with \(plan.hosts.count) hosts", metadata: ["folder": "\(stateFolder)"])
        if !isStopping {
            do {
                try await BlockingExecutor.shared.run { try await group.run() }
            } catch {
                throw ControllerError(.unavailable, "a service could not be started: \(error)")
            }
        }
        await controller.environment.close()
        end()
    }

    /// The controller with the files that are in use.
    var current: Controller { state.withLock { $0.controller } }

    /// The way of the whole fleet.
    func plan(of controller: Controller) throws(ControllerError) -> Plan {
        let hosts = try controller.hosts([])
        let settings = try controller.environment.configuration().daemon
        let check = CheckRequest(
            hosts: hosts, width: request.width ?? settings.width ?? FanOut.defaultWidth, acts: request.acts,
            asksModels: request.asksModels, asksAgain: false,
            isFresh: false, comparesChanges: true, settle: nil, analysesPerDay: settings.analysesPerDay)
        return Plan(try controller.environment.cycle(check), hosts: hosts)
    }

    /// Reads the files again: taken over at once, or not at all.
    package func reload() { reloads.continuation.yield() }

    /// Ends it: nothing new begins, and ``run()`` returns when what has begun on hosts is over.
    package func stop() {
        ending.raise()
        manager.stopping()
        logger.notice("macha serve is ending")
        let group = state.withLock { state in
            state.isStopping = true
            return state.group
        }
        if let group { Task { await group.triggerGracefulShutdown() } }
    }

    /// Writes down what is left as it is by a process that ends now: repairs to the host and to the next start, analyses to
    /// the queue.
    package func leave() {
        for host in events.remediating { leaveRuns(of: host) }
        end()
    }

    private func leaveRuns(of host: String) {
        do throws(StoreError) {
            for run in try store.openRuns(of: host) where run.state == .started {
                let left = AuditEvent.RunLeft(
                    run: run.id, title: run.proposal.title,
                    left: "macha serve ended; the next start asks the host what became of it")
                try store.note(.left(left), host: host, at: now())
                logger.warning("\(host): \(run.proposal.title) is left as it is; the next start asks what became of it")
            }
        } catch {
            logger.error("\(error)")
        }
    }

    private func end() {
        let cycle = state.withLock { state in
            state.record.endedAt = now()
            return state.cycle
        }
        do throws(StoreError) { try cycle?.components.analyses?.giveUp() } catch { logger.error("\(error)") }
        do throws(ControllerError) { try keepRecord() } catch {
            logger.error("\(error.messages.joined(separator: "; "))")
        }
        logger.notice("macha serve ended")
    }

    /// Writes what the commands beside it see.
    func keepRecord() throws(ControllerError) {
        let record = state.withLock { state in
            state.record.beatAt = now()
            state.record.faults = faults.all
            return state.record
        }
        try storing { () throws(StoreError) in try store.keep(record) }
    }
}
