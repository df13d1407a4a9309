// SPDX-License-Identifier: MIT
import MachaAnalyst
import MachaModel
import MachaStore

/// One job from its claim to its end.
extension AnalysisWorker {
    private enum Ended: Sendable {
        case work(HostAnalysis.Work)
        case broken(StoreError)
        /// It is not wanted any more.
        case stopped
        /// Its lease is gone; what comes out does not count.
        case lost
    }

    /// Works on `job` and ends it; returns the error that the endpoint is to blame for.
    func serve(
        _ job: Job, _ lease: Lease, _ endpoint: Endpoint, _ errors: LastErrors,
        _ told: @escaping @Sendable (AnalysisStep) -> Void
    ) async throws(StoreError) -> ModelError? {
        let begun = ContinuousClock.now
        defer { endpoint.pulse.forget(job.id) }
        let ended = await withTaskGroup(of: Ended.self) { group in
            group.addTask {
                do throws(StoreError) {
                    return .work(try await work(job, endpoint, told))
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
        case .work(.failed(let error)):
            errors.note(error, of: job)
            return try fail(job, lease, endpoint, error, begun)
        case .work(let work):
            try end(job, lease, work)
            return nil
        case .broken(let error): throw error
        case .stopped:
            _ = try queue.release(lease, reason: "stopped", now: now)
            return nil
        case .lost: return nil
        }
    }

    private func work(
        _ job: Job, _ endpoint: Endpoint, _ told: @escaping @Sendable (AnalysisStep) -> Void
    ) async throws(StoreError) -> HostAnalysis.Work {
        let chosen: any LanguageModel
        do throws(ModelError) {
            chosen = try await model(for: job, at: endpoint)
        } catch {
            return .failed(error)
        }
        return try await analysis.work(job, chosen) { step in
            if case .model(let now) = step.stage, now.isProgress { endpoint.pulse.beat(job.id) }
            told(step)
        }
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

    private func end(_ job: Job, _ lease: Lease, _ work: HostAnalysis.Work) throws(StoreError) {
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
        case .failed: break
        }
    }

    private func fail(
        _ job: Job, _ lease: Lease, _ endpoint: Endpoint, _ error: ModelError, _ begun: ContinuousClock.Instant
    ) throws(StoreError) -> ModelError? {
        if case .cancelled = error.code {
            _ = try queue.release(lease, reason: "stopped", now: now)
            return nil
        }
        // One request that waits too long, while others of the same server are being answered, is no dead server.
        let isAlive = error.code == .timedOut && endpoint.pulse.others(than: job.id, since: begun)
        let condemns = error.blamesEndpoint && !isAlive
        if condemns {
            try queue.setAside(
                endpoint: endpoint.name, reason: error.message, code: error.code.word, atLeast: error.retryAfter,
                random: .random(in: 0...1), now: now)
        }
        if error.provesJobInnocent {
            _ = try queue.release(lease, reason: error.message, now: now)
        } else if job.kind == .analysis, !error.blamesEndpoint || job.attempts >= job.maxAttempts {
            let question = AnalysisDemand.question(of: error.model, settings: endpoint.settings)
            let failure = AnalysisFailure(error, host: job.host ?? "", question: question, now: now)
            _ = try queue.conclude(lease, AnalysisRecord(.unusable(failure), state: analysis.state(of: job)), now: now)
        } else {
            _ = try queue.fail(
                lease, reason: error.message, isFinal: !error.blamesEndpoint, random: .random(in: 0...1), now: now)
        }
        return condemns ? error : nil
    }
}
