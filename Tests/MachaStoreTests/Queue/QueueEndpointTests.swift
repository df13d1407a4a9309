// SPDX-License-Identifier: MIT
import Foundation
import MachaModel
import Testing

@testable import MachaStore

@Suite struct QueueEndpointTests {
    @Test func `an endpoint serves as many jobs as it may, over all workers`() throws {
        let bench = try QueueBench()
        for _ in 0..<5 { try bench.add() }
        for _ in 0..<2 { #expect(try bench.next("ollama", concurrency: 2) != nil) }
        #expect(
            try bench.queue.claim(endpoint: "ollama", models: [], concurrency: 2, worker: "other", now: bench.now)
                == .busy)
        #expect(try bench.next("llama", concurrency: 2) != nil)
    }

    @Test func `a job goes only where one of its models is`() throws {
        let bench = try QueueBench()
        let big = try bench.add { $0.models = ["qwen3:32b", "llama3.3:70b"] }.id
        let any = try bench.add().id
        #expect(try bench.next("small", models: ["qwen3:8b"])?.0.id == any)
        #expect(try bench.next("small", models: ["qwen3:8b"]) == nil)
        #expect(try bench.next("large", models: ["qwen3:8b", "llama3.3:70b"])?.0.id == big)
    }

    @Test func `an endpoint that failed is left alone, then proves itself with one job`() throws {
        let bench = try QueueBench(QueueRules(endpointRetry: BackOff(first: 10, limit: 100)))
        for _ in 0..<4 { try bench.add() }
        let until = try bench.queue.setAside(
            endpoint: "ollama", reason: "connection refused", code: "unreachable", atLeast: nil, random: 0,
            now: bench.now)
        #expect(until == bench.now + 10)
        let claim = try bench.queue.claim(endpoint: "ollama", models: [], concurrency: 4, worker: "w", now: bench.now)
        #expect(claim == .setAside(until: until, reason: "connection refused", code: "unreachable"))
        #expect(try bench.next("llama") != nil)
        bench.wait(10)
        let (_, probe) = try #require(try bench.next("ollama", concurrency: 4))
        #expect(try bench.next("ollama", concurrency: 4) == nil)
        _ = try bench.queue.complete(probe, result: "{}", now: bench.now)
        #expect(try bench.next("ollama", concurrency: 4) != nil)
        #expect(try bench.next("ollama", concurrency: 4) != nil)
    }

    @Test func `an endpoint that keeps failing is tried less and less`() throws {
        let bench = try QueueBench(QueueRules(endpointRetry: BackOff(first: 10, limit: 35)))
        let waits = try (0..<4).map { _ in
            try bench.queue.setAside(
                endpoint: "ollama", reason: "503", code: "busy", atLeast: nil, random: 0, now: bench.now
            )
            .timeIntervalSince(bench.now)
        }
        #expect(waits == [10, 20, 35, 35])
        #expect(
            try bench.queue.endpoints() == [
                EndpointHealth(
                    name: "ollama", running: 0, failures: 4, setAsideUntil: bench.now + 35, reason: "503")
            ])
        try bench.queue.restore(endpoint: "ollama")
        #expect(try bench.queue.endpoints().first?.setAsideUntil == nil)
    }

    @Test func `a server's own wish is the shortest wait, and a model that loads is asked again soon`() throws {
        let bench = try QueueBench(QueueRules(endpointRetry: BackOff(first: 10, limit: 900)))
        func wait(_ code: String, atLeast: Double?) throws -> Double {
            try bench.queue.setAside(
                endpoint: "ollama", reason: code, code: code, atLeast: atLeast, random: 0, now: bench.now
            ).timeIntervalSince(bench.now)
        }
        #expect(try wait("busy", atLeast: 70) == 70)
        #expect(try wait("busy", atLeast: 1) == 20)
        #expect(try wait("busy", atLeast: 1e9) == 3_600)
        #expect(try wait("loading", atLeast: nil) == 10)
        #expect(try wait("loading", atLeast: nil) == 10)
    }
}
