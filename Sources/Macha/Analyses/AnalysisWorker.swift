// SPDX-License-Identifier: MIT
import Foundation
package import MachaAnalyst
import MachaModel
package import MachaStore

/// Serves the queue: claims jobs for each endpoint, as many at a time as it takes, and sees to it that each one ends once.
///
/// While a model works the lease is held by heartbeats; a job that somebody cancels is stopped, and the request with it. An
/// endpoint that fails is set aside and its job goes to the next one.
package struct AnalysisWorker: Sendable {
    /// One endpoint to claim jobs for.
    package struct Endpoint: Sendable {
        package var name: String
        package var concurrency: Int
        /// In order of preference.
        package var models: [any LanguageModel]
        /// How long a model that is being loaded, or a server that asks to wait, is waited for.
        package var patience: Duration
        /// What the configuration says that changes answers; part of what is remembered of a failure.
        package var settings: String
        /// When something last came of each job's request here.
        let pulse = EndpointPulse()

        package init(
            _ name: String, concurrency: Int = 1, models: [any LanguageModel], patience: Duration = .zero,
            settings: String = ""
        ) {
            self.name = name
            self.concurrency = max(1, concurrency)
            self.models = models
            self.patience = patience
            self.settings = settings
        }
    }

    /// What came of a run.
    package struct Served: Sendable {
        /// Endpoints that served nothing more.
        package var silent: [Silence] = []
        /// The last error of each analysis that met one, by its job.
        package var errors: [Int64: ModelError] = [:]
    }

    /// When to stop.
    package enum Until: Sendable {
        /// These jobs are over, or no endpoint is left that could serve them.
        case over([Int64])
        /// The task is cancelled.
        case cancelled
    }

    /// Why an endpoint served nothing more.
    package struct Silence: Hashable, Sendable {
        /// Endpoint, or endpoint and model.
        package var model: String
        /// A word for programs.
        package var code: String
        package var message: String
        package var remedy: String
    }

    let queue: JobQueue
    let analysis: HostAnalysis
    private let endpoints: [Endpoint]
    package let name: String
    let beat: Duration
    private let poll: Duration

    /// - Parameters:
    ///   - analysis: does the work of a job
    ///   - endpoints: each serves the queue on its own
    ///   - name: who claims, for people: program and process
    ///   - beat: how often a job's lease is renewed, and its cancellation checked
    ///   - poll: how often an idle endpoint looks for work
    package init(
        _ analysis: HostAnalysis, endpoints: [Endpoint], name: String, beat: Duration = .seconds(2),
        poll: Duration = .milliseconds(200)
    ) {
        self.analysis = analysis
        self.endpoints = endpoints
        self.name = name
        self.beat = beat
        self.poll = poll
        queue = analysis.queue
    }

    var now: Date { analysis.inquiry.now() }

    /// Runs until then. `told` is called with each job's progress, `heard` after every job.
    @discardableResult
    package func run(
        until: Until, told: @escaping @Sendable (AnalysisStep) -> Void = { _ in },
        heard: @escaping @Sendable () -> Void = {}
    ) async throws(StoreError) -> Served {
        let errors = LastErrors()
        let lanes = endpoints.flatMap { Array(repeating: $0, count: $0.concurrency) }
        let outcomes = await withTaskGroup(of: Result<Silence?, StoreError>.self) { group in
            for lane in lanes {
                group.addTask {
                    do throws(StoreError) {
                        return .success(try await serve(lane, until, errors, told, heard))
                    } catch {
                        return .failure(error)
                    }
                }
            }
            var all: [Result<Silence?, StoreError>] = []
            for await outcome in group { all.append(outcome) }
            return all
        }
        var served = Served(errors: errors.all)
        for outcome in outcomes {
            if let silence = try outcome.get(), !served.silent.contains(silence) { served.silent.append(silence) }
        }
        return served
    }

    // MARK: One endpoint

    private func serve(
        _ endpoint: Endpoint, _ until: Until, _ errors: LastErrors, _ told: @escaping @Sendable (AnalysisStep) -> Void,
        _ heard: @Sendable () -> Void
    ) async throws(StoreError) -> Silence? {
        var last: ModelError?
        var waitingSince: ContinuousClock.Instant?
        while !Task.isCancelled {
            if case .over(let jobs) = until, try isOver(jobs) { return nil }
            let claim = try queue.claim(
                endpoint: endpoint.name, models: endpoint.models.map(\.name.model), concurrency: endpoint.concurrency,
                worker: name, now: now)
            switch claim {
            case .job(let job, let lease):
                let error = try await serve(job, lease, endpoint, errors, told)
                last = error ?? last
                if error == nil { waitingSince = nil }
                heard()
            case .nothing(let next):
                if case .over = until, next == nil { return nil }
                await pause(until: next)
            case .busy: await pause(until: nil)
            case .setAside(let date, let reason, let code):
                if case .over = until {
                    let since = waitingSince ?? .now
                    waitingSince = since
                    guard Self.isWaitedFor(code), since.duration(to: .now) < endpoint.patience else {
                        return silence(endpoint, last, until: date, reason)
                    }
                    told(AnalysisStep(endpoint: endpoint.name, waitingBecause: code))
                }
                await pause(until: date)
            }
        }
        return nil
    }

    /// A server that loads its model, or has no place just now, will answer before long; one that is down may not.
    private static func isWaitedFor(_ code: String) -> Bool {
        code == ModelError.Code.loading.word || code == ModelError.Code.busy.word
    }

    private func silence(_ endpoint: Endpoint, _ error: ModelError?, until: Date, _ reason: String) -> Silence {
        if let error {
            return Silence(
                model: error.model.description, code: error.code.word, message: error.message, remedy: error.remedy)
        }
        return Silence(
            model: endpoint.name, code: AnalysisFailure.setAside,
            message: "\(endpoint.name) failed and is skipped until \(until.formatted(.iso8601)): \(reason)",
            remedy: "see: macha models")
    }

    private func isOver(_ jobs: [Int64]) throws(StoreError) -> Bool {
        for id in jobs { if let job = try queue.job(id), !job.state.isOver { return false } }
        return true
    }

    /// Other processes put work in and take it out, so an idle endpoint looks again before long.
    private func pause(until date: Date?) async {
        let left = date.map { Duration.seconds(max(0.01, $0.timeIntervalSince(now))) } ?? poll
        try? await Task.sleep(for: min(left, poll))
    }
}
