// SPDX-License-Identifier: MIT
import Synchronization

/// What a server has refused of an ordinary request, and how it is asked instead.
///
/// Gateways and older servers refuse members that they do not know, instead of ignoring them. Each is left out or
/// replaced once the server's own words name it; that is remembered for as long as this process asks the server.
enum OpenAIAccommodation: String, Hashable, Sendable, CaseIterable {
    /// `response_format` of type `json_schema` is refused: `json_object`, and the shape stands in the prompt.
    case jsonObject
    /// `response_format` is refused altogether: the shape stands in the prompt only.
    case noResponseFormat
    /// Newer models of OpenAI take `max_completion_tokens` only.
    case maxCompletionTokens
    case noTemperature
    case noSeed
    case noStreamOptions
    /// `chat_template_kwargs` or `reasoning_effort`.
    case noThinkingControls
    /// The model's template has no system role: its text goes in front of the user's.
    case noSystemRole

    /// What an error says when this is what it refuses. Matched without case.
    private var words: [String] {
        switch self {
        case .jsonObject: ["json_schema", "response_format", "response format"]
        case .noResponseFormat: ["response_format", "response format", "json_object"]
        case .maxCompletionTokens: ["max_tokens"]
        case .noTemperature: ["temperature"]
        case .noSeed: ["seed"]
        case .noStreamOptions: ["stream_options", "include_usage"]
        case .noThinkingControls: ["chat_template_kwargs", "enable_thinking", "reasoning_effort"]
        case .noSystemRole: ["system role", "roles must alternate", "role 'system'", "system message"]
        }
    }

    /// The first that `error` asks for and that is not made yet; `nil` when the request cannot be helped.
    static func next(after error: ModelError, made: Set<OpenAIAccommodation>) -> OpenAIAccommodation? {
        guard error.code == .invalidRequest else { return nil }
        let said = error.message.lowercased()
        return allCases.first { one in
            !made.contains(one) && one.words.contains { said.contains($0) }
                && (one != .noResponseFormat || made.contains(.jsonObject))
        }
    }
}

/// What one server has been found to need, shared by all calls of it.
final class OpenAIAccommodations: Sendable {
    private let stored = Mutex<(made: Set<OpenAIAccommodation>, prefix: String)>(([], "/v1"))

    var made: Set<OpenAIAccommodation> { stored.withLock { $0.made } }

    func make(_ one: OpenAIAccommodation) { stored.withLock { _ = $0.made.insert(one) } }

    /// The path before all pages: `/v1`, or empty where the endpoint's URL has it all.
    var prefix: String {
        get { stored.withLock { $0.prefix } }
        set { stored.withLock { $0.prefix = newValue } }
    }
}
