// SPDX-License-Identifier: MIT
package import MachaAnalyst
package import MachaModel
package import struct Foundation.Date

extension AnalysisFailure {
    /// What a model's error means for the analysis of `host`.
    package init(_ error: ModelError, host: String, question: String?, now: Date) {
        self.init(
            host: host, madeAt: now, model: error.model.description, code: error.code.word,
            message: error.message.printable(limit: 600), remedy: error.remedy.printable(limit: 300),
            question: question)
    }
}

extension ModelError {
    /// Whether the endpoint cannot serve anybody now, so that the job is as good as before it was sent. Otherwise the
    /// request itself may have brought the server down, and its attempts are counted.
    var provesJobInnocent: Bool {
        switch code {
        case .unreachable, .untrusted, .refused, .wrongServer, .modelNotFound, .busy, .loading: true
        case .timedOut, .connectionLost, .serverFailed, .malformed, .invalidRequest, .unsupported, .promptTooLong,
            .unusable, .cancelled:
            false
        }
    }
}

extension PromptNote {
    init(_ prompt: Prompt) {
        self.init(
            hash: prompt.content, tokens: prompt.tokens,
            sections: prompt.sections.map {
                Section(title: $0.title, lines: $0.lines, leftOut: $0.leftOut, tokens: $0.tokens)
            })
    }
}
