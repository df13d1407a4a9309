// SPDX-License-Identifier: MIT
import MachaModel

/// Whether a prompt fits a context, asked before it is sent and again after the server has told what it read.
///
/// Ollama shortens prompts without a word (github.com/ollama/ollama/issues/3839); only `prompt_eval_count` gives it away.
package struct ContextWatch {
    package let name: ModelName
    /// Tokens of prompt and answer together.
    package let context: Int
    /// Whether ``context`` is known: told by the server, or written down by a person.
    package let isKnown: Bool

    package init(name: ModelName, context: Int, isKnown: Bool) {
        self.name = name
        self.context = context
        self.isKnown = isKnown
    }

    package init(name: ModelName, _ description: ModelDescription) {
        self.init(
            name: name, context: description.context,
            isKnown: description.contextSource == .allocated || description.contextSource == .configured)
    }

    /// Refuses a request whose prompt and answer cannot both be sure of their place.
    package func admit(_ request: ChatRequest) throws(ModelError) {
        let tokens = TokenEstimate.tokens(in: request)
        let margin = TokenEstimate.margin(in: context)
        guard tokens + request.answerLimit + margin <= context else {
            throw ModelError(
                .promptTooLong(tokens: tokens, context: context), name,
                "a prompt of about \(tokens) tokens, \(request.answerLimit) of answer and a margin of \(margin) do not "
                    + "fit the \(context) tokens of \(name)",
                remedy: "send less, or give the model a larger context")
        }
    }

    /// Throws unless the server has read the whole prompt. `read` is its count.
    ///
    /// A token is a byte at least, so a prompt with fewer bytes than the context has tokens cannot have been shortened.
    /// Of a longer one these betray it: a full context (what was cut to it), half of the context and two (Ollama since
    /// 0.30.11), fewer tokens than a beginning of the same conversation had, less than half of the estimate (whole
    /// messages dropped).
    ///
    /// Servers that do not count, or count only what was not cached, are believed when the context is known and the prompt
    /// has fewer than two bytes for each of its tokens; text of machines has more.
    package func confirm(_ request: ChatRequest, read: Int?) throws(ModelError) {
        let bytes = TokenEstimate.bytes(of: request)
        let couldOverflow = bytes + 4 * TokenEstimate.overhead(of: request) > context
        let surelyFits = isKnown && bytes + 2 * TokenEstimate.overhead(of: request) <= 2 * context
        guard let read else {
            if couldOverflow, !surelyFits { throw uncounted() }
            return
        }
        if surelyFits, read < context, !Self.halves(of: context).contains(read), read < bytes / 8 { return }
        if read < request.promptFloor {
            throw truncated("it read \(read) tokens; \(request.promptFloor) of the same conversation were there before")
        }
        guard couldOverflow else { return }
        if read >= context { throw truncated("it read as many tokens as the context holds, \(read)") }
        if Self.halves(of: context).contains(read) {
            throw truncated("it read \(read) tokens, half of its context and what it keeps of the beginning")
        }
        let expected = bytes / 4
        if read < expected / 2 { throw truncated("it read \(read) tokens where about \(expected) were sent") }
    }

    /// `num_ctx - max((num_ctx - num_keep) / 2, 1)` for the values of `num_keep` in use: 4, and 5 where the tokenizer puts a
    /// mark before all.
    static func halves(of context: Int) -> Set<Int> { Set([4, 5].map { context - max((context - $0) / 2, 1) }) }

    private func uncounted() -> ModelError {
        ModelError(
            .unusable(.uncounted), name,
            "\(name) answered, but its server does not report how much of the prompt it read (no usage)",
            remedy: isKnown
                ? "let the server report usage (stream_options.include_usage), or raise the context of \(name.endpoint.quoted)"
                : "write the context that the server really has into the endpoint \(name.endpoint.quoted)")
    }

    private func truncated(_ sign: String) -> ModelError {
        ModelError(
            .unusable(.promptTruncated), name, "\(name) answered without having read the whole prompt: \(sign)",
            remedy: "give the model a larger context (num_ctx), or send less")
    }
}
