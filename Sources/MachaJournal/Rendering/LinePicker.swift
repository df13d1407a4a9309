// SPDX-License-Identifier: MIT

/// One line of evidence that may be shown.
struct Candidate {
    let ranked: Ranked
    /// Which of the group's evidence lines.
    let evidence: Int
    /// Input line, counted from 1.
    let line: Int
    var bits: Double
    let time: Int64?
}

/// Chooses lines: the most surprising first, but not five about one event while another waits.
struct LinePicker {
    /// What lines within seconds of a shown one lose: they most likely tell of the same event.
    static let sameEvent = 3.5
    /// What a further episode of a shown group loses.
    static let sameGroup = 1.5
    /// Within one episode the first line speaks for the others: they are shown when nothing else is left to say.
    static let sameEpisode = 100.0
    static let window: Int64 = 4_000_000

    private var waiting: [Candidate] = []
    private var shownTimes: [Int64] = []

    init(_ ranked: [Ranked], _ miner: TemplateMiner) {
        for one in ranked {
            guard let group = miner.groups[one.group] else { continue }
            var last: Int64?
            var order = 0
            for (position, line) in group.evidence.enumerated() {
                var bits = one.bits
                if position > 0 {
                    if let time = line.time, let before = last, abs(time - before) > TemplateMiner.episodeGap {
                        order += 1
                        bits -= Self.sameGroup + Double(order) * 0.1
                    } else {
                        bits -= Self.sameEpisode
                    }
                }
                last = line.time ?? last
                if line.text.allSatisfy({ $0 <= 0x20 }) { continue }  // counted, but there is nothing to show
                waiting.append(Candidate(ranked: one, evidence: position, line: line.line, bits: bits, time: line.time))
            }
        }
        waiting.sort { Self.before($1, $0) }
    }

    private static func before(_ left: Candidate, _ right: Candidate) -> Bool {
        (right.bits, left.line) < (left.bits, right.line)
    }

    /// The next line to show; a line about an event that is already told steps back once.
    mutating func next() -> Candidate? {
        while let best = waiting.popLast() {
            guard let time = best.time else { return best }
            guard isTold(time) else {
                shownTimes.insert(time, at: place(time))
                return best
            }
            stepBack(best)
        }
        return nil
    }

    /// Puts a line back at its lower rank, without a time, so that it does not step back again.
    private mutating func stepBack(_ candidate: Candidate) {
        let lower = Candidate(
            ranked: candidate.ranked, evidence: candidate.evidence, line: candidate.line,
            bits: candidate.bits - Self.sameEvent, time: nil)
        var low = 0
        var high = waiting.count
        while low < high {
            let middle = (low + high) / 2
            if Self.before(lower, waiting[middle]) { low = middle + 1 } else { high = middle }
        }
        waiting.insert(lower, at: low)
    }

    /// All lines in the order in which they would be shown.
    mutating func all() -> [Candidate] {
        var all: [Candidate] = []
        while let next = next() { all.append(next) }
        return all
    }

    private func isTold(_ time: Int64) -> Bool {
        let at = place(time)
        if at < shownTimes.count, shownTimes[at] - time <= Self.window { return true }
        return at > 0 && time - shownTimes[at - 1] <= Self.window
    }

    private func place(_ time: Int64) -> Int {
        var low = 0
        var high = shownTimes.count
        while low < high {
            let middle = (low + high) / 2
            if shownTimes[middle] < time { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
