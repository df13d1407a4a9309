// SPDX-License-Identifier: MIT
import Foundation
import Logging
import MachaStore
import MachaTestSupport
import ServiceLifecycle
import Synchronization
import Testing

@testable import Macha

/// Parts of the daemon that end by themselves.
@Suite(.timeLimit(.minutes(5))) struct SupervisedServiceTests {
    private let clock = TestClock()
    private let faults = FaultLedger(now: { Date(timeIntervalSince1970: 0) })

    private struct Broken: Error {}

    @Test func `a service that fails is started again, later each time, and reported once`() async throws {
        let starts = Mutex<[Duration]>([])
        let service = SupervisedService(
            name: "test", clock: clock, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
            faults: faults
        ) { [clock] in
            starts.withLock { $0.append(clock.now.offset) }
            throw Broken()
        }
        let task = Task { try await service.run() }
        for _ in 0..<200 { await clock.advance(by: .seconds(1)) }
        task.cancel()
        try await task.value
        let times = starts.withLock { $0 }
        let pauses = zip(times, times.dropFirst()).map { $1 - $0 }
        let planned: [Duration] = [1, 2, 4, 8, 16, 32, 60].map { .seconds($0) }
        #expect(Array(pauses.prefix(7)) == planned, "\(pauses)")
        let fault = try #require(faults.all.first)
        #expect(faults.all.count == 1)
        #expect(fault.count == times.count)
        #expect(fault.message == "test: Broken()")
    }

    @Test func `a service that returns is started again too`() async throws {
        let starts = Mutex(0)
        let service = SupervisedService(
            name: "test", clock: clock, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
            faults: faults
        ) { starts.withLock { $0 += 1 } }
        let task = Task { try await service.run() }
        await clock.advance(by: .seconds(1))
        await clock.advance(by: .seconds(2))
        while starts.withLock({ $0 }) < 3 { await Task.yield() }
        task.cancel()
        try await task.value
    }

    @Test func `a fault that changes its words is news, and one that is over is returned with its count`() {
        #expect(faults.note("the disk is full", about: "exports", lapse: nil))
        #expect(!faults.note("the disk is full", about: "exports", lapse: nil))
        #expect(faults.note("it is read-only", about: "exports", lapse: nil))
        #expect(faults.settle("exports")?.message == "it is read-only")
        #expect(faults.settle("exports") == nil)
        #expect(faults.note("the disk is full", about: "exports", lapse: nil))
    }

    @Test func `a fault whose end nobody reports is over when it was not met for a while`() {
        let time = Mutex(Date(timeIntervalSince1970: 0))
        let faults = FaultLedger(now: { time.withLock { $0 } })
        #expect(faults.note("no space left", about: "files", lapse: 600))
        #expect(faults.note("refused", about: "sign of life", lapse: nil))
        time.withLock { $0 += 600 }
        #expect(!faults.note("no space left", about: "files", lapse: 600))
        time.withLock { $0 += 601 }
        #expect(faults.all.map(\.message) == ["refused"])
        #expect(faults.note("no space left", about: "files", lapse: 600), "it is news again")
    }
}
