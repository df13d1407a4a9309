// SPDX-License-Identifier: MIT
package import MachaModel
import MachaStore

package import struct Foundation.Date

/// The job queue.
package enum QueuePage {
    /// What cancelling a job came to.
    package struct Cancellation: Encodable {
        package var id: Int64
        /// The job and its parts that are cancelled now or asked to stop.
        package var cancelled: [Int64]

        package init(id: Int64, cancelled: [Int64]) { (self.id, self.cancelled) = (id, cancelled) }
    }

    package static func cancelled(_ answers: [Cancellation]) -> Page {
        var page = Page()
        for answer in answers {
            let parts = answer.cancelled.count - 1
            let text =
                answer.cancelled.isEmpty
                ? "has already ended, or does not exist" : "cancelled" + (parts > 0 ? ", with \(parts) parts" : "")
            page.text(Cell("job \(answer.id)", .heading), Cell(text))
        }
        return page
    }

    /// A job in the list.
    package struct Line: Encodable {
        var job: Job
        var progress: GraphProgress?

        /// `progress` is that of its parts, where it has any.
        package init(job: Job, progress: GraphProgress?) {
            self.job = job
            self.progress = progress
        }
    }

    /// A job with its parts.
    package struct Detail: Encodable {
        var job: Job
        var parts: [Job]
        var progress: GraphProgress?

        /// `progress` is that of its parts, where it has any.
        package init(job: Job, parts: [Job], progress: GraphProgress?) {
            self.job = job
            self.parts = parts
            self.progress = progress
        }
    }

    /// The waiting jobs as a table.
    package static func list(_ lines: [Line], now: Date) -> Page {
        var table = Table([
            .init("id", .right), .init("kind"), .init("host"), .init("priority"), .init("state"),
            .init("tries", .right), .init("created", .right), .init("note", minimum: 12, yields: 1),
        ])
        for line in lines {
            let job = line.job
            table.append([
                Cell("\(job.id)"), Cell(job.kind.rawValue), Cell(job.host ?? ""), priority(job), state(job.state),
                Cell("\(job.attempts)/\(job.maxAttempts)"), Cell(HumanFormat.age(of: job.createdAt, now: now), .dim),
                Cell(note(job, line.progress, now: now)),
            ])
        }
        var page = Page()
        page.table(table, orSay: "no jobs are waiting")
        return page
    }

    /// One job with its parts.
    package static func detail(_ detail: Detail, now: Date) -> Page {
        let job = detail.job
        var facts: [Page.Fact] = [
            .init("job", "\(job.id)"), .init("kind", Cell(job.kind.rawValue)), .init("state", state(job.state)),
            .init("priority", priority(job)), .init("attempts", "\(job.attempts) of \(job.maxAttempts)"),
            .init("created", Cell(HumanFormat.localTime(job.createdAt))),
        ]
        if let host = job.host { facts.insert(.init("host", Cell(host)), at: 2) }
        if !job.models.isEmpty { facts.append(.init("models", Cell(job.models.joined(separator: ", ")))) }
        if job.state == .delayed { facts.append(.init("due", Cell(HumanFormat.localTime(job.dueAt)))) }
        if let deadline = job.deadline { facts.append(.init("deadline", Cell(HumanFormat.localTime(deadline)))) }
        if let endpoint = job.endpoint { facts.append(.init("endpoint", Cell(endpoint))) }
        if let lease = job.lease {
            facts.append(
                .init(
                    "worker",
                    Cell("\(WorkerProcess.shortName(lease.worker)), until \(HumanFormat.localTime(lease.until))")))
        }
        if let finished = job.finishedAt { facts.append(.init("ended", Cell(HumanFormat.localTime(finished)))) }
        if let reason = job.reason { facts.append(.init("note", Cell(reason))) }
        if let progress = detail.progress { facts.append(.init("parts", Cell(bar(progress)))) }
        var page = Page()
        page.facts(facts)
        if !detail.parts.isEmpty {
            page.gap()
            let parts = detail.parts.map { Line(job: $0, progress: nil) }
            for block in list(parts, now: now).blocks { page = Page(page.blocks + [block]) }
        }
        return page
    }

    /// How full the queue is, and how the endpoints stand.
    package static func stats(_ stats: QueueStats, now: Date) -> Page {
        var page = Page()
        let waiting = stats.waitingByPriority.values.reduce(0, +)
        var facts: [Page.Fact] = [.init("waiting", Cell("\(waiting) of at most \(stats.depth)"))]
        for priority in Priority.allCases {
            guard let count = stats.waitingByPriority[priority.name] else { continue }
            facts.append(.init("  \(priority.name)", "\(count)"))
        }
        if let oldest = stats.oldestWaiting {
            facts.append(.init("oldest", Cell(HumanFormat.age(of: oldest, now: now))))
        }
        for state in JobState.allCases where !state.isWaiting {
            guard let count = stats.byState[state.rawValue] else { continue }
            facts.append(.init(state.rawValue, Cell("\(count)", role(state))))
        }
        page.facts(facts)
        guard !stats.endpoints.isEmpty else { return page }
        page.gap()
        var table = Table([.init("endpoint"), .init("running", .right), .init("state", yields: 1)])
        for endpoint in stats.endpoints {
            table.append([Cell(endpoint.name), Cell("\(endpoint.running)"), standing(endpoint, now: now)])
        }
        page.table(table, orSay: "")
        return page
    }

    /// `████████░░ 8 of 10, 1 lost`.
    private static func bar(_ progress: GraphProgress) -> String {
        let over = progress.done + progress.lost
        let full = progress.total > 0 ? over * 10 / progress.total : 0
        let lost = progress.lost > 0 ? ", \(progress.lost) lost" : ""
        return String(repeating: "█", count: full) + String(repeating: "░", count: 10 - full)
            + " \(over) of \(progress.total)\(lost)"
    }

    private static func note(_ job: Job, _ progress: GraphProgress?, now: Date) -> String {
        if let progress { return bar(progress) }
        if job.state == .delayed, job.dueAt > now {
            return "again \(HumanFormat.age(of: job.dueAt, now: now))" + (job.reason.map { ": \($0)" } ?? "")
        }
        return job.state == .running ? job.endpoint ?? "" : job.reason ?? ""
    }

    private static func standing(_ endpoint: EndpointHealth, now: Date) -> Cell {
        guard let until = endpoint.setAsideUntil else { return Cell("ok", .ok) }
        let reason = endpoint.reason ?? "failed"
        return until > now
            ? Cell("set aside, tried again \(HumanFormat.age(of: until, now: now)): \(reason)", .warning)
            : Cell("about to be tried again: \(reason)", .warning)
    }

    private static func priority(_ job: Job) -> Cell {
        job.rank == job.priority ? Cell(job.priority.name) : Cell("\(job.priority.name), now \(job.rank.name)")
    }

    private static func state(_ state: JobState) -> Cell { Cell(state.rawValue, role(state)) }

    private static func role(_ state: JobState) -> Role {
        switch state {
        case .done: .ok
        case .failed: .critical
        case .shed, .expired: .warning
        case .blocked, .queued, .delayed, .running, .cancelled, .superseded: .plain
        }
    }
}
