// SPDX-License-Identifier: MIT
import Foundation
import Logging
import MachaModel
import MachaStore
import MachaTestSupport
import Testing

@testable import Macha

/// What the configuration changes of the daemon's work.
struct DaemonPlanTests {
    private let scratch: Scratch
    private let noon = Date(timeIntervalSince1970: 1_800_000_000)

    init() throws { scratch = try Scratch() }

    private func width(_ configuration: String, option: Int?) throws -> Int {
        let names = Environment.Names(
            configuration: try scratch.write(configuration, to: "c.yaml"),
            inventory: try scratch.write("hosts: { here: { connection: local } }\n", to: "f.yaml"),
            stateFolder: scratch.path("state"), playbooks: nil)
        let noon = noon
        let clock = ControllerClock(wall: { noon }, waitingBy: TestClock())
        let controller = Controller(Environment(names, keepsConnections: false, clock: clock, warn: { _ in }))
        let daemon = try Daemon(
            controller, DaemonRequest(width: option, acts: false, asksModels: false),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
            manager: ServiceManager(environment: [:]), sentence: { _ in "" })
        return try daemon.plan(of: controller).cycle.components.width
    }

    @Test func `the width is the option's, else the configuration's, else 64`() throws {
        #expect(try width("daemon: { width: 8 }\n", option: nil) == 8)
        #expect(try width("daemon: { width: 8 }\n", option: 3) == 3)
        #expect(try width("", option: nil) == 64)
    }

    @Test(arguments: [(nil, 3), (1, 1), (2, 2)] as [(Int?, Int)])
    func `no more analyses are requested within a day than the configuration allows`(perDay: Int?, expected: Int) throws
    {
        let store = try Store.open(at: scratch.path("state/macha.db"))
        let queue = JobQueue(store)
        let demand = AnalysisDemand(
            queue: queue, models: [.init(name: "tiny", question: "q")], asksAgain: false, perDay: perDay)
        var requested = 0
        for host in ["a", "b", "c"] {
            guard let request = try demand.request(for: host, [], in: store, now: noon) else { continue }
            _ = try queue.enqueue(request, now: noon)
            requested += 1
        }
        #expect(requested == expected)
        let tomorrow = noon.addingTimeInterval(86_401)
        #expect(try demand.request(for: "d", [], in: store, now: tomorrow) != nil)
    }
}
