// SPDX-License-Identifier: MIT
package import MachaAnalyst
import MachaCore
package import MachaStore
import Foundation

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

        package init(_ name: String, concurrency: Int = 1, models: [any LanguageModel]) {
            self.name = name
            self.concurrency = max(1, concurrency)
            self.models = models
        }
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

    private let queue: JobQueue
    private let analysis: HostAnalysis
    private let endpoints: [Endpoint]
    private let name: String
    private let beat: Duration
    private let poll: Duration

    /// - Parameters:
    ///   - analysis: does the work of a job
    ///   - endpoints: each serves the queue on its own
    ///   - name: who claims, for people: program and process
    ///   - beat: how often the queue is told that a job is still worked at, and asked whether it is still wanted
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

    private var now: Date { analysis.inquiry.now() }

    /// Serves until then. `heard` is told after every job. Answers which endpoints fell silent on the way.
    @discardableResult
    package func run(
        until: Until, heard: @escaping @Sendable () -> Void = {}
    ) async throws(StoreError) -> [Silence] {
        let lanes = endpoints.flatMap { Array(repeating: $0, count: $0.concurrency) }
        let outcomes = await withTaskGroup(of: Result<Silence?, StoreError>.self) { group in
            for lane in lanes {
                group.addTask {
                    do throws(StoreError) {
                        return .success(try await serve(lane, until, heard))
                    } catch {
                        return .failure(error)
                    }
                }
            }
            var all: [Result<Silence?, StoreError>] = []
            for await outcome in group { all.append(outcome) }
            return all
        }
        var silent: [Silence] = []
        for outcome in outcomes {
            if let silence = try outcome.get(), !silent.contains(silence) { silent.append(silence) }
        }
        return silent
    }

    // MARK: One endpoint

    private func serve(
        _ endpoint: Endpoint, _ until: Until, _ heard: @Sendable () -> Void
    ) async throws(StoreError) -> Silence? {
        var last: ModelError?
        while !Task.isCancelled {
            if case .over(let jobs) = until, try isOver(jobs) { return nil }
            let claim = try queue.claim(
                endpoint: endpoint.name, models: endpoint.models.map(\.name.model), concurrency: endpoint.concurrency,
                worker: name, now: now)
            switch claim {
            case .job(let job, let lease):
                last = try await serve(job, lease, endpoint) ?? last
                heard()
            case .nothing(let next):
                if case .over = until, next == nil { return nil }
                await pause(until: next)
            case .busy: await pause(until: nil)
            case .setAside(let date, let reason):
                if case .over = until { return silence(endpoint, last, until: date, reason) }
                await pause(until: date)
            }
        }
        return nil
    }

    private func silence(_ endpoint: Endpoint, _ error: ModelError?, until: Date, _ reason: String) -> Silence {
        if let error {
            return Silence(
                model: error.model.description, code: error.code.word, message: error.message, remedy: error.remedy)
        }
        return Silence(
            model: endpoint.name, code: AnalysisFailure.setAside,
            message: "\(endpoint.name) failed and is left alone until \(until.formatted(.iso8601)): \(reason)",
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

    // MARK: One job

    private enum Ended: Sendable {
        case work(HostAnalysis.Work)
        case broken(StoreError)
        /// It is not wanted any more.
        case stopped
        /// Its lease is gone; what comes out does not count.
        case lost
    }

    /// Works on `job` and ends it; answers the error that the endpoint is to blame for.
    private func serve(_ job: Job, _ lease: Lease, _ endpoint: Endpoint) async throws(StoreError) -> ModelError? {
        let ended = await withTaskGroup(of: Ended.self) { group in
            group.addTask {
                do throws(StoreError) {
                    return .work(try await work(job, endpoint))
                } catch {
                    return .broken(error)
                }
            }
            group.addTask { await hold(lease) }
            let first = await group.next() ?? .lost
            // Whoever is left ends soon: cancelling closes the connection to the model.
            group.cancelAll()
            await group.waitForAll()
            return first
        }
        switch ended {
        case .work(let work): return try end(job, lease, endpoint, work)
        case .broken(let error): throw error
        case .stopped:
            _ = try queue.release(lease, reason: "stopped", now: now)
            return nil
        case .lost: return nil
        }
    }

    private func work(_ job: Job, _ endpoint: Endpoint) async throws(StoreError) -> HostAnalysis.Work {
        let chosen: any LanguageModel
        do throws(ModelError) {
            chosen = try await model(for: job, at: endpoint)
        } catch {
            return .failed(error)
        }
        return try await analysis.work(job, chosen)
    }

    /// Keeps the lease until the task is cancelled or the job is not wanted any more.
    private func hold(_ lease: Lease) async -> Ended {
        while !Task.isCancelled {
            guard (try? await Task.sleep(for: beat)) != nil else { break }
            // A heartbeat that cannot be written is tried again; if none can, the lease runs out.
            switch try? queue.heartbeat(lease, now: now) {
            case .cancelled: return .stopped
            case .lost: return .lost
            case .held, nil: continue
            }
        }
        return .stopped
    }

    /// The first model of the endpoint that may serve the job and is there.
    private func model(for job: Job, at endpoint: Endpoint) async throws(ModelError) -> any LanguageModel {
        var missing: ModelError?
        for model in endpoint.models where job.models.isEmpty || job.models.contains(model.name.model) {
            do throws(ModelError) {
                _ = try await model.describe()
                return model
            } catch {
                guard case .modelNotFound = error.code else { throw error }
                missing = missing ?? error
            }
        }
        throw missing
            ?? ModelError(
                .modelNotFound, ModelName(endpoint: endpoint.name, model: job.models.first ?? ""),
                "no model of \(endpoint.name) may serve job \(job.id)")
    }

    private func end(
        _ job: Job, _ lease: Lease, _ endpoint: Endpoint, _ work: HostAnalysis.Work
    ) throws(StoreError) -> ModelError? {
        switch work {
        case .record(let record):
            let ending = try queue.conclude(lease, record, now: now)
            if ending == .recorded(.done), let host = job.host { analysis.inquiry.memories.settle(host) }
        case .split(let parts, let payload):
            _ = try queue.split(lease, into: parts, payload: payload, allRequired: false, now: now)
        case .notes(let notes, let key):
            _ = try queue.complete(lease, result: JobDocument.text(notes), partial: key, now: now)
        case .impossible(let reason):
            _ = try queue.fail(lease, reason: reason, isFinal: true, random: .random(in: 0...1), now: now)
        case .failed(let error): return try fail(job, lease, endpoint, error)
        }
        return nil
    }

    private func fail(
        _ job: Job, _ lease: Lease, _ endpoint: Endpoint, _ error: ModelError
    ) throws(StoreError) -> ModelError? {
        if case .cancelled = error.code {
            _ = try queue.release(lease, reason: "stopped", now: now)
            return nil
        }
        if error.blamesEndpoint {
            try queue.setAside(endpoint: endpoint.name, reason: error.message, random: .random(in: 0...1), now: now)
        }
        if error.provesJobInnocent {
            _ = try queue.release(lease, reason: error.message, now: now)
        } else if job.kind == .analysis, !error.blamesEndpoint || job.attempts >= job.maxAttempts {
            let failure = AnalysisFailure(error, host: job.host ?? "", now: now)
            _ = try queue.conclude(lease, AnalysisRecord(.unusable(failure), state: analysis.state(of: job)), now: now)
        } else {
            _ = try queue.fail(
                lease, reason: error.message, isFinal: !error.blamesEndpoint, random: .random(in: 0...1), now: now)
        }
        return error.blamesEndpoint ? error : nil
    }
}
