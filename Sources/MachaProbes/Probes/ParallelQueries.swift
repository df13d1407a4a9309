// SPDX-License-Identifier: MIT

/// Several questions asked at once, each with a name and an exit status for an answer: how such a script ends, and how its
/// answer is read.
enum ParallelQueries {
    /// Waits for what runs in the background and prints a line for each. `$asked` holds `NAME/PID` words.
    static let script = #"""
        for one in $asked; do
            wait "${one#*/}"
            printf '%s %s\n' "${one%/*}" "$?"
        done
        echo end
        """#

    /// One answer: what was asked about, and how the program that asked ended.
    struct Answer {
        var name: String
        var status: Int
    }

    /// The answers in order, at least one. `noun` is what a name stands for: `target`.
    static func answers(_ noun: String, in body: String) throws(ProbeFailure) -> [Answer] {
        let lines = ProbeText.lines(body)
        guard lines.count >= 2, lines.last == "end" else { throw ProbeText.unparsable("\(noun)s", body) }
        var answers: [Answer] = []
        for line in lines.dropLast() {
            let words = line.split(separator: " ", omittingEmptySubsequences: false)
            guard words.count == 2, !words[0].isEmpty, let status = Int(words[1]) else {
                throw ProbeText.unparsable("a \(noun) and a status", line)
            }
            answers.append(Answer(name: String(words[0]), status: status))
        }
        return answers
    }
}
