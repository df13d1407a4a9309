// SPDX-License-Identifier: MIT
import MachaModel

extension PromptFence {
    /// One line of untrusted text as it may stand in a prompt or in what is shown of an answer.
    package static func clean(_ text: String, limit: Int = 600) -> String {
        var fence = PromptFence()
        return fence.inline(UntrustedText(text), limit: limit)
    }
}
