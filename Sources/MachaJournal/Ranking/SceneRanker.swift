// SPDX-License-Identifier: MIT

/// Scores the lines of a transcript, in bits: each by itself, and by the failures it stands next to.
///
/// A compiler's caret line, the middle of a report, the block behind the name of a failed test say nothing by themselves. They
/// are worth what the line they belong to is worth, less the distance; blank lines and lines that passed part them.
struct SceneRanker {
    /// What the distance costs: a line further down, one that is indented below it, a line further up, a blank line.
    private static let down = 0.25
    private static let indented = 0.08
    private static let up = 0.5
    private static let blank = 0.5
    private static let passed = 1.5
    /// What neighbours are worth less than the line itself.
    private static let step = 0.3
    /// The end of a run tells how it ended.
    private static let late = 2.5
    private static let end = 5.0
    private static let endSpan = 40.0
    private static let rare = 0.6
    /// Where every line is new, being new says little.
    private static let rareAmongUnique = 0.25
    /// A stream that goes on for longer is a service's.
    private static let longestRun: Int64 = 6 * 3_600_000_000
    /// A service's log: fewer lines than this are indented or blank, and fewer than this are the first two of their kind.
    private static let looseShare = 0.005
    private static let newShare = 0.4

    let miner: TemplateMiner
    let templates: Templates

    /// Whether a stream is the output of a build or a test run: most of its lines have no source, it is no list of requests, and
    /// it does not go on for longer than a run does. A few odd times do not count.
    static func suits(_ engine: DigestEngine) -> Bool {
        guard engine.transcript.seen * 2 > engine.ledger.countedLines else { return false }
        let miner = engine.miner
        let requests = miner.standing.reduce(0) { sum, index in
            miner.counters[index].answers ? sum + miner.counters[index].lines : sum
        }
        guard requests * 2 < engine.ledger.countedLines, !isServiceLog(engine) else { return false }
        let times = engine.transcript.lines.compactMap(\.time).sorted()
        guard times.count * 2 > engine.transcript.lines.count else { return true }
        return times[times.count * 9 / 10] - times[times.count / 10] <= longestRun
    }

    /// Whether the lines are a service's that says the same things again and again: flat, each an entry by itself.
    ///
    /// Builds and tests indent what belongs together and leave blank lines; of 219 public logs of theirs the flattest that
    /// repeats itself has 1.2 % of such lines, of sixteen service logs (loghub) none has any.
    private static func isServiceLog(_ engine: DigestEngine) -> Bool {
        var own = 0
        var loose = 0
        for line in engine.transcript.lines where !line.continues {
            own += 1
            if line.indent > 0 || line.length == 0 { loose += 1 }
        }
        guard Double(loose) < looseShare * Double(own) else { return false }
        let miner = engine.miner
        let new = miner.standing.reduce(0) { $0 + min(2, miner.counters[$1].lines) }
        return Double(new) < newShare * Double(engine.ledger.countedLines)
    }

    /// One score for each line; those without text are worth nothing.
    func scores(_ transcript: borrowing Transcript, _ ledger: Ledger) -> (scores: [Double], groups: [Int?]) {
        let lines = transcript.lines
        let groups = groups(transcript)
        let total = Double(max(2, ledger.entries))
        let unique = Double(lines.count { $0.ordinal <= 2 && !$0.continues }) / Double(max(1, lines.count))
        let rareWeight = Self.rare * (1 - unique) + Self.rareAmongUnique * unique
        let hasMemory = miner.standing.contains { miner.counters[$0].isKnown }
        var scores = [Double](repeating: -.infinity, count: lines.count)
        let last = Double(max(1, lines.last?.number ?? 1))
        for index in lines.indices where lines[index].length > 0 {
            let line = lines[index]
            let counter = groups[index].map { miner.counters[$0] }
            var bits = QuickMath.log2(total / Double(max(1, counter?.count ?? Int(line.ordinal)))) * rareWeight
            bits += Double(line.strength)
            if hasMemory, let counter { bits += counter.isKnown ? -5 : 3 }
            bits += Self.late * Double(line.number) / last
            bits += Self.end * max(0, 1 - Double(lines.count - 1 - index) / Self.endSpan)
            // One after another of the same kind says less and less.
            bits -= min(4, Double(max(0, Int(line.ordinal) - 6)) * 0.1)
            scores[index] = bits
        }
        spread(&scores, lines)
        return (scores, groups)
    }

    /// The group of each line, looked up again: numbers of groups do not last. A continuing line is its entry's.
    private func groups(_ transcript: borrowing Transcript) -> [Int?] {
        var groups: [Int?] = []
        for line in transcript.lines {
            if line.continues {
                groups.append(groups.last ?? nil)
            } else {
                groups.append(miner.find(transcript.text(of: line)))
            }
        }
        return groups
    }

    private func spread(_ scores: inout [Double], _ lines: [Transcript.Line]) {
        let base = scores
        for index in lines.indices
        where lines[index].strength >= Transcript.trouble && lines[index].ordinal <= Transcript.scenes {
            var decay = Self.step
            for near in (index + 1)..<max(index + 1, min(lines.count, index + 1 + Transcript.after)) {
                decay += cost(lines[near], lines[near].indent > lines[index].indent ? Self.indented : Self.down)
                if lines[near].length > 0 { scores[near] = max(scores[near], base[index] - decay) }
            }
            decay = Self.step
            for near in stride(from: index - 1, through: max(0, index - Transcript.before), by: -1) {
                decay += cost(lines[near], Self.up)
                if lines[near].length > 0 { scores[near] = max(scores[near], base[index] - decay) }
            }
        }
    }

    private func cost(_ line: Transcript.Line, _ distance: Double) -> Double {
        if line.length == 0 { return Self.blank }
        return line.strength < -1 ? distance + Self.passed : distance
    }
}
