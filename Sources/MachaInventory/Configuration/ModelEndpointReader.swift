// SPDX-License-Identifier: MIT
import MachaModel

extension ModelEndpoint {
    /// The keys of one endpoint.
    package enum Key: String, CaseIterable, Sendable {
        case kind, url, models, concurrency, context, thinking, timeout
        case answerLimit = "answer-limit"
        case apiKeyFile = "api-key-file"
        case certificateFile = "certificate-file"
        case firstByteTimeout = "first-byte-timeout"
    }

    /// Reads what stands below `model-endpoints`: a mapping from names to endpoints, in order of preference.
    ///
    /// Everything that is wrong is added to `mistakes`; an endpoint with a mistake is left out. `home` is what `~` stands
    /// for.
    package static func read(_ node: YAMLNode, home: String, mistakes: inout [Mistake]) -> [ModelEndpoint] {
        guard case .mapping(let entries) = node.kind else {
            if !node.isNull {
                let message = "'model-endpoints' must be a mapping of names to endpoints, not \(node.kindName)"
                mistakes.append(Mistake(message, at: node.position))
            }
            return []
        }
        return entries.compactMap { entry in
            var reader = EndpointReader(entry: entry, home: home)
            let endpoint = reader.endpoint()
            mistakes += reader.mistakes
            return reader.mistakes.isEmpty ? endpoint : nil
        }
    }
}

/// Reads one endpoint.
private struct EndpointReader {
    let entry: YAMLEntry
    let home: String
    var mistakes: [Mistake] = []

    init(entry: YAMLEntry, home: String) {
        self.entry = entry
        self.home = home
    }

    private var title: String { "endpoint \(entry.key.quoted)" }

    mutating func endpoint() -> ModelEndpoint? {
        do throws(ValueValidationError) {
            _ = try InventoryValue.name(entry.key)
        } catch {
            mistakes.append(Mistake("endpoint name: \(error.description)", at: entry.position))
        }
        guard case .mapping(let keys) = entry.value.kind else {
            let message = "\(title) must be a mapping with 'kind', 'url' and 'models', not \(entry.value.kindName)"
            mistakes.append(Mistake(message, at: entry.value.position))
            return nil
        }
        var endpoint = ModelEndpoint(name: entry.key, kind: .ollama, url: "", models: [])
        var given: Set<ModelEndpoint.Key> = []
        for pair in keys {
            guard let key = ModelEndpoint.Key(rawValue: pair.key) else {
                unknown(pair)
                continue
            }
            given.insert(key)
            read(key, pair, into: &endpoint)
        }
        for key in [ModelEndpoint.Key.kind, .url, .models] where !given.contains(key) {
            mistakes.append(Mistake("\(title) has no \(key.rawValue.quoted)\(Self.hint(for: key))", at: entry.position))
        }
        return endpoint
    }

    static let kindHint = "write ollama, or openai for llama.cpp, vLLM, LM Studio, LiteLLM and others with OpenAI's API"

    private static func hint(for key: ModelEndpoint.Key) -> String {
        switch key {
        case .kind: "; \(kindHint)"
        case .url: "; write the server's address, such as url: \"http://127.0.0.1:11434\""
        case .models: "; list the models to ask as the server names them, such as models: [\"qwen3:8b\"]"
        default: ""
        }
    }

    private mutating func unknown(_ pair: YAMLEntry) {
        let known = ModelEndpoint.Key.allCases.map(\.rawValue)
        // A key itself has no place in a configuration that is shown and copied.
        let isKey = ["api-key", "key", "token", "api_key", "apikey"].contains(pair.key.lowercased())
        mistakes.append(
            .unknownKey(
                pair, "in \(title)", known: known, instead: isKey ? ModelEndpoint.Key.apiKeyFile.rawValue : nil))
    }

    private mutating func read(_ key: ModelEndpoint.Key, _ pair: YAMLEntry, into endpoint: inout ModelEndpoint) {
        let home = home
        switch key {
        case .kind: if let kind = single(pair, EndpointValue.kind) { endpoint.kind = kind }
        case .url: if let url = single(pair, EndpointValue.url) { endpoint.url = url }
        case .models: endpoint.models = models(pair)
        case .concurrency: if let count = single(pair, EndpointValue.concurrency) { endpoint.concurrency = count }
        case .context: if let tokens = single(pair, EndpointValue.context) { endpoint.context = tokens }
        case .answerLimit: if let tokens = single(pair, EndpointValue.answerLimit) { endpoint.answerLimit = tokens }
        case .thinking: if let thinking = single(pair, EndpointValue.thinking) { endpoint.thinking = thinking }
        case .timeout: if let seconds = single(pair, InventoryValue.interval) { endpoint.timeout = seconds }
        case .firstByteTimeout:
            if let seconds = single(pair, InventoryValue.interval) { endpoint.firstByteTimeout = seconds }
        case .apiKeyFile:
            endpoint.apiKeyFile = single(pair) { (text) throws(ValueValidationError) in
                try InventoryValue.secretPath(text, home: home)
            }
        case .certificateFile: endpoint.certificateFile = path(pair, home)
        }
    }

    private mutating func path(_ pair: YAMLEntry, _ home: String) -> String? {
        single(pair) { (text) throws(ValueValidationError) in try InventoryValue.path(text, home: home) }
    }

    private mutating func models(_ pair: YAMLEntry) -> [String] {
        let items: [YAMLNode]
        if case .sequence(let nodes) = pair.value.kind { items = nodes } else { items = [pair.value] }
        let models = items.compactMap { single($0, of: pair, EndpointValue.model) }
        if items.isEmpty { complain("name at least one model", at: pair.value.position, of: pair) }
        for (index, model) in models.enumerated() where models[..<index].contains(model) {
            complain("\(model.quoted) is named twice", at: pair.value.position, of: pair)
        }
        return models
    }

    private mutating func single<Value>(
        _ pair: YAMLEntry, _ meaning: (String) throws(ValueValidationError) -> Value
    ) -> Value? { single(pair.value, of: pair, meaning) }

    private mutating func single<Value>(
        _ node: YAMLNode, of pair: YAMLEntry, _ meaning: (String) throws(ValueValidationError) -> Value
    ) -> Value? {
        guard case .scalar(let text, _) = node.kind, !node.isNull else {
            complain("must be a single value, not \(node.kindName)", at: node.position, of: pair)
            return nil
        }
        do throws(ValueValidationError) {
            return try meaning(text)
        } catch {
            complain(error.description, at: node.position, of: pair, suggestion: error.suggestion)
            return nil
        }
    }

    private mutating func complain(
        _ message: String, at place: SourcePosition, of pair: YAMLEntry, suggestion: String? = nil
    ) {
        mistakes.append(Mistake("\(pair.key.quoted) of \(title): \(message)", at: place, suggestion: suggestion))
    }
}

/// The meaning of each single value an endpoint can hold.
private enum EndpointValue {
    /// A base URL. Keys and passwords have no place in it: it is shown in messages and listings.
    static func url(_ text: String) throws(ValueValidationError) -> String {
        let rest = ["http://", "https://"].first { text.lowercased().hasPrefix($0) }.map { text.dropFirst($0.count) }
        guard let rest, let first = rest.utf8.first, first != UInt8(ascii: "/"),
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
        else { throw ValueValidationError("\(text.quoted) is not a valid URL; write http://host:port or https://host") }
        guard !rest.prefix(while: { $0 != "/" }).contains("@") else {
            throw ValueValidationError(
                "leave user and password out of the URL; a key goes into a file, see 'api-key-file'")
        }
        guard !rest.contains(where: { $0 == "?" || $0 == "#" }) else {
            throw ValueValidationError("\(text.quoted) must not contain '?' or '#'")
        }
        return text
    }

    /// `qwen3:8b`, `hf.co/org/model:Q4_K_M`, a path: whatever a server calls a model, in one line.
    static func model(_ text: String) throws(ValueValidationError) -> String {
        guard (1...200).contains(text.utf8.count), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw ValueValidationError("\(text.quoted) is not a model name; write it as the server lists it")
        }
        return text
    }

    static func concurrency(_ text: String) throws(ValueValidationError) -> Int {
        let count = try InventoryValue.count(text)
        guard count <= 64 else { throw ValueValidationError("\(text.quoted) is more than 64 calls at a time") }
        return count
    }

    /// Names of programs are what people try first.
    static func kind(_ text: String) throws(ValueValidationError) -> ModelEndpoint.Kind {
        guard let kind = ModelEndpoint.Kind(rawValue: text) else {
            throw ValueValidationError(
                "\(text.quoted) is not one of ollama, openai; \(EndpointReader.kindHint)",
                suggestion: text.nearest(in: ModelEndpoint.Kind.allCases.map(\.rawValue)))
        }
        return kind
    }

    /// Below 2,048 tokens not even the instructions of a question have room beside an answer.
    static func context(_ text: String) throws(ValueValidationError) -> Int {
        guard let tokens = try? InventoryValue.count(text), (2_048...10_000_000).contains(tokens) else {
            throw ValueValidationError(
                "a context of \(text.quoted) tokens is not possible; use a number from 2048 to 10000000")
        }
        return tokens
    }

    static func answerLimit(_ text: String) throws(ValueValidationError) -> Int {
        guard let tokens = try? InventoryValue.count(text), (256...65_536).contains(tokens) else {
            throw ValueValidationError(
                "an answer of \(text.quoted) tokens is not possible; use a number from 256 to 65536")
        }
        return tokens
    }

    /// YAML reads `off` and `on` as they stand here: plain scalars are text.
    static func thinking(_ text: String) throws(ValueValidationError) -> ModelThinking {
        guard let thinking = ModelThinking(rawValue: text) else {
            throw ValueValidationError("\(text.quoted) is not one of off, low and on")
        }
        return thinking
    }
}
