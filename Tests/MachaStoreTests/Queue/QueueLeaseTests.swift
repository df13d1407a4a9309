// SPDX-License-Identifier: MIT
import Foundation
import MachaModel
import Testing

@testable import MachaStore

@Suite struct QueueLeaseTests {
    @Test func `a job has one worker at a time`() throws {
        let bench = try QueueBench()
        try bench.add()
        #expect(try bench.next() != nil)
        #expect(try bench.next() == nil)
    }

    @Test func `a lease that runs out puts the job back, and the old worker can end nothing`() throws {
        let bench = try QueueBench(QueueRules(lease: 60))
        let id = try bench.add().id
        let (_, dead) = try #require(try bench.next())
        bench.wait(60)
        let (job, alive) = try #require(try bench.next())
        #expect(job.id == id)
        #expect(job.attempts == 2)
        #expect(try bench.queue.complete(dead, result: "{}", now: bench.now) == .leaseLost)
        #expect(try bench.queue.heartbeat(dead, now: bench.now) == .lost)
        #expect(try bench.queue.complete(alive, result: "[1]", now: bench.now) == .recorded(.done))
        #expect(try bench.queue.job(id)?.result == "[1]")
    }

    @Test func `a worker that gives sign of life keeps its job`() throws {
        let bench = try QueueBench(QueueRules(lease: 60))
        try bench.add()
        var (_, lease) = try #require(try bench.next())
        for _ in 0..<5 {
            bench.wait(40)
            guard case .held(let longer) = try bench.queue.heartbeat(lease, now: bench.now) else {
                Issue.record("lost its lease")
                return
            }
            lease = longer
            #expect(try bench.next() == nil)
        }
    }

    @Test func `a job that fails comes back later each time, and is a dead letter after its last attempt`() throws {
        let bench = try QueueBench(QueueRules(retry: BackOff(first: 10, limit: 1_000)))
        let id = try bench.add { $0.maxAttempts = 3 }.id
        for wait in [10.0, 20] {
            let (_, lease) = try #require(try bench.next())
            #expect(
                try bench.queue.fail(lease, reason: "no answer", random: 0, now: bench.now) == .recorded(.delayed))
            bench.wait(wait - 1)
            #expect(try bench.next() == nil)
            bench.wait(1)
        }
        let (_, lease) = try #require(try bench.next())
        #expect(try bench.queue.fail(lease, reason: "no answer", random: 0, now: bench.now) == .recorded(.failed))
        #expect(try bench.queue.job(id)?.reason == "no answer (3 attempts)")
        bench.wait(10_000)
        #expect(try bench.next() == nil)
    }

    @Test func `a job that kills every worker is a dead letter too`() throws {
        let bench = try QueueBench(QueueRules(lease: 60))
        let id = try bench.add { $0.maxAttempts = 2 }.id
        for _ in 0..<2 {
            #expect(try bench.next() != nil)
            bench.wait(60)
        }
        #expect(try bench.next() == nil)
        #expect(try bench.state(id) == .failed)
        #expect(try bench.queue.job(id)?.reason == "its worker w stopped responding (2 attempts)")
    }

    @Test func `a permanent failure is not retried`() throws {
        let bench = try QueueBench()
        let id = try bench.add().id
        let (_, lease) = try #require(try bench.next())
        _ = try bench.queue.fail(lease, reason: "no such model", isFinal: true, random: 0, now: bench.now)
        #expect(try bench.state(id) == .failed)
    }

    @Test func `a job given back has lost no attempt`() throws {
        let bench = try QueueBench()
        try bench.add { $0.maxAttempts = 1 }
        for _ in 0..<5 {
            let (job, lease) = try #require(try bench.next())
            #expect(job.attempts == 1)
            #expect(
                try bench.queue.release(lease, reason: "the daemon stops", now: bench.now) == .recorded(.queued))
        }
    }

    @Test(arguments: ["complete", "fail", "release", "silence"])
    func `a cancelled job stays cancelled, however its worker ends`(end: String) throws {
        let bench = try QueueBench()
        let id = try bench.add().id
        let (_, lease) = try #require(try bench.next())
        try bench.queue.cancel(id, reason: "not needed by ann", now: bench.now)
        switch end {
        case "complete": _ = try bench.queue.complete(lease, result: "{}", now: bench.now)
        case "fail": _ = try bench.queue.fail(lease, reason: "no", random: 0, now: bench.now)
        case "release": _ = try bench.queue.release(lease, reason: "stopped", now: bench.now)
        default:
            bench.wait(10_000)
            _ = try bench.next()
        }
        #expect(try bench.state(id) == .cancelled)
        #expect(try bench.queue.job(id)?.reason == "not needed by ann")
    }

    @Test func `a waiting job is cancelled at once, a running one when its worker hears of it`() throws {
        let bench = try QueueBench()
        let running = try bench.add().id
        let (_, lease) = try #require(try bench.next())
        let waiting = try bench.add().id
        for id in [running, waiting] { try bench.queue.cancel(id, reason: "not needed", now: bench.now) }
        #expect(try bench.state(waiting) == .cancelled)
        #expect(try bench.state(running) == .running)
        #expect(try bench.queue.heartbeat(lease, now: bench.now) == .cancelled)
        #expect(try bench.queue.complete(lease, result: "{}", now: bench.now) == .recorded(.cancelled))
        #expect(try bench.queue.job(running)?.result == nil)
        #expect(try bench.queue.cancel(running, reason: "again", now: bench.now).isEmpty)
    }

    @Test func `a deadline that passes ends a job that waits`() throws {
        let bench = try QueueBench()
        let limit = bench.now + 10
        let id = try bench.add { $0.deadline = limit }.id
        bench.wait(10)
        #expect(try bench.next() == nil)
        #expect(try bench.state(id) == .expired)
    }

    @Test(arguments: [(1, 0.0, 5.0), (2, 0, 10), (3, 1, 10), (20, 0, 600), (2_000, 0, 600), (1, 2, 2.5)])
    func `waits double up to the limit, and chance takes off up to half`(failures: Int, random: Double, wait: Double) {
        #expect(BackOff(first: 5, limit: 600).delay(after: failures, random: random) == wait)
    }

    @Test func `a job whose worker's process has ended is back at once, whatever its lease says`() throws {
        let bench = try QueueBench(QueueRules(lease: 3_600))
        let id = try bench.add().id
        let worker = WorkerProcess.current("macha")
        // The same process number, begun at another time: the process that claimed is gone.
        var words = worker.name.split(separator: " ").map(String.init)
        words[4] = "1"
        let dead = words.joined(separator: " ")
        #expect(WorkerProcess.isGone(dead))
        _ = try bench.queue.claim(endpoint: "desk", models: [], worker: dead, now: bench.now)
        let (job, _) = try #require(try bench.next("tower"))
        #expect(job.id == id)
        #expect(job.attempts == 2)
    }

    @Test func `a worker that is alive or of unknown state keeps its lease`() throws {
        let own = WorkerProcess.current("macha").name.split(separator: " ").map(String.init)
        let elsewhere = [own[0], "1", "otherplace", own[3], own[4]]
        for worker in [own, elsewhere, ["macha", "4711"], ["w"]].map({ $0.joined(separator: " ") }) {
            let bench = try QueueBench(QueueRules(lease: 3_600))
            let id = try bench.add().id
            _ = try bench.queue.claim(endpoint: "desk", models: [], worker: worker, now: bench.now)
            try bench.queue.sweep(now: bench.now)
            #expect(try bench.state(id) == .running, "\(worker)")
        }
        // The system was started again since.
        #expect(WorkerProcess.isGone([own[0], own[1], own[2], "otherboot", own[4]].joined(separator: " ")))
    }

    @Test func `the list of jobs shows none as running whose process has ended`() throws {
        let bench = try QueueBench(QueueRules(lease: 3_600))
        let id = try bench.add().id
        let own = WorkerProcess.current("macha").name.split(separator: " ").map(String.init)
        let dead = [own[0], own[1], own[2], own[3], "1"].joined(separator: " ")
        _ = try bench.queue.claim(endpoint: "desk", models: [], worker: dead, now: bench.now)
        try bench.queue.sweep(now: bench.now)
        let job = try #require(try bench.queue.job(id))
        #expect(job.state == .queued)
        #expect(job.reason == "its worker macha \(own[1]) has ended")
    }

    @Test func `a worker that ends gives back all it has, and no attempt counts`() throws {
        let bench = try QueueBench()
        let ids = [try bench.add().id, try bench.add(host: "web").id]
        for worker in ["a", "b"] {
            _ = try bench.queue.claim(endpoint: worker, models: [], worker: worker, now: bench.now)
        }
        try bench.queue.giveUp(worker: "a", reason: "interrupted", now: bench.now)
        #expect(try ids.map { try bench.state($0) } == [.queued, .running])
        #expect(try bench.queue.job(ids[0])?.attempts == 0)
    }
}
