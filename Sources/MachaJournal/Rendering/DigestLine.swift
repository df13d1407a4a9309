// SPDX-License-Identifier: MIT

/// One line of a digest. Secrets are hidden in it, and nothing in it steers a terminal.
package enum DigestLine: Hashable, Sendable {
    /// About the digest: what was read, what follows, how much is shown.
    case remark(String)
    /// A line of the log.
    case evidence(DigestEvidence)
    /// A stretch of time in which much happened.
    case burst(DigestBurst)

    /// What a reader names the line by: `qkpwr`, or `qkpwr.2` for a further line of that statement. Only lines of the log
    /// have one.
    package var id: String? {
        if case .evidence(let evidence) = self { evidence.id } else { nil }
    }

    /// What it says, without its id.
    package var text: String {
        switch self {
        case .remark(let text): text
        case .evidence(let evidence): evidence.text
        case .burst(let burst): burst.text
        }
    }

    /// Appends the line as it stands in the digest's text.
    func write(to out: inout String) {
        switch self {
        case .remark(let text): out += "# " + text
        case .evidence(let evidence):
            out += evidence.id
            out += " "
            evidence.write(to: &out)
        case .burst(let burst): out += burst.text
        }
        out += "\n"
    }

    /// What it takes of the budget.
    var bytes: Int {
        var line = ""
        write(to: &line)
        return line.utf8.count
    }
}

/// A line of the log, word for word, and what it stands for.
package struct DigestEvidence: Hashable, Sendable {
    /// The id of its statement.
    package var statement: String
    /// Which shown line of the statement it is, from 1.
    package var episode: Int
    /// Microseconds since 1970; `nil` where the log has no times.
    package var time: Int64?
    /// The line of the input, from 1.
    package var number: Int
    /// Entries it stands for; 1 for a further line of its statement.
    package var count: Int
    /// When the last of them was logged, if that is more than a minute after the first.
    package var lastTime: Int64?
    /// The identifier or unit that logged it; empty where the log names none.
    package var source: String
    package var message: String
    /// What the statement's variables held, ` {3…97 %}`; mostly empty.
    package var values: String

    package var id: String { episode > 1 ? "\(statement).\(episode)" : statement }

    /// `time ×count–last source: the line itself {values}`
    package var text: String {
        var text = ""
        write(to: &text)
        return text
    }

    func write(to out: inout String) {
        out += time.map { Stamp.clock($0) } ?? "L\(number)"
        if count > 1 { out += " ×\(count)" }
        if let lastTime { out += "–\(Stamp.clock(lastTime).prefix(5))" }
        if !source.isEmpty {
            out += " "
            out += source
            out += ":"
        }
        out += " "
        out += message
        out += values
    }
}

/// A stretch of time in which much happened.
package struct DigestBurst: Hashable, Sendable {
    /// How many statements are named; of further ones only the number is told.
    private static let named = 6

    package struct Statement: Hashable, Sendable {
        package var id: String
        /// Its entries in the whole journal.
        package var count: Int
    }

    /// Microseconds since 1970.
    package var start: Int64
    package var statements: [Statement]

    /// `14:20 qkpwr ×12, dfhch ×3 and 4 more`
    package var text: String {
        let names = statements.prefix(Self.named).map { "\($0.id) ×\($0.count)" }.joined(separator: ", ")
        let more = statements.count - Self.named
        return "\(Stamp.clock(start).prefix(5)) \(names)" + (more > 0 ? " and \(more) more" : "")
    }
}
