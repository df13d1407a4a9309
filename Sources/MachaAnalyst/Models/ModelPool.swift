// SPDX-License-Identifier: MIT
import HTTP
package import MachaInventory
import MachaModel

/// The models of all endpoints, each endpoint with its own bound on calls at a time.
package struct ModelPool: Sendable {
    /// One endpoint with its models, in order of preference; `models` is empty when `failure` says why.
    package struct Place: Sendable {
        package var endpoint: ModelEndpoint
        package var models: [any LanguageModel]
        /// Its key cannot be read.
        package var failure: ModelError?
    }

    /// In the configuration's order.
    package let places: [Place]

    /// `readKey` gives the content of an `api-key-file`, or `nil` when it cannot be read.
    package init(_ endpoints: [ModelEndpoint], readKey: (String) -> String?) {
        let client = HTTPClient()
        places = endpoints.map { Self.place($0, client, readKey) }
    }

    /// Every model, the preferred one first.
    package var models: [any LanguageModel] { places.flatMap(\.models) }

    private static func place(
        _ endpoint: ModelEndpoint, _ client: HTTPClient, _ readKey: (String) -> String?
    ) -> Place {
        var options = ModelOptions(
            context: endpoint.context ?? ModelEndpoint.defaultContext, isContextConfigured: endpoint.context != nil)
        options.thinking = endpoint.thinking
        options.answerLimit = endpoint.answerLimit
        options.deadlines.firstByte = .seconds(endpoint.firstByteTimeout)
        // Some servers send the headers at once and read the prompt behind them: that silence is the same wait.
        options.deadlines.betweenPieces = max(options.deadlines.betweenPieces, options.deadlines.firstByte)
        options.deadlines.total = .seconds(endpoint.timeout)
        options.certificates = endpoint.certificateFile
        if let file = endpoint.apiKeyFile {
            guard let key = readKey(file).flatMap({ APIKey($0) }) else {
                let name = ModelName(endpoint: endpoint.name, model: endpoint.models.first ?? "")
                let error = ModelError(
                    .refused, name, "the key file \(file.printable()) of endpoint \(endpoint.name.quoted) holds no key",
                    remedy: "check that the file is there, that macha may read it, and that it is not empty")
                return Place(endpoint: endpoint, models: [], failure: error)
            }
            options.key = key
        }
        let turns = AsyncSemaphore(endpoint.concurrency)
        let models = endpoint.models.map { model -> any LanguageModel in
            let name = ModelName(endpoint: endpoint.name, model: model)
            return switch endpoint.kind {
            case .ollama: OllamaModel(name, url: endpoint.url, client: client, options: options, places: turns)
            case .openai: OpenAIModel(name, url: endpoint.url, client: client, options: options, places: turns)
            }
        }
        return Place(endpoint: endpoint, models: models, failure: nil)
    }
}
