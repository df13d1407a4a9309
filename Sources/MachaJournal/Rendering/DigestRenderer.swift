// SPDX-License-Identifier: MIT

/// Writes a digest of what an engine has read, never longer than its budget.
///
/// Order: what was read; unusual lines word for word with their template's id, time and count; bursts; how much was left out.
package struct DigestRenderer {
    private let engine: DigestEngine
    private let templates: Templates
    private let options: DigestOptions
    private let ranked: [Ranked]
    private var redactor: Redactor
    private var body = ""
    private var shown: Set<Int> = []
    /// The output of a build or a test run, where lines belong to their neighbours.
    private let showsScenes: Bool

    package init(_ engine: DigestEngine, _ templates: Templates, _ options: DigestOptions) {
        self.engine = engine
        self.templates = templates
        self.options = options
        ranked = Ranker(engine.miner, templates, hints: options.hints).rank()
        showsScenes = SceneRanker.suits(engine)
        redactor = Redactor(pseudonyms: options.usesPseudonyms ? Pseudonyms(hosts: engine.ledger.hosts) : nil)
    }

    package mutating func render() -> Digest {
        let header = head()
        let bursts = timeline()
        // The account at the end is written last and must still fit: this is the longest it can be.
        let reserve =
            account(shownLines: engine.ledger.countedLines, shownGroups: ranked.count, leftGroups: ranked.count).utf8
            .count + 24
        var room = options.bytes - header.utf8.count - bursts.utf8.count - reserve
        if showsScenes { fillScenes(&room) } else { fill(&room) }
        let shownLines = shown.reduce(0) { $0 + engine.miner.counters[$1].lines }
        let text =
            header + body + bursts
            + account(shownLines: shownLines, shownGroups: shown.count, leftGroups: ranked.count - shown.count)
        return Digest(
            text: text, shownLines: shownLines, countedLines: engine.ledger.countedLines, shownGroups: shown.count,
            isBlank: body.isEmpty && engine.ledger.countedLines > 0, secretsHidden: redactor.hidden,
            pseudonyms: redactor.pseudonyms)
    }

    /// Lines of a build with what stands around them, in runs that keep the order of the log.
    private mutating func fillScenes(_ room: inout Int) {
        let lines = engine.transcript.lines
        let ranker = SceneRanker(miner: engine.miner, templates: templates)
        let (scores, groups) = ranker.scores(engine.transcript, engine.ledger)
        var picker = LinePicker(ranked, engine.miner)
        let isWhole = !engine.transcript.isThinned
        let others = picker.all().filter {
            !(isWhole && engine.miner.groups[$0.ranked.group]?.identifier.isEmpty ?? true)
        }
        var chosen: [ScenePicker.Piece] = []
        var texts: [Int: String] = [:]
        var said: Set<ArraySlice<UInt8>> = []
        var times: [Int: Int] = [:]
        var misses = 0
        for piece in ScenePicker(scores, lines, others).order where texts[piece.number] == nil {
            var text: String
            var template: Int?
            let group: Int?
            switch piece.content {
            case .line(let index):
                // The same words again say nothing new.
                guard !said.contains(engine.transcript.text(of: lines[index])) else { continue }
                group = groups[index]
                template = group.flatMap { templates.index(of: $0) } ?? -1
                text = sceneText(lines[index], engine.transcript.text(of: lines[index]), group)
            case .evidence(let candidate):
                group = candidate.ranked.group
                text = write(candidate)
            }
            let mark = template.map { Self.mark(times[$0, default: 0] + 1).utf8.count + 5 } ?? 0
            guard text.utf8.count + mark <= room else {
                misses += 1
                if misses > 40 { break }
                continue
            }
            room -= text.utf8.count + mark
            chosen.append(piece)
            texts[piece.number] = text
            if let template { times[template, default: 0] += 1 }
            if case .line(let index) = piece.content { said.insert(engine.transcript.text(of: lines[index])) }
            if let group { shown.insert(group) }
        }
        times = [:]
        for piece in ScenePicker.arranged(chosen) {
            if case .line(let index) = piece.content {
                let template = groups[index].flatMap { templates.index(of: $0) }
                times[template ?? -1, default: 0] += 1
                body += template.map { templates.all[$0].id } ?? Templates.forgotten
                body += Self.mark(times[template ?? -1, default: 1])
            }
            body += texts[piece.number] ?? ""
        }
    }

    /// What tells a further line of a statement from the first.
    private static func mark(_ count: Int) -> String { count > 1 ? ".\(count)" : "" }

    /// ` L17 ×3 the line itself`; the id comes before it once the order is known.
    private mutating func sceneText(_ line: Transcript.Line, _ text: ArraySlice<UInt8>, _ group: Int?) -> String {
        var out = line.time.map { " " + Stamp.clock($0) } ?? " L\(line.number)"
        if let group, !shown.contains(group), engine.miner.counters[group].count > 1, !line.continues {
            out += " ×\(engine.miner.counters[group].count)"
        }
        return out + " " + Printable.line(redactor.clean(Array(text)), limit: options.lineLimit) + "\n"
    }

    private mutating func fill(_ room: inout Int) {
        var picker = LinePicker(ranked, engine.miner)
        var misses = 0
        while let next = picker.next() {
            let line = write(next)
            guard line.utf8.count <= room else {
                // A shorter line further down may still fit; after a few there is nothing worth it.
                misses += 1
                if misses > 12 { return }
                continue
            }
            room -= line.utf8.count
            body += line
            shown.insert(next.ranked.group)
        }
    }

    /// `id time ×count source: the line itself {values}`
    private mutating func write(_ candidate: Candidate) -> String {
        guard let group = engine.miner.groups[candidate.ranked.group] else { return "" }
        let evidence = group.evidence[candidate.evidence]
        let counter = engine.miner.counters[candidate.ranked.group]
        var line = templates.all[candidate.ranked.template].id
        if candidate.evidence > 0 { line += ".\(candidate.evidence + 1)" }
        line += evidence.time.map { " " + Stamp.clock($0) } ?? " L\(evidence.line)"
        if counter.count > 1, candidate.evidence == 0 {
            line += " ×\(counter.count)"
            if counter.lastTime - counter.firstTime >= 60_000_000, evidence.time != nil, counter.count > 2 {
                line += "–\(Stamp.clock(counter.lastTime).prefix(5))"
            }
        }
        let source = Printable.line(redactor.clean(group.identifier), limit: 48)
        if !source.isEmpty { line += " " + source + ":" }
        line += " " + Printable.line(redactor.clean(evidence.text), limit: options.lineLimit)
        if candidate.evidence == 0, counter.count > 3, options.tokens >= 4000 {
            line += ValueText.describe(group, &redactor, limit: options.tokens >= 16_000 ? 160 : 70)
        }
        return line + "\n"
    }

    private func head() -> String {
        let ledger = engine.ledger
        var text = "# \(ledger.countedLines) lines"
        if ledger.hosts.count == 1, let host = ledger.hosts.first, !options.usesPseudonyms {
            text += " of \(Printable.line(host.utf8, limit: 64))"
        } else if ledger.hosts.count > 1 {
            text += " of \(ledger.hosts.count) hosts"
        }
        if let first = ledger.firstTime, let last = ledger.lastTime {
            text += ", \(Stamp.full(first)) – \(Stamp.full(last)) UTC"
        }
        text += ", \(Set(ranked.map(\.template)).count) statements"
        if ledger.boots > 1 { text += ", \(ledger.boots) boots" }
        if ledger.clockWentBack > 0 { text += ", clock went back \(ledger.clockWentBack)×" }
        if ledger.raw > 0 { text += ", \(ledger.raw) lines not parsed and kept as text" }
        if ledger.filteredLines > 0 { text += ", \(ledger.filteredLines) lines filtered out" }
        return text + "\n# most unusual first: id time ×count–last source: line\n"
    }

    /// The busiest stretches of time, in a few lines.
    private func timeline() -> String {
        guard options.tokens >= 2000 else { return "" }
        let limit = options.bytes / 40
        var text = ""
        var seen: [Int: [String]] = [:]
        for one in ranked {
            if let bin = one.burst {
                seen[bin, default: []].append(
                    "\(templates.all[one.template].id) ×\(engine.miner.counters[one.group].count)")
            }
        }
        for bin in seen.keys.sorted(by: { (seen[$1]?.count ?? 0, $0) < (seen[$0]?.count ?? 0, $1) }) {
            guard let start = engine.miner.rates.start(of: bin), engine.ledger.firstTime != nil, let names = seen[bin]
            else { continue }
            let line =
                "\(Stamp.clock(start).prefix(5)) \(names.prefix(6).joined(separator: ", "))\(names.count > 6 ? " and \(names.count - 6) more" : "")\n"
            guard text.utf8.count + line.utf8.count < limit else { break }
            text += line
        }
        return text.isEmpty ? "" : "# bursts, in stretches of \(engine.miner.rates.width / 60_000_000) min\n" + text
    }

    private func account(shownLines: Int, shownGroups: Int, leftGroups: Int) -> String {
        let counted = engine.ledger.countedLines
        var text =
            "# shown: \(shownGroups) groups standing for \(shownLines) lines; counted only: \(leftGroups) groups, \(counted - shownLines) lines"
        if engine.miner.evictedEntries > 0 {
            text += " (\(engine.miner.evictedEntries) of them in \(engine.miner.evictedGroups) groups let go)"
        }
        return text + ". List one: macha digest --expand ID\n"
    }
}
