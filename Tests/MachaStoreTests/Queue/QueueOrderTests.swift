// SPDX-License-Identifier: MIT
import Foundation
import MachaModel
import Testing

@testable import MachaStore

@Suite struct QueueOrderTests {
    @Test func `interactive jobs come before urgent ones, and those before routine ones`() throws {
        let bench = try QueueBench()
        for priority in [Priority.background, .routine, .interactive, .urgent] { try bench.add(priority) }
        #expect(try bench.drain().map(\.priority) == [.interactive, .urgent, .routine, .background])
    }

    @Test func `jobs of one priority come in the order they were put in`() throws {
        let bench = try QueueBench()
        let ids = try (0..<5).map { _ in try bench.add().id }
        #expect(try bench.drain().map(\.id) == ids)
    }

    @Test func `hosts take turns, whoever asked for more`() throws {
        let bench = try QueueBench()
        for _ in 0..<6 { try bench.add(host: "loud") }
        for _ in 0..<2 { try bench.add(host: "quiet") }
        #expect(
            try bench.drain().map(\.host) == [
                "loud", "quiet", "loud", "quiet", "loud", "loud", "loud", "loud",
            ])
    }

    @Test func `a host that was idle gets no credit for it`() throws {
        let bench = try QueueBench()
        for _ in 0..<50 { try bench.add(host: "busy") }
        for _ in 0..<40 { _ = try bench.next() }
        for _ in 0..<10 { try bench.add(host: "late") }
        let hosts = try bench.drain().map(\.host)
        #expect(hosts.prefix(10).count { $0 == "late" } == 5)
    }

    @Test func `a background job that waits long enough is urgent, and never interactive`() throws {
        let bench = try QueueBench(QueueRules(ageing: 100))
        let old = try bench.add(.background).id
        bench.wait(200)
        try bench.add(.urgent)
        let person = try bench.add(.interactive).id
        let order = try bench.drain()
        #expect(order.map(\.id).prefix(2) == [person, old])
        #expect(order[1].rank == .urgent)
        #expect(order[1].priority == .background)
    }

    @Test func `no job waits for ever behind a stream of routine work`() throws {
        let bench = try QueueBench(QueueRules(ageing: 60))
        let patient = try bench.add(.background, host: "attic").id
        var served = 0
        while try bench.state(patient) == .queued {
            try bench.add(.routine, host: "nas")
            try bench.add(.routine, host: "web")
            guard let (_, lease) = try bench.next() else { break }
            _ = try bench.queue.complete(lease, result: "{}", now: bench.now)
            bench.wait(1)
            served += 1
            if served > 1_000 { break }
        }
        #expect(try bench.state(patient) != .queued)
    }

    @Test func `a job with a later due time is not served sooner`() throws {
        let bench = try QueueBench()
        let later = bench.now + 30
        try bench.add { $0.dueAt = later }
        let claim = try bench.queue.claim(endpoint: "ollama", models: [], worker: "w", now: bench.now)
        #expect(claim == .nothing(next: later))
        bench.wait(30)
        #expect(try bench.next() != nil)
    }

    @Test func `queued jobs survive a restart`() throws {
        let bench = try QueueBench()
        let first = try bench.add(.urgent).id
        let second = try bench.add(.routine) { $0.payload = #"{"snapshot":7}"# }.id
        bench.queue = JobQueue(try Store.open(at: bench.folder.database))
        let jobs = try bench.drain()
        #expect(jobs.map(\.id) == [first, second])
        #expect(jobs.last?.payload == #"{"snapshot":7}"#)
    }
}
