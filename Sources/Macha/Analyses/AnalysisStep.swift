// SPDX-License-Identifier: MIT
package import MachaAnalyst
import MachaModel
import Synchronization

/// What becomes just now of the analysis of one host, for who waits for it.
package struct AnalysisStep: Hashable, Sendable {
    package enum Stage: Hashable, Sendable {
        /// The journal is read from the host.
        case journal
        case model(AnalystStep)
        /// What the model asked for is looked up on the host.
        case lookingUp
        /// The endpoint loads its model, or has no place: the error's word.
        case waiting(String)
    }

    /// Empty when it is about all that wait for an endpoint.
    package var host: String
    /// Endpoint and model, or the endpoint alone.
    package var model: String
    package var stage: Stage
}

extension AnalysisStep {
    init(endpoint: String, waitingBecause code: String) {
        self.init(host: "", model: endpoint, stage: .waiting(code))
    }
}

extension AnalystStep {
    /// Whether something came from the model.
    var isProgress: Bool {
        switch self {
        case .reading: false
        case .thinking, .writing: true
        }
    }
}

/// When something last came of each request to one endpoint.
final class EndpointPulse: Sendable {
    private let last = Mutex<[Int64: ContinuousClock.Instant]>([:])

    func beat(_ job: Int64) { last.withLock { $0[job] = .now } }
    func forget(_ job: Int64) { last.withLock { $0[job] = nil } }

    /// Whether another request that is still under way had an answer coming since `begun`.
    func others(than job: Int64, since begun: ContinuousClock.Instant) -> Bool {
        last.withLock { $0.contains { $0.key != job && $0.value >= begun } }
    }
}

/// The last error of each analysis, by the job that all its parts belong to.
final class LastErrors: Sendable {
    private let errors = Mutex<[Int64: ModelError]>([:])

    func note(_ error: ModelError, of job: Job) { errors.withLock { $0[job.root] = error } }
    var all: [Int64: ModelError] { errors.withLock { $0 } }
}
