// SPDX-License-Identifier: MIT
import Foundation
import MachaModel
import MachaTestSupport
import Testing

@testable import MachaStore

@Suite struct QueuePropertyTests {
    @Test(arguments: 1...6)
    func `whatever workers do, every job ends once and none is lost`(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        let bench = try QueueBench(QueueRules(depth: 60, ageing: 50, lease: 20))
        var leases: [Lease] = []
        var known: [Int64] = []
        var done: [Int64: Int] = [:]
        for _ in 0..<600 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0...3:
                let need = known.randomElement(using: &random).map {
                    JobRequest.Need(.id($0), isRequired: .random(using: &random))
                }
                let priority = Priority.allCases.randomElement(using: &random) ?? .routine
                let host = "h\(Int.random(in: 0..<5, using: &random))"
                let needs = Int.random(in: 0..<3, using: &random) == 0 ? [need].compactMap { $0 } : []
                known.append(try bench.add(priority, host: host) { $0.needs = needs }.id)
            case 4...6:
                if let (_, lease) = try bench.next("e\(Int.random(in: 0..<2, using: &random))", concurrency: 3) {
                    leases.append(lease)
                }
            case 7:
                guard let lease = leases.randomElement(using: &random) else { continue }
                if case .recorded(.done) = try bench.queue.complete(lease, result: "{}", now: bench.now) {
                    done[lease.job, default: 0] += 1
                }
            case 8:
                guard let lease = leases.randomElement(using: &random) else { continue }
                _ = try bench.queue.fail(
                    lease, reason: "no", random: .random(in: 0...1, using: &random), now: bench.now)
            default:
                bench.wait(.random(in: 0...15, using: &random))
                if let id = known.randomElement(using: &random), Int.random(in: 0..<4, using: &random) == 0 {
                    try bench.queue.cancel(id, reason: "no", now: bench.now)
                }
            }
        }
        for _ in 0..<known.count * 4 {
            bench.wait(700)
            while let (_, lease) = try bench.next() {
                if case .recorded(.done) = try bench.queue.complete(lease, result: "{}", now: bench.now) {
                    done[lease.job, default: 0] += 1
                }
            }
            if try bench.queue.stats().byState.keys.allSatisfy({ JobState(rawValue: $0)?.isOver == true }) { break }
        }
        let jobs = try bench.queue.jobs(limit: 10_000)
        #expect(Set(jobs.map(\.id)) == Set(known))
        #expect(jobs.allSatisfy { $0.state.isOver })
        #expect(done.values.allSatisfy { $0 == 1 })
        #expect(Set(done.keys) == Set(jobs.filter { $0.state == .done }.map(\.id)))
    }
}
