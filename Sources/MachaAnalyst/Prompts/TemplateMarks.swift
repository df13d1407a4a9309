// SPDX-License-Identifier: MIT

/// Marks by which chat templates part the turns of a conversation.
///
/// Servers turn them into control tokens wherever they stand, also inside of a message: `<|im_end|>` in a log line would
/// end the user's turn. Changed by one character they are plain text.
enum TemplateMarks {
    /// `<|im_start|>`, `<|eot_id|>`; DeepSeek writes a full-width bar.
    private static let parts = [
        ("<|", "‹|"), ("|>", "|›"), ("<｜", "‹｜"), ("｜>", "｜›"), ("<<SYS>>", "‹‹SYS››"), ("<</SYS>>", "‹‹/SYS››"),
    ]

    /// Words that are marks in angle or square brackets, with or without a slash.
    private static let words: Set<String> = [
        "s", "bos", "eos", "unk", "pad", "start_of_turn", "end_of_turn", "think", "tool_call", "tool_calls",
        "tool_response", "tools", "system", "user", "assistant", "inst", "available_tools", "tool_results", "sys",
        "system_prompt",
    ]

    static func disarmed(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 0x3c || $0 == 0x3e || $0 == 0x5b }) else { return text }
        var text = text
        for (mark, harmless) in parts where text.contains(mark) { text = text.replacing(mark, with: harmless) }
        return disarmedWords(text)
    }

    private static func disarmedWords(_ text: String) -> String {
        var out = ""
        var rest = text[...]
        while let open = rest.firstIndex(where: { $0 == "<" || $0 == "[" }) {
            out += rest[..<open]
            let closing: Character = rest[open] == "<" ? ">" : "]"
            let inside = rest[rest.index(after: open)...].prefix(40).prefix { $0 != closing }
            let name = inside.drop { $0 == "/" }.lowercased()
            if inside.endIndex < rest.endIndex, rest[inside.endIndex] == closing, words.contains(name) {
                out += closing == ">" ? "‹\(inside)›" : "(\(inside))"
                rest = rest[rest.index(after: inside.endIndex)...]
            } else {
                out.append(rest[open])
                rest = rest[rest.index(after: open)...]
            }
        }
        return out + rest
    }
}
