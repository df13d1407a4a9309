// SPDX-License-Identifier: MIT
import Foundation
import HTTP
import Logging
import MachaFleet
import MachaInventory
import MachaModel
import MachaStore
import ServiceLifecycle
import Synchronization

/// The parts of the daemon, each started again by itself when it ends.
extension Daemon {
    /// The observations that are due after a start or a sleep are spread over so long.
    private static var opening: Duration { .seconds(30) }

    func configuration(_ plan: Plan, _ known: FleetReport) -> ServiceGroupConfiguration {
        var services = [
            service("connections") { [self] in await current.environment.connector.tend() },
            service("housekeeping") { [self] in await keepHouse() },
            service("self-watch") { [self] in await watchSelf() },
            service("heartbeat") { [self] in await beatHearts() },
            service("notifications") { [self] in await tellPeople() },
            service("reload") { [self] in await takeReloads() },
            service("backups") { [self] in await keepBackups() },
        ]
        if let watchdog = manager.watchdog {
            services.append(
                service("watchdog") { [self] in await giveSigns(every: watchdog / 4, within: watchdog / 2) })
        }
        // Services are shut down from the last to the first, one after another: what observes and changes hosts first.
        services.append(service("schedule") { [self] in await schedule(plan, known) })
        var quiet = Logger(label: "services", factory: { _ in SwiftLogNoOpLogHandler() })
        quiet.logLevel = .critical
        return ServiceGroupConfiguration(services: services, logger: quiet)
    }

    private func service(
        _ name: String, _ body: @escaping @Sendable () async throws -> Void
    ) -> ServiceGroupConfiguration.ServiceConfiguration {
        .init(
            service: SupervisedService(
                name: name, clock: clock, logger: logger, faults: faults, body: body),
            successTerminationBehavior: .ignore, failureTerminationBehavior: .ignore, serviceName: name)
    }

    private func schedule(_ plan: Plan, _ known: FleetReport) async {
        let scheduler = Scheduler(
            clock: clock, events: events, opening: Self.opening, jitter: Controller.jitter,
            reload: { [self] in
                state.withLock { state in
                    defer { state.next = nil }
                    if let next = state.next { state.cycle = next.cycle }
                    return state.next
                }
            },
            turned: { [self] in pulse.beat(.schedule) })
        manager.ready()
        await scheduler.run(plan, known: known)
    }

    /// Once a minute: what people and other programs see is brought up to date.
    private func keepHouse() async {
        while !Task.isCancelled {
            if let view = events.view { manager.status(sentence(view)) }
            attempt("exports") { () throws(ControllerError) in
                let failures = try current.environment.exporter().write(from: store, at: now())
                guard failures.isEmpty else { throw ControllerError(.unavailable, failures) }
            }
            attempt("the daemon's own record") { () throws(ControllerError) in try keepRecord() }
            try? await clock.sleep(for: .seconds(60))
        }
    }

    /// Tells another service that all is alive, while it is: when nothing can be recorded or a part is stuck, it is not.
    private func beatHearts() async {
        let client = HTTPClient()
        while !Task.isCancelled {
            var pause = 60
            do throws(ControllerError) {
                if let heartbeat = try Heartbeat(try current.environment.configuration().daemon) {
                    pause = heartbeat.interval
                    try keepRecord()
                    pulse.ask()
                    if pulse.silent(for: .seconds(60)).allSatisfy({ $0 == .reactor }) {
                        try await heartbeat.send(client)
                    }
                }
                settle("the sign of life")
            } catch {
                report(error, about: "the sign of life")
            }
            try? await clock.sleep(for: .seconds(pause))
        }
    }

    /// Tells people what is wrong, of the hosts and of the daemon itself. A receiver that hangs holds nothing up.
    private func tellPeople() async {
        while !Task.isCancelled {
            // New problems are looked for so often; a group that waits for less is told when its time has come.
            var pause = 15.0
            attempt("notices") { () throws(ControllerError) in
                guard let notifications = try current.environment.notifications() else { return }
                let (time, faults) = (now(), faults.all.compactMap { Alert($0) })
                let due = try storing { () throws(StoreError) in
                    try notifications.tick(at: time, pace: .continuous, faults: faults)
                }
                if let due { pause = min(pause, max(1, due.timeIntervalSince(time))) }
            }
            try? await clock.sleep(for: .seconds(pause))
        }
        // What is under way is sent again after the next start.
        if let notifications = (try? current.environment.notifications()) ?? nil { await notifications.stop() }
    }

    /// Runs `body`; reports its failure once, and its success once after that.
    func attempt(_ subject: String, _ body: () throws(ControllerError) -> Void) {
        do throws(ControllerError) {
            try body()
            settle(subject)
        } catch {
            report(error, about: subject)
        }
    }

    func settle(_ subject: String) {
        guard let fault = faults.settle(subject) else { return }
        logger.notice("\(subject): well again, after \(fault.count) failures")
    }

    func report(_ error: ControllerError, about subject: String) {
        guard !Task.isCancelled else { return }
        let message = error.messages.joined(separator: "; ")
        guard faults.note("\(subject): \(message)", about: subject, lapse: nil) else { return }
        logger.error("\(subject): \(message)")
        // The commands beside it tell people too, by what is written down.
        try? keepRecord()
    }

    private func takeReloads() async {
        for await _ in reloads.stream { readAgain() }
    }

    private func readAgain() {
        manager.reloading()
        defer { manager.ready() }
        let old = current
        do throws(ControllerError) {
            let next = try old.reread()
            let plan = try plan(of: next)
            try next.listInventory()
            let names = Set(try old.hosts([]).map(\.name))
            let hosts = Set(plan.hosts.map(\.name))
            state.withLock { state in
                state.controller = next
                state.next = plan
                state.record.readAt = now()
                state.record.mistakes = []
            }
            // Nobody reports any more that these can be recorded again.
            for host in names.subtracting(hosts) { _ = faults.settle("host \(host)") }
            let news = [("new", hosts.subtracting(names)), ("gone", names.subtracting(hosts))].filter { !$0.1.isEmpty }
            let words = news.map { "; \($0.0): \($0.1.sorted().joined(separator: ", "))" }.joined()
            logger.notice("the files were read again: \(hosts.count) hosts\(words)")
        } catch {
            state.withLock { state in
                state.record.readAt = now()
                state.record.mistakes = error.messages
            }
            for message in error.messages { logger.error("\(message)") }
            logger.error("the files were not taken over; those from before stay in use")
        }
        attempt("the daemon's own record") { () throws(ControllerError) in try keepRecord() }
    }

    /// Tells the service manager that all is alive, while it is: a part that is stuck lets it end and start the process.
    private func giveSigns(every pause: Duration, within span: Duration) async {
        pulse.beat(.reactor)
        while !Task.isCancelled {
            pulse.ask()
            let silent = pulse.silent(for: max(span, .seconds(2)))
            if silent.isEmpty {
                manager.alive()
            } else {
                logger.critical(
                    "no sign of life of \(silent.map { "\($0)" }.joined(separator: " and ")); waiting for it")
            }
            try? await Task.sleep(for: pause)
        }
    }
}
