// SPDX-License-Identifier: MIT

/// Makes a digest of what an engine has read; its text is never longer than its budget.
///
/// Order: what was read; unusual lines word for word with their template's id, time and count; bursts; how much was left out.
package struct DigestRenderer {
    private let engine: DigestEngine
    private let templates: Templates
    private let options: DigestOptions
    private let ranked: [Ranked]
    private var redactor: Redactor
    private var body: [DigestEvidence] = []
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
        let longest = account(
            shownLines: engine.ledger.countedLines, shownGroups: ranked.count, leftGroups: ranked.count)
        let frame = Self.bytes(header + bursts)
        let free = options.bytes - frame - longest.bytes - 24
        var room = free
        if showsScenes { fillScenes(&room) } else { fill(&room) }
        let shownLines = shown.reduce(0) { $0 + engine.miner.counters[$1].lines }
        let end = account(
            shownLines: shownLines, shownGroups: shown.count, leftGroups: ranked.count - shown.count)
        return Digest(
            lines: header + body.map { .evidence($0) } + bursts + [end], bytes: frame + free - room + end.bytes,
            shownLines: shownLines, countedLines: engine.ledger.countedLines, shownGroups: shown.count,
            secretsHidden: redactor.hidden, pseudonyms: redactor.pseudonyms)
    }

    private static func bytes(_ lines: [DigestLine]) -> Int { lines.reduce(0) { $0 + $1.bytes } }

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
        var written: [Int: DigestEvidence] = [:]
        var said: Set<ArraySlice<UInt8>> = []
        var times: [String: Int] = [:]
        var misses = 0
        for piece in ScenePicker(scores, lines, others).order where written[piece.number] == nil {
            var evidence: DigestEvidence
            let group: Int?
            switch piece.content {
            case .line(let index):
                // The same words again say nothing new.
                guard !said.contains(engine.transcript.text(of: lines[index])) else { continue }
                group = groups[index]
                evidence = sceneLine(lines[index], engine.transcript.text(of: lines[index]), group)
                // The order of the log gives them out again at the end: the same numbers, so no more room.
                evidence.episode = times[evidence.statement, default: 0] + 1
            case .evidence(let candidate):
                group = candidate.ranked.group
                guard let line = write(candidate) else { continue }
                evidence = line
            }
            let bytes = DigestLine.evidence(evidence).bytes
            guard bytes <= room else {
                misses += 1
                if misses > 40 { break }
                continue
            }
            room -= bytes
            chosen.append(piece)
            written[piece.number] = evidence
            if case .line(let index) = piece.content {
                times[evidence.statement] = evidence.episode
                said.insert(engine.transcript.text(of: lines[index]))
            }
            if let group { shown.insert(group) }
        }
        times = [:]
        for piece in ScenePicker.arranged(chosen) {
            guard var evidence = written[piece.number] else { continue }
            if case .line = piece.content {
                times[evidence.statement, default: 0] += 1
                evidence.episode = times[evidence.statement, default: 1]
            }
            body.append(evidence)
        }
    }

    /// A line of the transcript, as the first of its statement.
    private mutating func sceneLine(
        _ line: Transcript.Line, _ text: ArraySlice<UInt8>, _ group: Int?
    ) -> DigestEvidence {
        var count = 1
        if let group, !shown.contains(group), !line.continues { count = engine.miner.counters[group].count }
        return DigestEvidence(
            statement: group.flatMap { templates.index(of: $0) }.map { templates.all[$0].id } ?? Templates.forgotten,
            episode: 1, time: line.time, number: line.number, count: count, lastTime: nil, source: "",
            message: Printable.line(redactor.clean(Array(text)), limit: options.lineLimit), values: "")
    }

    private mutating func fill(_ room: inout Int) {
        var picker = LinePicker(ranked, engine.miner)
        var misses = 0
        while let next = picker.next() {
            guard let evidence = write(next) else { continue }
            let bytes = DigestLine.evidence(evidence).bytes
            guard bytes <= room else {
                // A shorter line further down may still fit; after a few there is nothing worth it.
                misses += 1
                if misses > 12 { return }
                continue
            }
            room -= bytes
            body.append(evidence)
            shown.insert(next.ranked.group)
        }
    }

    private mutating func write(_ candidate: Candidate) -> DigestEvidence? {
        guard let group = engine.miner.groups[candidate.ranked.group] else { return nil }
        let line = group.evidence[candidate.evidence]
        let counter = engine.miner.counters[candidate.ranked.group]
        let isFirst = candidate.evidence == 0
        var evidence = DigestEvidence(
            statement: templates.all[candidate.ranked.template].id, episode: candidate.evidence + 1,
            time: line.time, number: line.line, count: isFirst ? counter.count : 1, lastTime: nil,
            source: Printable.line(redactor.clean(group.identifier), limit: 48),
            message: Printable.line(redactor.clean(line.text), limit: options.lineLimit), values: "")
        if isFirst, counter.count > 2, line.time != nil, counter.lastTime - counter.firstTime >= 60_000_000 {
            evidence.lastTime = counter.lastTime
        }
        if isFirst, counter.count > 3, options.tokens >= 4000 {
            evidence.values = ValueText.describe(group, &redactor, limit: options.tokens >= 16_000 ? 160 : 70)
        }
        return evidence
    }

    private func head() -> [DigestLine] {
        let ledger = engine.ledger
        var text = "\(ledger.countedLines) lines"
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
        return [.remark(text), .remark("most unusual first: id time ×count–last source: line")]
    }

    /// The busiest stretches of time, in a few lines.
    private func timeline() -> [DigestLine] {
        guard options.tokens >= 2000, engine.ledger.firstTime != nil else { return [] }
        var room = options.bytes / 40
        var lines: [DigestLine] = []
        var seen: [Int: [DigestBurst.Statement]] = [:]
        for one in ranked {
            if let bin = one.burst {
                seen[bin, default: []].append(
                    .init(id: templates.all[one.template].id, count: engine.miner.counters[one.group].count))
            }
        }
        for bin in seen.keys.sorted(by: { (seen[$1]?.count ?? 0, $0) < (seen[$0]?.count ?? 0, $1) }) {
            guard let start = engine.miner.rates.start(of: bin), let statements = seen[bin] else { continue }
            let line = DigestLine.burst(DigestBurst(start: start, statements: statements))
            guard line.bytes < room else { break }
            room -= line.bytes
            lines.append(line)
        }
        let width = engine.miner.rates.width / 60_000_000
        return lines.isEmpty ? [] : [.remark("bursts, in stretches of \(width) min")] + lines
    }

    private func account(shownLines: Int, shownGroups: Int, leftGroups: Int) -> DigestLine {
        let counted = engine.ledger.countedLines
        var text =
            "shown: \(shownGroups) groups standing for \(shownLines) lines; counted only: \(leftGroups) groups, \(counted - shownLines) lines"
        if engine.miner.evictedEntries > 0 {
            text += " (\(engine.miner.evictedEntries) of them in \(engine.miner.evictedGroups) groups let go)"
        }
        return .remark(text + ". List one: macha digest --expand ID")
    }
}
