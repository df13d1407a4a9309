// SPDX-License-Identifier: MIT
import Foundation
import MachaModel
import Testing

@testable import MachaStore

/// Graphs of jobs, newer ones for older ones, and a full queue.
@Suite struct QueueShapeTests {
    @Test func `a reduce runs when all its chunks are done`() throws {
        let bench = try QueueBench()
        let placed = try bench.queue.enqueue(
            [
                JobRequest(.mapChunk, host: "nas", priority: .routine),
                JobRequest(.mapChunk, host: "nas", priority: .routine),
                JobRequest(
                    .reduce, host: "nas", priority: .routine, needs: [.init(.earlier(0)), .init(.earlier(1))]),
            ], now: bench.now)
        #expect(placed.map(\.state) == [.queued, .queued, .blocked])
        #expect(try bench.drain().map(\.id) == placed.map(\.id))
        #expect(try bench.queue.parts(of: placed[2].id).map(\.id) == placed.prefix(2).map(\.id))
    }

    @Test(arguments: [(true, JobState.cancelled), (false, .queued)])
    func `a chunk that is lost ends what requires it, and only that`(isRequired: Bool, state: JobState) throws {
        let bench = try QueueBench()
        let chunk = try bench.add { $0.kind = .mapChunk }.id
        let reduce = try bench.add { $0.needs = [.init(.id(chunk), isRequired: isRequired)] }.id
        let final = try bench.add { $0.needs = [.init(.id(reduce))] }.id
        let (_, lease) = try #require(try bench.next())
        _ = try bench.queue.fail(lease, reason: "malformed", isFinal: true, random: 0, now: bench.now)
        #expect(try bench.state(reduce) == state)
        #expect(try bench.state(final) == (isRequired ? .cancelled : .blocked))
        if isRequired {
            #expect(try bench.queue.job(reduce)?.reason == "job \(chunk), which it needs, is failed")
        }
    }

    @Test func `an analysis that becomes chunks goes on when they have ended`() throws {
        let bench = try QueueBench()
        let analysis = try bench.add().id
        let (_, lease) = try #require(try bench.next())
        let parts = try #require(
            try bench.queue.split(
                lease, into: (0..<3).map { _ in JobRequest(.mapChunk, host: "nas", priority: .routine) },
                payload: #"{"phase":"reduce"}"#, allRequired: false, now: bench.now))
        #expect(try bench.state(analysis) == .blocked)
        #expect(try bench.queue.progress(of: analysis)?.total == 3)
        let jobs = try bench.drain()
        #expect(jobs.map(\.id) == parts.map(\.id) + [analysis])
        #expect(jobs.last?.payload == #"{"phase":"reduce"}"#)
        #expect(jobs.last?.attempts == 1)
        #expect(try bench.queue.progress(of: analysis)?.done == 3)
    }

    @Test func `cancelling an analysis ends its chunks`() throws {
        let bench = try QueueBench()
        let analysis = try bench.add().id
        let (_, lease) = try #require(try bench.next())
        let chunks = (0..<3).map { _ in JobRequest(.mapChunk, priority: .routine) }
        let parts = try #require(
            try bench.queue.split(lease, into: chunks, payload: "{}", allRequired: true, now: bench.now))
        try bench.queue.cancel(analysis, reason: "not needed", now: bench.now)
        for id in parts.map(\.id) + [analysis] { #expect(try bench.state(id) == .cancelled) }
    }

    @Test func `a newer job for a host replaces the queued one and keeps its place`() throws {
        let bench = try QueueBench()
        let old = try bench.add(host: "nas") { $0.key = "analysis nas" }.id
        let other = try bench.add(host: "nas").id
        let new = try bench.add(host: "nas") { $0.key = "analysis nas" }
        #expect(new.superseded == [old])
        #expect(try bench.state(old) == .superseded)
        #expect(try bench.drain().map(\.id) == [new.id, other])
    }

    @Test func `an analysis whose chunks are under way is not replaced`() throws {
        let bench = try QueueBench()
        let old = try bench.add { $0.key = "analysis nas" }.id
        let (_, lease) = try #require(try bench.next())
        _ = try bench.queue.split(
            lease, into: [JobRequest(.mapChunk, priority: .routine)], payload: "{}", allRequired: true, now: bench.now)
        #expect(try bench.add { $0.key = "analysis nas" }.superseded.isEmpty)
        #expect(try bench.state(old) == .blocked)
    }

    @Test func `a full queue sheds the least important, and says so`() throws {
        let bench = try QueueBench(QueueRules(depth: 3))
        let chores = try (0..<3).map { _ in try bench.add(.background).id }
        let urgent = try bench.add(.urgent)
        #expect(urgent.shed == [chores[2]])
        #expect(try bench.state(chores[2]) == .shed)
        let more = try bench.add(.background)
        #expect(more.state == .shed)
        #expect(more.shed.isEmpty)
        let stats = try bench.queue.stats()
        #expect(stats.byState == ["queued": 3, "shed": 2])
        #expect(stats.waitingByPriority == ["urgent": 1, "background": 2])
        #expect(try bench.drain().map(\.id) == [urgent.id, chores[0], chores[1]])
    }

    @Test func `a partial result is found by its content until it is unused for long`() throws {
        let bench = try QueueBench()
        try bench.add()
        let (_, lease) = try #require(try bench.next())
        _ = try bench.queue.complete(lease, result: #"{"notes":[]}"#, partial: "sha256 of the chunk", now: bench.now)
        bench.wait(100)
        #expect(try bench.queue.partial("sha256 of the chunk", now: bench.now) == #"{"notes":[]}"#)
        #expect(try bench.queue.partial("another", now: bench.now) == nil)
        try bench.queue.prune(endedBefore: bench.now)
        #expect(try bench.queue.partial("sha256 of the chunk", now: bench.now) != nil)
        bench.wait(100)
        try bench.queue.prune(endedBefore: bench.now)
        #expect(try bench.queue.partial("sha256 of the chunk", now: bench.now) == nil)
        #expect(try bench.queue.jobs().isEmpty)
    }

    @Test func `forgetting spares what another job still needs`() throws {
        let bench = try QueueBench()
        let chunk = try bench.add().id
        try bench.add { $0.needs = [.init(.id(chunk))] }
        let (_, lease) = try #require(try bench.next())
        _ = try bench.queue.complete(lease, result: "{}", now: bench.now)
        bench.wait(1_000)
        try bench.queue.prune(endedBefore: bench.now)
        #expect(try bench.state(chunk) == .done)
    }
}
