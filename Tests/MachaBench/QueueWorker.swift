// SPDX-License-Identifier: MIT
import Foundation
import MachaModel
import MachaStore

/// A worker in a process of its own: claims, works for a while, completes, until the queue is empty.
enum QueueWorker {
    static func run(_ options: Options) throws {
        guard let path = options["state"], let log = options["log"] else { exit(64) }
        let queue = JobQueue(try Store.open(at: path, busyTimeout: .seconds(60)), rules: QueueBench.rules)
        let work = options.number("work", 0)
        let name = "worker \(ProcessInfo.processInfo.processIdentifier)"
        let file = open(log, O_WRONLY | O_APPEND | O_CREAT, 0o600)
        while true {
            let claim = try queue.claim(endpoint: name, models: [], worker: name, now: Date())
            guard case .job(let job, let lease) = claim else {
                guard case .nothing(let next) = claim, let next else { return }
                Thread.sleep(forTimeInterval: min(1, max(0.01, next.timeIntervalSinceNow)))
                continue
            }
            let started = Date().timeIntervalSince1970
            if work > 0 { Thread.sleep(forTimeInterval: work) }
            guard case .recorded(.done) = try queue.complete(lease, result: "{}", now: Date()) else { continue }
            let line =
                "\(job.id) \(job.priority.name) \(job.host ?? "") \(started - job.createdAt.timeIntervalSince1970)\n"
            _ = line.withCString { write(file, $0, strlen($0)) }
        }
    }
}
