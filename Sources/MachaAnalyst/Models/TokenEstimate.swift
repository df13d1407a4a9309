// SPDX-License-Identifier: MIT
import MachaModel

/// How many tokens a text has, without a tokenizer: one for four bytes, rounded up.
///
/// English prose comes close to that; hexadecimal and other alphabets need up to twice as many. Hence the margin, and
/// hence nothing rests on the estimate alone: ``ContextWatch`` looks at what the server has read.
package enum TokenEstimate {
    package static func tokens(in text: String) -> Int { (text.utf8.count + 3) / 4 }

    /// A whole request: its texts, its tools, and what a chat template puts around each message.
    package static func tokens(in request: ChatRequest) -> Int { (bytes(of: request) + 3) / 4 + overhead(of: request) }

    /// Tokens kept free for what the estimate does not know: a sixteenth of the context.
    package static func margin(in context: Int) -> Int { context / 16 }

    static func bytes(of request: ChatRequest) -> Int {
        let messages = request.messages.reduce(0) { sum, message in
            sum + message.text.utf8.count + message.toolCalls.reduce(0) { $0 + $1.arguments.text.utf8.count + 32 }
        }
        let tools = request.tools.reduce(0) {
            $0 + $1.name.utf8.count + $1.explanation.utf8.count + $1.parameters.document.text.utf8.count
        }
        return messages + tools
    }

    /// What templates put around: role and turn marks for each message, a preface and a frame for tools.
    static func overhead(of request: ChatRequest) -> Int {
        16 + 8 * request.messages.count + (request.tools.isEmpty ? 0 : 128 + 32 * request.tools.count)
    }
}
