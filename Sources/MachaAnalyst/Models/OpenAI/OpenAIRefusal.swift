// SPDX-License-Identifier: MIT
import MachaModel

/// What error answers of OpenAI-compatible servers mean, by status and `type`; by words only where there is no type.
enum OpenAIRefusal {
    static func error(_ name: ModelName, status: Int, body: String) -> ModelError {
        let document = try? JSONValue.parse(body)
        // llama.cpp, OpenAI, vLLM: an object; older vLLM: flat; FastAPI: "detail".
        let fault = document?["error"]?.members == nil ? document : document?["error"]
        let type = fault?["type"]?.string ?? ""
        let code = fault?["code"]?.string ?? ""
        let words = fault?["message"]?.string ?? document?["error"]?.string ?? document?["detail"]?.string ?? body
        func make(_ code: ModelError.Code, _ what: String, _ remedy: String = "") -> ModelError {
            let said = words.isEmpty ? "status \(status)" : "status \(status), \(words.printable(limit: 300))"
            return ModelError(code, name, "\(name) \(what): \(said)", remedy: remedy)
        }
        if isTooLong(type, code, words) {
            return make(
                .promptTooLong(tokens: fault?["n_prompt_tokens"]?.integer, context: fault?["n_ctx"]?.integer),
                "cannot take the prompt", "send less, or give the model a larger context")
        }
        switch status {
        case 401, 403: return make(.refused, "rejects this API key", "check the endpoint's api-key-file")
        case 404 where type != "not_found_error" && (code == "model_not_found" || words.contains("model")):
            return make(.modelNotFound, "is not there", "name a model that /v1/models of the server lists")
        case 404, 405, 300..<400:
            return make(.wrongServer, "has no OpenAI-compatible API", "check the URL and the kind of the endpoint")
        case 501 where words.contains("mbedding"): return .unsupported(.embedding, name)
        case 402:
            return make(.refused, "has no credit left", "check the account that the endpoint's api-key-file belongs to")
        case 429 where type == "insufficient_quota" || code == "insufficient_quota" || words.contains("quota"):
            return make(.refused, "has no quota left", "check the account that the endpoint's api-key-file belongs to")
        case 429: return make(.busy, "is overloaded")
        case 503 where words.contains("oading"): return make(.loading, "is being loaded")
        case 502, 503, 504: return make(.busy, "is overloaded")
        case 500...: return make(.serverFailed, "failed", "check the server's log")
        default: return make(.invalidRequest, "refuses the request")
        }
    }

    private static func isTooLong(_ type: String, _ code: String, _ words: String) -> Bool {
        if type == "exceed_context_size_error" || code == "context_length_exceeded" { return true }
        return [
            "too large to process", "maximum context length", "longer than the maximum model length",
            "exceeds the available context", "exceeds the context", "context length exceeded", "context window",
            // LM Studio, as it spells it.
            "when context the overflows", "context overflows", "prompt is too long",
        ].contains { words.lowercased().contains($0) }
    }
}
