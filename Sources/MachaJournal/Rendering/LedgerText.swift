// SPDX-License-Identifier: MIT

/// The account of a run for a person: what was read, and that the sums match.
package enum LedgerText {
    package static func render(_ engine: DigestEngine, _ templates: Templates, seconds: Double?) -> String {
        let ledger = engine.ledger
        var text = "format      \(engine.format?.rawValue ?? "empty")\n"
        text += "bytes       \(ledger.bytes)\nlines       \(ledger.lines)\nentries     \(ledger.entries)\n"
        text += "counted     \(ledger.countedLines) lines in \(templates.all.count) statements\n"
        text += "filtered    \(ledger.filteredLines) lines\nnot parsed  \(ledger.raw) lines, kept as text\n"
        text += "let go      \(engine.miner.evictedEntries) entries in \(engine.miner.evictedGroups) groups\n"
        text += "sums match  \(sums(engine, templates) ? "yes" : "NO")\n"
        if let seconds, seconds > 0 {
            text +=
                "speed       \(Int(Double(ledger.lines) / seconds)) lines/s, \(Int(Double(ledger.bytes) / seconds / 1e6)) MB/s\n"
        }
        return text
    }

    /// Whether every line read is filed under a template, let go of by number, or filtered out.
    package static func sums(_ engine: DigestEngine, _ templates: Templates) -> Bool {
        let filed = templates.all.reduce(0) { sum, template in
            template.groups.reduce(sum) { $0 + engine.miner.counters[$1].lines }
        }
        return filed + engine.miner.evictedLines == engine.ledger.countedLines
            && engine.ledger.countedLines + engine.ledger.filteredLines == engine.ledger.lines
    }
}
