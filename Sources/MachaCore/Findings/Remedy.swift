// SPDX-License-Identifier: MIT

/// What helps: a sentence, and commands that are kept apart from it so that each can be pasted as it is.
package enum Remedy {
    /// Both in one text: `Find what grew: du -xh /`. Commands alone stand side by side.
    package static func text(_ advice: String, _ commands: [String]) -> String {
        let commands = commands.joined(separator: "; ")
        if advice.isEmpty || commands.isEmpty { return advice + commands }
        return "\(advice.last == "." ? String(advice.dropLast()) : advice): \(commands)"
    }
}
