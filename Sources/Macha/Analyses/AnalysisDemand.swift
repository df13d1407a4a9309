// SPDX-License-Identifier: MIT
package import MachaAnalyst
import MachaFindings
import MachaModel
package import MachaStore
import struct Foundation.Date

/// Which analyses are asked for after an observation: where, of whom, and whether although nothing has changed.
package struct AnalysisDemand: Sendable {
    /// One that may be asked.
    package struct Model: Hashable, Sendable {
        /// As the endpoint lists it.
        package var name: String
        /// What is asked of it, `question(of:settings:)`.
        package var question: String

        package init(name: String, question: String) {
            self.name = name
            self.question = question
        }
    }

    let queue: JobQueue
    private let models: [Model]
    private let asksAgain: Bool
    private let perDay: Int?

    /// `perDay` is the most that are asked for within 24 hours; `nil` for as many as are needed.
    package init(queue: JobQueue, models: [Model], asksAgain: Bool, perDay: Int?) {
        self.perDay = perDay
        self.queue = queue
        self.models = models
        self.asksAgain = asksAgain
    }

    /// Names what is asked of `model` with these `settings` of its endpoint by this version's prompts. Another name may get
    /// another answer.
    package static func question(of model: ModelName, settings: String) -> String {
        ContentHash(of: [Analyst.promptVersion, model.description, settings].joined(separator: "\n").utf8).short
    }

    /// The request for an analysis of `host`, which has these findings; `nil` when the last one is still valid, or when
    /// every model has failed at just this in a way that would be the same again.
    func request(
        for host: String, _ findings: [Finding], in store: Store, now: Date
    ) throws(StoreError) -> JobRequest? {
        var request = AnalysisRequest.job(for: host, findings)
        if asksAgain { return request }
        guard try store.needsAnalysis(of: host, findings, now: now) else { return nil }
        if let perDay, try queue.count(of: .analysis, since: now.addingTimeInterval(-86_400)) >= perDay { return nil }
        let since = now.addingTimeInterval(-AnalysisFailure.lasts)
        let failed = try store.lastingFailures(of: host, state: Finding.state(of: findings), since: since)
        let open = models.filter { !failed.contains($0.question) }
        if open.count == models.count { return request }
        guard !open.isEmpty else { return nil }
        request.models = open.map(\.name)
        return request
    }
}
