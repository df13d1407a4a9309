// SPDX-License-Identifier: MIT

/// A probe whose fragment begins with ``JournalAccess/script`` and so learns whether it sees the whole journal.
package protocol ProbeOfTheJournal: Probe {}

extension ProbeOfTheJournal {
    package static var rights: ProbeRights { .journal }
    package static var shares: SharedQuestion? { .journalAccess }

    package static func read(_ section: ProbeSection) -> Reading<Value> {
        if let refusal = JournalAccess.refusal(in: section) { return .unknown(because: refusal) }
        return judged(section)
    }
}

/// Whether the account may read the whole journal. With the output formats that programs read, journalctl does not say
/// that it may not: it answers with nothing and status 0, as if all were well.
enum JournalAccess {
    /// Prints what journalctl says of rights, and nothing else.
    static let script = SharedQuestion.journalAccess.call

    private static let refusals = ["insufficient permissions", "You are currently not seeing messages"]

    /// The refusal that `section` starts with or ended by, if there is one.
    static func refusal(in section: ProbeSection) -> ProbeFailure? {
        for line in section.body.utf8.split(separator: 0x0a, maxSplits: 12).prefix(12).map({ Substring($0) }) {
            if refusals.contains(where: { ProbeText.range(of: $0, in: line) != nil }) {
                return ProbeFailure(.permission, String(line.prefix(400)))
            }
            if line.hasPrefix("No journal files") { return ProbeFailure(.failed, String(line.prefix(400))) }
            // What follows is the answer, and may hold anybody's text.
            if line.utf8.contains(0x3d) || line.hasPrefix("[") || line.hasPrefix("{") { return nil }
        }
        return nil
    }
}
