// SPDX-License-Identifier: MIT
import Foundation
package import MachaAnalyst
import MachaFleet
package import MachaInventory
import MachaModel
import MachaStore

extension Environment {
    /// The models of the configuration. Throws, with an example, when there is none.
    package func requiredModels() throws(ControllerError) -> ModelPool {
        let endpoints = try configuration().modelEndpoints
        guard !endpoints.isEmpty else {
            throw ControllerError(
                .configuration,
                ["no model endpoint is configured; add one to \(configurationPath), such as"],
                example: """
                    model-endpoints:
                      local:
                        kind: ollama
                        url: "http://127.0.0.1:11434"
                        models: [qwen3:8b]

                    """)
        }
        return pool(of: endpoints)
    }

    /// The models of the configuration; `nil`, and a warning, when there is none. Warns of endpoints that cannot be used.
    func models() throws(ControllerError) -> ModelPool? {
        let endpoints = try configuration().modelEndpoints
        guard !endpoints.isEmpty else {
            warn(.noModel)
            return nil
        }
        let pool = pool(of: endpoints)
        for failure in pool.places.compactMap(\.failure) { warn(.endpointUnusable("\(failure)")) }
        return pool
    }

    /// The models of `endpoints`. A key file that somebody else may read or write is not used.
    package func pool(of endpoints: [ModelEndpoint]) -> ModelPool {
        ModelPool(endpoints) { path in
            switch SecretFile.text(of: path) {
            case .success(let text): return text
            case .failure(let refusal):
                warn(.keyFileRefused(refusal.reason))
                return nil
            }
        }
    }

    /// The context of a host that a model gets.
    func inquiry() throws(ControllerError) -> HostContextBuilder {
        let connector = connector
        return HostContextBuilder(
            store: try store(), library: try library(),
            situation: PolicyContextLoader(try inventory(), store: try store()),
            folder: stateFolder, now: now
        ) { (host) throws(ContactFailure) in try connector.transport(to: host) }
    }

    /// The way from the queue to the analyses, with all endpoints of `pool`.
    func analyses(_ pool: ModelPool) throws(ControllerError) -> FleetAnalysis {
        let store = try store()
        let analysis = HostAnalysis(
            try inquiry(), queue: JobQueue(store), inventory: try inventory(), models: pool.models.map(\.name))
        let endpoints = pool.places.filter { !$0.models.isEmpty }.map {
            AnalysisWorker.Endpoint(
                $0.endpoint.name, concurrency: $0.endpoint.concurrency, models: $0.models,
                patience: .seconds($0.endpoint.firstByteTimeout), settings: $0.settings)
        }
        let worker = AnalysisWorker(analysis, endpoints: endpoints, name: Self.workerName)
        return FleetAnalysis(analysis, worker, store: store)
    }

    /// Under which name this process takes jobs.
    static var workerName: String { WorkerProcess.current("macha").name }
}

extension ModelPool {
    /// All models, with what is asked of each.
    var demanded: [AnalysisDemand.Model] {
        places.flatMap { place in
            place.models.map { model in
                AnalysisDemand.Model(
                    name: model.name.model,
                    question: AnalysisDemand.question(of: model.name, settings: place.settings))
            }
        }
    }
}

extension ModelPool.Place {
    /// What the configuration says that changes answers: after a change a model is asked again.
    var settings: String {
        let endpoint = endpoint
        return [
            "\(endpoint.kind)", endpoint.url, "\(endpoint.context ?? 0)", "\(endpoint.answerLimit ?? 0)",
            endpoint.thinking?.rawValue ?? "", "\(endpoint.timeout)",
        ].joined(separator: " ")
    }
}
