// SPDX-License-Identifier: MIT
import ArgumentParser
import Foundation
import Macha
import MachaAnalyst
import MachaCore
import MachaFleet
import MachaStore

/// What every command that asks models about hosts can be told.
struct AnalysisOptions: ParsableArguments {
    @Flag(help: "Ask no model; detectors and playbooks do their work all the same.")
    var noModel = false

    @Flag(help: "Ask a model again although nothing has changed since an analysis of the last day.")
    var askAgain = false
}

extension GlobalOptions {
    /// The way from the queue to the analyses, with all endpoints of `pool`.
    func fleetAnalysis(
        _ pool: ModelPool, _ library: PlaybookLibrary, _ inventory: Inventory, _ store: Store, _ reach: Reach
    ) -> FleetAnalysis {
        let analysis = HostAnalysis(
            inquiry(library, inventory, store, reach), queue: JobQueue(store), inventory: inventory,
            models: pool.models.map(\.name))
        let endpoints = pool.places.filter { !$0.models.isEmpty }.map {
            AnalysisWorker.Endpoint(
                $0.endpoint.name, concurrency: $0.endpoint.concurrency, models: $0.models,
                patience: .seconds($0.endpoint.firstByteTimeout), settings: $0.settings)
        }
        let worker = AnalysisWorker(analysis, endpoints: endpoints, name: WorkerProcess.current("macha").name)
        return FleetAnalysis(analysis, worker, store: store)
    }

    func inquiry(
        _ library: PlaybookLibrary, _ inventory: Inventory, _ store: Store, _ reach: Reach
    ) -> HostInquiry {
        HostInquiry(
            store: store, library: library, situation: Situation(inventory, store: store), folder: statePath
        ) { (host) throws(ContactFailure) in try reach.transport(to: host) }
    }
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
