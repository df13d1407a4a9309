// SPDX-License-Identifier: MIT
import Foundation
import Logging
import MachaInventory
import MachaModel
import MachaStore
import MachaTestSupport
import Synchronization

@testable import Macha

/// The daemon as `macha serve` runs it, over light hosts of the lab by SSH, under a clock that stands still while anything is
/// at work. Its hosts have the same time.
final class FleetDay: Sendable {
    let script: DayScript
    let store: Store
    let scratch: Scratch
    let receivers: DayReceivers
    let controller: Controller
    /// Midnight.
    let midnight: Date
    let lab: LightLab
    private let clock = TestClock()
    private let daemon: Daemon
    /// With it the daemon's view is up to date at every moment.
    private let watching: ControllerEvents.Subscription
    /// What was logged.
    let log = DayLog.Lines()

    /// 15 January 2027, 0:00 UTC.
    static let midnight = Date(timeIntervalSince1970: 1_799_971_200)

    /// Seconds that pass at once while nothing is at work.
    private let step: Double

    /// Each host is checked every `interval`. `step` seconds pass at once: less than what the daemon takes for a sleep of the
    /// machine, which is thirty.
    init(_ script: DayScript, interval: String, step: Double) async throws {
        self.script = script
        self.step = step
        midnight = Self.midnight
        let start = Self.midnight.addingTimeInterval(Double(script.begin) * 60)
        let specification = script.hosts.map { "\($0.name) \($0.words)" }.joined(separator: "\n") + "\n"
        lab = try await LightLab(specification, clock: start)
        receivers = try await DayReceivers()
        scratch = try Scratch("macha-day")
        let names = Environment.Names(
            configuration: try scratch.write(try receivers.configuration(), to: "config.yaml"),
            inventory: try scratch.write(Self.inventory(of: lab, script, interval), to: "fleet.yaml"),
            stateFolder: scratch.path("state"), playbooks: nil)
        let begin = clock.now
        let time = ControllerClock(
            wall: { [clock] in start.addingTimeInterval(begin.duration(to: clock.now) / .seconds(1)) },
            waitingBy: clock)
        controller = Controller(Environment(names, keepsConnections: true, clock: time, warn: { _ in }))
        store = try controller.environment.store()
        let handler = DayLog(log)
        daemon = try Daemon(
            controller, DaemonRequest(width: 4, acts: true, asksModels: false),
            logger: Logger(label: "day", factory: { _ in handler }), manager: ServiceManager(environment: [:]),
            sentence: { _ in "" })
        watching = daemon.subscribe(.views)
    }

    /// The lab's, with each host behind its gateway.
    private static func inventory(of lab: LightLab, _ script: DayScript, _ interval: String) throws -> String {
        var text = try lab.inventoryText.replacing("defaults: {", with: "defaults: { check-interval: \(interval),")
        for host in script.hosts {
            guard let gateway = host.gateway else { continue }
            text = text.replacing("\n  \(host.name): {", with: "\n  \(host.name): { depends-on: [\(gateway)],")
        }
        return text
    }

    /// Runs the daemon while `drive` lets time pass, and ends it.
    func run(_ drive: @escaping @Sendable (FleetDay) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.daemon.run() }
            group.addTask {
                defer { self.daemon.stop() }
                try await drive(self)
            }
            try await group.waitForAll()
        }
    }

    /// The whole day as the script says.
    func liveThrough() async throws {
        for (minute, step) in script.steps {
            try await pass(untilMinute: minute)
            try perform(step)
        }
        try await pass(untilMinute: script.end)
    }

    var now: Date { controller.environment.now() }

    func perform(_ step: DayScript.Step) throws {
        switch step {
        case .plant(let fault, let host): try lab.plant(fault, on: host)
        case .mend(let fault, let host): try lab.mend(fault, on: host)
        case .silence(let host, let kind, let until):
            _ = try controller.silence(host, kind: kind, subject: nil, until: time(until), reason: "it is known")
        case .maintain(let host, let until):
            _ = try controller.beginMaintenance(host, until: time(until), reason: "work on it")
        }
    }

    private func time(_ minute: Int) -> Date { midnight.addingTimeInterval(Double(minute) * 60) }

    /// Lets time pass, and waits at each step until all work that it begins is done.
    func pass(untilMinute minute: Int) async throws {
        let end = time(minute)
        try await rest()
        while now < end {
            // A repair is watched by the second.
            let isChanging = !daemon.events.remediating.isEmpty
            let step = min(isChanging ? 1 : self.step, end.timeIntervalSince(now))
            try lab.move(clock: now.addingTimeInterval(step))
            await clock.advance(by: .milliseconds(Int(step * 1000)))
            try await rest()
        }
    }

    /// Waits until nobody works: every part of the daemon sleeps by the clock, and nothing is being observed or sent.
    private func rest() async throws {
        var last = -1
        var same = 0
        // Work shows by a part that does not sleep yet, or by one more that does; a rest is when that stays as it is.
        while same < 3 {
            try Task.checkCancellation()
            try await Task.sleep(for: .microseconds(500))
            let sleeping = clock.sleeping
            same = sleeping == last && isIdle(sleeping) ? same + 1 : 0
            last = sleeping
        }
        try await controller.environment.notifications()?.drain()
    }

    private func isIdle(_ sleeping: Int) -> Bool {
        guard let view = daemon.events.view, view.observing.isEmpty, view.analysing.isEmpty else { return false }
        return sleeping == Self.parts + daemon.events.remediating.count
    }

    /// Parts of the daemon that sleep by the clock: schedule, housekeeping, self-watch, heartbeat, notices, backups.
    private static let parts = 6
}

/// Keeps what the daemon logs.
struct DayLog: LogHandler {
    final class Lines: Sendable {
        private let lines = Mutex<[String]>([])

        var all: [String] { lines.withLock { $0 } }

        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    var metadata = Logger.Metadata()
    var logLevel = Logger.Level.info
    private let lines: Lines

    init(_ lines: Lines) { self.lines = lines }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { lines.add("\(event.level) \(event.message)") }
}
