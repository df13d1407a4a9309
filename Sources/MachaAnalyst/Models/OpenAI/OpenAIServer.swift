// SPDX-License-Identifier: MIT
import MachaModel

/// What is known of one server and its model, from `/v1/models` and llama.cpp's `/props`.
package struct OpenAIServer: Sendable {
    /// llama.cpp takes options of its own, and serves its one model under any name.
    let isLlamaCpp: Bool
    let description: ModelDescription

    init(
        _ name: ModelName, models: JSONValue, properties: JSONValue?, _ options: ModelOptions, _ wire: ModelWire
    ) throws(ModelError) {
        guard let listed = models["data"]?.array else { throw wire.malformed("it lists no models at /v1/models") }
        let settings = properties?["default_generation_settings"]
        isLlamaCpp = settings != nil
        let own = Self.entry(of: name.model, in: listed)
        guard own != nil || isLlamaCpp else {
            let ids = listed.compactMap { $0["id"]?.string?.printable(limit: 60) }.prefix(10)
            throw ModelError(
                .modelNotFound, name, "the server of \(name.endpoint.quoted) does not serve \(name.model.quoted)",
                remedy: ids.isEmpty ? "it serves none" : "it serves \(ids.joined(separator: ", "))")
        }
        let entry = own ?? listed.first
        let facts = entry?["meta"]
        let allocated =
            settings?["n_ctx"]?.integer ?? facts?["n_ctx"]?.integer ?? entry?["max_model_len"]?.integer
        let context = allocated.flatMap { $0 > 0 ? $0 : nil }
        var capabilities: [ModelCapability: Bool] = [:]
        if let tools = properties?["chat_template_caps"]?["supports_tools"]?.bool { capabilities[.tools] = tools }
        description = ModelDescription(
            server: Self.server(properties, entry), context: context ?? options.assumedContext,
            contextSource: context != nil ? .allocated : options.isContextConfigured ? .configured : .assumed,
            trainedContext: facts?["n_ctx_train"]?.integer, capabilities: capabilities,
            parameters: facts?["n_params"]?.number.map { Self.count($0) } ?? "",
            embeddingLength: facts?["n_embd"]?.integer, slots: properties?["total_slots"]?.integer)
    }

    /// The list's entry for a model: by its name, its name in another case, behind a provider's prefix (`openai/m1`), or a
    /// wildcard (`*`, `openai/*`: LiteLLM).
    private static func entry(of model: String, in listed: [JSONValue]) -> JSONValue? {
        let wanted = model.lowercased()
        func first(_ fits: (String) -> Bool) -> JSONValue? {
            listed.first { $0["id"]?.string.map { fits($0.lowercased()) } ?? false }
        }
        return listed.first { $0["id"]?.string == model } ?? first { $0 == wanted }
            ?? first { $0.hasSuffix("/" + wanted) }
            ?? first { $0 == "*" || ($0.hasSuffix("/*") && wanted.hasPrefix($0.dropLast())) }
    }

    private static func server(_ properties: JSONValue?, _ entry: JSONValue?) -> String {
        if let properties {
            let build = properties["build_info"]?.string ?? ""
            return build.isEmpty ? "llama.cpp" : "llama.cpp \(build.printable(limit: 40))"
        }
        let owner = entry?["owned_by"]?.string ?? ""
        return owner.isEmpty ? "OpenAI-compatible" : owner.printable(limit: 40)
    }

    private static func count(_ parameters: Double) -> String {
        let (divisor, unit) = parameters >= 1e9 ? (1e9, "B") : parameters >= 1e6 ? (1e6, "M") : (1e3, "k")
        return "\((parameters / divisor * 10).rounded() / 10)\(unit)"
    }
}
