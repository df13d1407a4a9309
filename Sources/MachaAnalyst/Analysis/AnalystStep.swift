// SPDX-License-Identifier: MIT
import Synchronization

/// What a model does just now with what it was asked; tokens are estimates.
package enum AnalystStep: Hashable, Sendable {
    /// The prompt was sent and no answer has begun.
    case reading(tokens: Int)
    case thinking(tokens: Int)
    case writing(tokens: Int, atMost: Int)
}

/// Counts what comes of one answer.
final class AnswerMeter: Sendable {
    private let limit: Int
    private let bytes = Mutex((thinking: 0, text: 0))

    init(limit: Int) { self.limit = limit }

    func take(_ piece: ChatPiece) -> AnalystStep {
        bytes.withLock { bytes in
            switch piece {
            case .thinking(let text):
                bytes.thinking += text.utf8.count
                return .thinking(tokens: (bytes.thinking + 3) / 4)
            case .text(let text):
                bytes.text += text.utf8.count
                return .writing(tokens: (bytes.text + 3) / 4, atMost: limit)
            }
        }
    }
}
