// SPDX-License-Identifier: MIT

/// Words that make a line more or less telling. The last of all signs: a line without any of them can still come first.
enum Cues {
    /// In bits, as surprise is counted: a cue of 3 makes a line as telling as one eight times as rare.
    private static let weights: [(stem: String, bits: Double)] = [
        ("corrupt", 4), ("malformed", 3), ("panic", 3), ("fatal", 3), ("segfault", 4), ("dumped core", 3),
        ("general protection", 4),
        ("invalid opcode", 4), ("out of memory", 4), ("oom", 3), ("killed", 3), ("no space", 4), ("quota exceeded", 3),
        ("disk is full", 4),
        ("read-only", 3), ("i/o error", 4), ("io error", 4), ("medium error", 4), ("degraded", 3), ("faulted", 4),
        ("unavail", 2),
        ("removed", 0.5), ("unreadable", 3), ("uncorrect", 3), ("failing", 3), ("failure", 2.5), ("failed", 2.5),
        ("fail", 1),
        ("error", 2), ("exception", 1.5), ("unable", 2), ("could not", 1.5), ("cannot", 1), ("can't", 1),
        ("denied", 1.5),
        ("refused", 1.5), ("rejected", 1), ("timed out", 2), ("timeout", 1), ("time limit", 2), ("unreachable", 2.5),
        ("prematurely", 2),
        ("too quickly", 4), ("repeatedly", 2), ("already locked", 3), ("stale", 0.5), ("expired", 1.5), ("exceed", 1),
        ("reset", 1.5), ("stepped", 3),
        ("jump", 1.5), ("wrong by", 2.5), ("clock", 1), ("lost", 1), ("broken", 2), ("missing", 1), ("not found", 1),
        ("mismatch", 1.5),
        ("aborted", 1), ("aborting", 2), ("damaged", 3), ("bad ", 1), ("attack", 1.5), ("accepted password", 3),
        ("accepted keyboard", 3),
        ("unauthorized", 1.5), ("back up", 2), ("exhausted", 3), ("maximum number", 1.5), ("name resolution", 2.5),
        ("not known", 1.5),
        ("overheat", 3), ("temperature above", 3), ("throttl", 1), ("split brain", 4), ("deadlock", 3), ("leak", 1),
        ("hung", 3),
        ("blocked for more", 4), ("call trace", 3), ("watchdog", 2), ("unstable", 2), ("stopped", 0.5), ("stop", 0.3),
        ("unmarked", 0.5), ("unusable", 2),
        ("disagree", 2), ("not responding", 3), ("down", 0.5), ("restart", 0.5), ("invalid", 1), ("disabled", 0.5),
        ("revoked", 2), ("backdoor", 4),
        ("root", 0.3), ("sudo", 0.3), ("new user", 2), ("promiscuous", 3),
        // Text that speaks to its reader instead of telling what happened.
        ("ignore all", 4), ("ignore previous", 4), ("disregard", 4), ("instructions", 4), ("you are now", 4),
        ("assistant:", 4), ("language model", 4),
        ("</log", 4), ("untrusted", 3), ("maintenance mode", 2), ("report this", 3), ("note to the", 3),
        ("analysis is", 2), ("system:", 2),
        // What a program that copes says.
        ("will retry", -2.5), ("ignored", -2.5), ("falling back", -2.5), ("retrying", -1), ("skipped", -1.5),
        ("success", -1), ("using ", -0.5),
        ("[debug]", -2), ("level=debug", -2), ("[info]", -0.5), ("level=info", -1), (" info ", -0.5),
        ("already ", -0.3),
    ]

    private static let stems = PhraseTable(weights.map { Array($0.stem.utf8) })

    /// What a text's words are worth, from -4 to 7 bits: the strongest cue counts whole, others a third.
    static func weigh(_ text: [UInt8]) -> Double {
        let lower = text.prefix(400).map { $0 >= 0x41 && $0 <= 0x5a ? $0 | 0x20 : $0 }
        let found = lower.withUnsafeBufferPointer { stems.found(in: $0) }
        guard !found.isEmpty else { return 0 }
        var best = 0.0
        var more = 0.0
        var less = 0.0
        for (index, weight) in weights.enumerated() where found.contains(index) {
            if weight.bits < 0 {
                less += weight.bits
            } else if weight.bits > best {
                more += best
                best = weight.bits
            } else {
                more += weight.bits
            }
        }
        return max(-4, min(7, best + more / 3 + less))
    }
}
