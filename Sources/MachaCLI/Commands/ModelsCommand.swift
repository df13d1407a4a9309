// SPDX-License-Identifier: MIT
import MachaViews
import ArgumentParser
import Macha
import MachaAnalyst
import MachaInventory
import MachaModel

/// The model endpoints, and whether they work.
struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "List language models and their capabilities, and test them.",
        subcommands: [ModelsListCommand.self, ModelsTestCommand.self], defaultSubcommand: ModelsListCommand.self)
}

/// What each endpoint says of its models.
struct ModelsListCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show endpoints, models, context, capabilities and health.")

    @OptionGroup var options: GlobalOptions

    func execute() async throws {
        try await options.showModels(progress: "asking models") { await ModelCheck.describe($0) }
    }
}

/// What each model is worth: a question as long as an analysis, and five for tools.
struct ModelsTestCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Test whether each model finds the fault in a long prompt and chooses tools, and how fast it is.")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "Models, as ENDPOINT, MODEL or ENDPOINT/MODEL; all by default.")
    var names: [String] = []

    func execute() async throws {
        try await options.showModels(progress: "trying models", names) { await ModelCheck.run($0) }
    }
}

extension GlobalOptions {
    /// Checks the named models, endpoints side by side and each endpoint's models in order, and shows what came out.
    fileprivate func showModels(
        progress: String, _ names: [String] = [], _ check: @escaping @Sendable (any LanguageModel) async -> ModelCheck
    ) async throws {
        let pool = try controller.environment.requiredModels()
        let places = pool.places.compactMap { $0.selected(by: names) }
        guard !places.isEmpty else {
            throw Failure(
                .usage,
                "no model is called \(names.joined(separator: " or ").quoted); there are "
                    + pool.places.flatMap { place in place.endpoint.models.map { "\(place.endpoint.name)/\($0)" } }
                    .joined(separator: ", "))
        }
        let count = places.reduce(0) { $0 + $1.endpoint.models.count }
        let reports = try await output.progress(progress).during { bar in
            await withTaskGroup(of: (Int, [ModelReport]).self) { group in
                for (index, place) in places.enumerated() {
                    group.addTask {
                        if let failure = place.failure { return (index, [ModelReport(failure, place.endpoint)]) }
                        var reports: [ModelReport] = []
                        for model in place.models { reports.append(ModelReport(await check(model), place.endpoint)) }
                        return (index, reports)
                    }
                }
                var all: [Int: [ModelReport]] = [:]
                for await (index, reports) in group {
                    all[index] = reports
                    bar.update(done: all.values.reduce(0) { $0 + $1.count }, of: count, waiting: [])
                }
                return all.sorted { $0.key < $1.key }.flatMap(\.value)
            }
        }
        try output.show(reports) { ModelsPage.list($0) }
        if reports.contains(where: { $0.failure != nil }) { throw ExitCode(Failure.Code.unavailable.rawValue) }
    }
}

extension ModelPool.Place {
    /// This place with the models that one of `names` means; `nil` when it has none. No names mean all.
    fileprivate func selected(by names: [String]) -> ModelPool.Place? {
        guard !names.isEmpty, !names.contains(endpoint.name) else { return self }
        var place = self
        place.endpoint.models = endpoint.models.filter {
            names.contains($0) || names.contains("\(endpoint.name)/\($0)")
        }
        place.models = models.filter { place.endpoint.models.contains($0.name.model) }
        return place.endpoint.models.isEmpty ? nil : place
    }
}
