// SPDX-License-Identifier: MIT
import MachaModel

/// What Ollama's error answers mean, by status and, where one status means many things, by their words.
enum OllamaRefusal {
    static func error(_ name: ModelName, status: Int, body: String) -> ModelError {
        let words = text(of: body)
        if let long = tooLong(name, words) { return long }
        func make(_ code: ModelError.Code, _ what: String, _ remedy: String = "") -> ModelError {
            let said = words.isEmpty ? "status \(status)" : "status \(status), \(words.printable(limit: 300))"
            return ModelError(code, name, "\(name) \(what): \(said)", remedy: remedy)
        }
        switch status {
        case 404 where words.contains("not found") && words.contains("model"):
            return make(.modelNotFound, "is not there", "run on the server: ollama pull \(name.model.printable())")
        case 404, 405, 300..<400:
            return make(.wrongServer, "has no Ollama API", "check the URL and the kind of the endpoint")
        case 400: return badRequest(name, words, make)
        case 401: return make(.refused, "requires authentication", "name an api-key-file for the endpoint")
        case 403:
            return make(
                .refused, "does not accept requests from this machine",
                "an Ollama that listens on loopback answers to its own names only; set OLLAMA_HOST on the server")
        case 429, 502, 503, 504: return make(.busy, "is overloaded")
        case 500...: return failed(words, make)
        default: return make(.invalidRequest, "refuses the request")
        }
    }

    /// The `error` of the body; the body itself when there is none.
    private static func text(of body: String) -> String {
        guard let document = try? JSONValue.parse(body) else { return body }
        return document["error"]?.string ?? document["error"]?.text ?? body
    }

    /// `exceed_context_size_error` of llama-server, which comes as JSON in the error's text, or Ollama's own words.
    private static func tooLong(_ name: ModelName, _ words: String) -> ModelError? {
        let inner = (try? JSONValue.parse(words))?["error"]
        let isServers = inner?["type"]?.string == "exceed_context_size_error"
        guard
            isServers || words.contains("exceeds the context length") || words.contains("exceeds the available context")
        else { return nil }
        let context = inner?["n_ctx"]?.integer
        let message = inner?["message"]?.string ?? words
        return ModelError(
            .promptTooLong(tokens: inner?["n_prompt_tokens"]?.integer, context: context), name,
            "\(name) cannot take the prompt: \(message.printable(limit: 300))",
            remedy: "send less, or give the model a larger context")
    }

    private static func badRequest(
        _ name: ModelName, _ words: String, _ make: (ModelError.Code, String, String) -> ModelError
    ) -> ModelError {
        let missing: [(String, ModelCapability)] = [
            ("does not support tools", .tools), ("does not support thinking", .thinking),
            ("does not support chat", .chat), ("does not support generate", .chat),
            ("does not support embed", .embedding),
            ("does not support vision", .vision),
        ]
        if let (_, capability) = missing.first(where: { words.contains($0.0) }) {
            return .unsupported(capability, name)
        }
        return make(.invalidRequest, "refuses the request", "")
    }

    private static func failed(
        _ words: String, _ make: (ModelError.Code, String, String) -> ModelError
    ) -> ModelError {
        if words.contains("parsing tool call") {
            return make(.unusable(.brokenToolCall), "wrote an unreadable tool call", "")
        }
        if words.contains("invalid format") || words.contains("must be of type") {
            return make(.invalidRequest, "refuses the request", "")
        }
        if words.contains("loading model") { return make(.loading, "is being loaded", "") }
        if words.contains("system memory") || words.contains("resource limitations") || words.contains("out of memory")
        {
            return make(
                .serverFailed, "failed",
                "check that the model fits the server's memory; a smaller model or context may")
        }
        return make(.serverFailed, "failed", "check the server's log")
    }
}
