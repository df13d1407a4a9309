// SPDX-License-Identifier: MIT

/// What helps: a sentence, and commands that are kept apart from it so that each can be pasted as it is.
package enum Remedy {
    /// Both in one text: `Find what grew: du -xh /`. Commands alone stand side by side.
    package static func text(_ advice: String, _ commands: [String]) -> String {
        let commands = commands.joined(separator: "; ")
        if advice.isEmpty || commands.isEmpty { return advice + commands }
        return "\(opening(advice)) \(commands)"
    }

    /// `advice` as what comes before commands: `Find what grew.` as `Find what grew:`.
    package static func opening(_ advice: String) -> String {
        (advice.last == "." ? String(advice.dropLast()) : advice) + ":"
    }
}
