// SPDX-License-Identifier: MIT

/// The digest as one JSON document with stable keys, for programs.
package enum DigestJSON {
    /// Every template with its counts; the text of the digest under `digest`. Secrets are hidden as in the text.
    package static func render(_ engine: DigestEngine, _ templates: Templates, _ digest: Digest) -> String {
        let ledger = engine.ledger
        var redactor = Redactor(pseudonyms: digest.pseudonyms)
        var out = "{\"ledger\":{\"bytes\":\(ledger.bytes),\"lines\":\(ledger.lines),\"entries\":\(ledger.entries)"
        out +=
            ",\"countedLines\":\(ledger.countedLines),\"filteredLines\":\(ledger.filteredLines),\"rawLines\":\(ledger.raw)"
        out += ",\"shownLines\":\(digest.shownLines),\"forgottenEntries\":\(engine.miner.evictedEntries)"
        out += ",\"first\":\(stamp(ledger.firstTime)),\"last\":\(stamp(ledger.lastTime)),\"boots\":\(ledger.boots)"
        out += ",\"clockWentBack\":\(ledger.clockWentBack)},\"secretsHidden\":\(digest.secretsHidden)"
        out += ",\"tokens\":\(digest.tokens),\"digest\":\(quote(digest.text)),\"templates\":["
        var first = true
        for template in templates.all {
            var lines = 0
            var entries = 0
            var from = Int64.max
            var to = Int64.min
            for group in template.groups {
                let counter = engine.miner.counters[group]
                lines += counter.lines
                entries += counter.count
                from = min(from, counter.firstTime)
                to = max(to, counter.lastTime)
            }
            guard entries > 0 else { continue }
            if !first { out += "," }
            first = false
            let source = template.groups.first.flatMap { engine.miner.groups[$0]?.identifier } ?? []
            out += "{\"id\":\"\(template.id)\",\"entries\":\(entries),\"lines\":\(lines)"
            out += ",\"source\":\(quote(Printable.line(redactor.clean(source), limit: 120)))"
            if ledger.firstTime != nil { out += ",\"first\":\(stamp(from)),\"last\":\(stamp(to))" }
            out += ",\"template\":\(quote(Printable.line(redactor.clean(Array(template.text.utf8)), limit: 1000)))}"
        }
        return out + "]}\n"
    }

    private static func stamp(_ time: Int64?) -> String { time.map { "\"\(Stamp.full($0))\"" } ?? "null" }

    private static func quote(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\t": out += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}
