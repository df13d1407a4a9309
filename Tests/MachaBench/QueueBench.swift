// SPDX-License-Identifier: MIT
import Foundation
import MachaModel
import MachaStore
import MachaTestSupport

/// The queue under workers that die: is every job done once, is nobody starved, how fast is a claim, and how long
/// does a person wait behind a backlog.
enum QueueBench {
    /// Short leases, so that the jobs of killed workers come back within the run.
    static let rules = QueueRules(depth: 1_000_000, ageing: 20, lease: 3)

    static func run(_ options: Options) throws {
        let folder = NSTemporaryDirectory() + "macha-queue-bench-\(ProcessInfo.processInfo.processIdentifier)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try deaths(options, folder: folder + "/deaths")
        try question(options, folder: folder + "/question")
    }

    private static func deaths(_ options: Options, folder: String) throws {
        let jobs = options.count("jobs", 10_000)
        let hosts = options.count("hosts", 200)
        let every = options.number("kill-every", 1)
        var random = SeededRandom(seed: UInt64(options.count("seed", 1)))
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let path = folder + "/macha.db"
        let queue = JobQueue(try Store.open(at: path, busyTimeout: .seconds(60)), rules: rules)
        let requests = (0..<jobs).map { index in
            let priority: Priority = index % 20 == 0 ? .background : index % 7 == 0 ? .urgent : .routine
            return JobRequest(
                .mapChunk, host: "host\(Int.random(in: 0..<hosts, using: &random))", priority: priority, maxAttempts: 50
            )
        }
        let filling = ContinuousClock().now
        for start in stride(from: 0, to: jobs, by: 1_000) {
            try queue.enqueue(Array(requests[start..<min(jobs, start + 1_000)]), now: Date())
        }
        print("enqueued \(jobs) jobs of \(hosts) hosts in \(seconds(since: filling)) s")

        let began = ContinuousClock().now
        var workers: [Process] = []
        var killed = 0
        var spread = 0
        var nextKill = Date() + every
        while true {
            workers.removeAll { !$0.isRunning }
            let stats = try queue.stats()
            let open = stats.byState.filter { JobState(rawValue: $0.key)?.isOver == false }.values.reduce(0, +)
            if open == 0 { break }
            if stats.byState["queued", default: 0] > jobs / 4 {
                let served = (0..<hosts).map { stats.servedByHost["host\($0)", default: 0] }
                spread = max(spread, (served.max() ?? 0) - (served.min() ?? 0))
            }
            while workers.count < options.count("workers", 4) {
                workers.append(try worker(path, log: folder + "/done", work: options.number("work", 0)))
            }
            if Date() >= nextKill, let victim = workers.randomElement(using: &random) {
                kill(victim.processIdentifier, SIGKILL)
                killed += 1
                nextKill = Date() + every
            }
            Thread.sleep(forTimeInterval: 0.1)
        }
        workers.forEach { $0.waitUntilExit() }
        let took = seconds(since: began)
        let ids = try fields(of: folder + "/done").map { $0[0] }
        let waits = try waits(in: folder + "/done", of: .background)
        print("killed \(killed) workers in \(took) s; states at the end: \(try queue.stats().byState)")
        print("reported done: \(Set(ids).count), more than once: \(ids.count - Set(ids).count)")
        print("claims and completions: \(Int(Double(jobs) / took)) jobs a second")
        print("longest wait of a background job: \(waits.max() ?? 0) s of \(took) s")
        print("most served host minus least served one, while a quarter of the jobs waited: \(spread)")
    }

    /// A person's question against a backlog of chunks.
    private static func question(_ options: Options, folder: String) throws {
        let chunk = options.number("chunk", 0.05)
        var random = SeededRandom(seed: 7)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let path = folder + "/macha.db"
        let queue = JobQueue(try Store.open(at: path, busyTimeout: .seconds(60)), rules: rules)
        try queue.enqueue(
            (0..<1_000).map { JobRequest(.mapChunk, host: "host\($0 % 20)", priority: .routine) }, now: Date())
        let worker = try worker(path, log: folder + "/done", work: chunk)
        for _ in 0..<100 {
            // Far enough apart that no question waits for the one before it.
            Thread.sleep(forTimeInterval: Double.random(in: (chunk * 4)...(chunk * 8), using: &random))
            try queue.enqueue(JobRequest(.question, priority: .interactive), now: Date())
        }
        worker.waitUntilExit()
        let waits = try waits(in: folder + "/done", of: .interactive).sorted()
        guard !waits.isEmpty else { return }
        let middle = waits[waits.count / 2] / chunk
        let most = waits[min(waits.count - 1, waits.count * 99 / 100)] / chunk
        print("a question behind 1,000 chunks, \(waits.count) times: p50 \(middle), p99 \(most) chunk times")
    }

    private static func fields(of path: String) throws -> [[Substring]] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
            .map { $0.split(separator: " ", omittingEmptySubsequences: false) }
    }

    /// Seconds from being put in to being claimed.
    private static func waits(in path: String, of priority: Priority) throws -> [Double] {
        try fields(of: path).filter { $0[1] == priority.name }.compactMap { Double($0[3]) }
    }

    private static func worker(_ path: String, log: String, work: Double) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
        process.arguments = ["queue-worker", "--state", path, "--log", log, "--work", "\(work)"]
        try process.run()
        return process
    }

    private static func seconds(since start: ContinuousClock.Instant) -> Double {
        ((ContinuousClock().now - start) / .seconds(1) * 1_000).rounded() / 1_000
    }
}
