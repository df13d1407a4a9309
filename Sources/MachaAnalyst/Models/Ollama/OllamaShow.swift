// SPDX-License-Identifier: MIT
import MachaModel

/// What `/api/show` says of a model.
enum OllamaShow {
    /// The name with its tag, as the server's lists have it. A colon before the last slash is a registry's port.
    static func fullName(_ model: String) -> String {
        let last = model.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        return last.contains(":") ? model : "\(model):latest"
    }

    static func description(_ shown: JSONValue, version: String, wish: Int) -> ModelDescription {
        let details = shown["details"]
        let facts = shown["model_info"]
        let family = facts?["general.architecture"]?.string ?? ""
        let trained = facts?["\(family).context_length"]?.integer.flatMap { $0 > 0 ? $0 : nil }
        return ModelDescription(
            server: version.isEmpty ? "Ollama" : "Ollama \(version)", context: min(wish, trained ?? wish),
            contextSource: .requested, trainedContext: trained,
            capabilities: capabilities(shown["capabilities"]?.array),
            parameters: details?["parameter_size"]?.string ?? "",
            quantization: details?["quantization_level"]?.string ?? "",
            embeddingLength: facts?["\(family).embedding_length"]?.integer)
    }

    /// Servers before 0.6.4 list none; then nothing is known.
    private static func capabilities(_ listed: [JSONValue]?) -> [ModelCapability: Bool] {
        guard let listed, !listed.isEmpty else { return [:] }
        let words = Set(listed.compactMap(\.string))
        return [
            .chat: words.contains("completion"), .tools: words.contains("tools"),
            .thinking: words.contains("thinking"), .vision: words.contains("vision"),
            .embedding: words.contains("embedding"),
        ]
    }
}
