// SPDX-License-Identifier: MIT

/// What is known about a host from elsewhere and makes lines of these units more telling.
package struct Hints: Sendable {
    /// Units that failed, restart or are named by a finding.
    package var troubledUnits: Set<String> = []

    package init(troubledUnits: Set<String> = []) { self.troubledUnits = troubledUnits }
}

/// A group of lines with the surprise it is worth, in bits, and what that is made of.
package struct Ranked: Sendable {
    package let group: Int
    package let template: Int
    package var bits: Double
    /// New to this host, when it has a memory.
    package var isNew: Bool
    /// When most of it came within a small part of the time, where that was.
    package var burst: Int?
}

/// Orders groups by how unusual they are: rarity, novelty, burst, priority, company, and words last.
package struct Ranker {
    private let miner: TemplateMiner
    private let templates: Templates
    private let hints: Hints
    private let total: Double
    private let hasMemory: Bool
    private let activeBins: Int
    private let entriesOf: [[UInt8]: Int]
    private let knownSources: Set<[UInt8]>
    private let knownTemplates: Set<Int>
    private let entriesOfTemplate: [Int]
    /// How many groups of a source came up once or twice.
    private let rareOf: [[UInt8]: Int]
    private static let habit = 0.4
    /// What an answer of the class 5xx is worth: a server that fails says so in a number.
    static let failedBits = 5.0

    package init(_ miner: TemplateMiner, _ templates: Templates, hints: Hints = Hints()) {
        self.miner = miner
        self.templates = templates
        self.hints = hints
        var total = 0
        var sources: [[UInt8]: Int] = [:]
        var known: Set<[UInt8]> = []
        var knownTemplates: Set<Int> = []
        var active = [Bool](repeating: false, count: Rates.bins)
        var rare: [[UInt8]: Int] = [:]
        var ofTemplate = [Int](repeating: 0, count: templates.all.count)
        for index in miner.standing {
            guard let group = miner.groups[index] else { continue }
            if let template = templates.index(of: index) { ofTemplate[template] += miner.counters[index].count }
            total += miner.counters[index].count
            if (1...2).contains(miner.counters[index].count) { rare[group.identifier, default: 0] += 1 }
            sources[group.identifier, default: 0] += miner.counters[index].count
            for (bin, count) in miner.rates.row(index).enumerated() where count > 0 { active[bin] = true }
            if miner.counters[index].isKnown {
                known.insert(group.identifier)
                if let template = templates.index(of: index) { knownTemplates.insert(template) }
            }
        }
        self.total = Double(max(2, total))
        hasMemory = !known.isEmpty
        entriesOf = sources
        knownSources = known
        self.knownTemplates = knownTemplates
        entriesOfTemplate = ofTemplate
        rareOf = rare
        activeBins = max(1, active.count { $0 })
    }

    /// All groups that came up, most unusual first, and the earlier one of two that are equally unusual.
    package func rank() -> [Ranked] {
        var ranked = miner.standing.compactMap { judge($0) }
        weighCompany(&ranked)
        weighFailures(&ranked)
        return ranked.sorted { $0.bits == $1.bits ? miner.isEarlier($0.group, $1.group) : $0.bits > $1.bits }
    }

    private func judge(_ index: Int) -> Ranked? {
        let counter = miner.counters[index]
        guard counter.count > 0, let group = miner.groups[index], let template = templates.index(of: index) else {
            return nil
        }
        let row = miner.rates.row(index)
        let bins = row.count { $0 > 0 }
        let peak = row.max() ?? 0
        // A burst is one event, however many lines it has: what counts is in how many stretches of time it came up.
        let spread = min(Double(counter.count), Double(max(bins, Int(counter.episodes))))
        var bits = QuickMath.log2(total / spread) * 0.6
        // One more value of a common statement is no rare statement.
        let common = Double(entriesOfTemplate[template])
        let failed = Self.failedStatus(group)
        if !failed { bits -= QuickMath.log2(common / Double(counter.count)) * 0.5 }
        let isNew = hasMemory && !counter.isKnown
        if hasMemory {
            if counter.isKnown {
                bits -= 7
                bits += changeOfRate(counter, group)
            } else {
                bits += knownTemplates.contains(template) ? 1.5 : 6
                if !knownSources.contains(group.identifier) { bits += 2 }
            }
        }
        // A source that says something new all the time surprises nobody with one more (after Good and Turing).
        bits -= QuickMath.log2(Double(max(1, rareOf[group.identifier] ?? 1))) * Self.habit
        bits += Self.priorityBits(counter.priority)
        bits += Cues.weigh(group.sample) * 1.3
        if failed { bits += Self.failedBits }
        // A source that seldom says anything.
        let said = Double(entriesOf[group.identifier] ?? 1)
        bits += max(0, QuickMath.log2(total / said) - 8) * 0.25
        // Comes seldom, and then many times at once.
        if activeBins >= 16, bins * 8 <= activeBins, counter.count >= bins * 3 {
            bits += min(3, QuickMath.log2(Double(counter.count) / Double(bins)) * 0.8)
        }
        if hints.troubledUnits.contains(String(decoding: group.unit, as: UTF8.self)) { bits += 4 }
        let isBurst = counter.count >= 8 && Double(peak) > Double(counter.count) * 0.5 && activeBins >= 8
        return Ranked(
            group: index, template: template, bits: bits, isNew: isNew, burst: isBurst ? row.firstIndex(of: peak) : nil)
    }

    /// How far a known statement is from its usual rate, in bits; nothing below four times as many.
    private func changeOfRate(_ counter: GroupCounter, _ group: LineGroup) -> Double {
        let ratio = Double(counter.count) / max(1, group.usual)
        return counter.count >= 20 && ratio >= 4 ? min(8, QuickMath.log2(ratio) * 1.5) : 0
    }

    /// Things that begin together belong together: two to six rare groups within seconds are an incident, dozens are a start-up.
    private func weighCompany(_ ranked: inout [Ranked]) {
        let order = ranked.indices.sorted {
            (miner.counters[ranked[$0].group].firstTime, $0) < (miner.counters[ranked[$1].group].firstTime, $1)
        }
        let rare = order.filter { miner.counters[ranked[$0].group].count <= 40 }
        let window: Int64 = 3_000_000
        var left = 0
        var right = 0
        for (position, at) in rare.enumerated() {
            let time = miner.counters[ranked[at].group].firstTime
            while miner.counters[ranked[rare[left]].group].firstTime < time - window { left += 1 }
            right = max(right, position)
            while right + 1 < rare.count, miner.counters[ranked[rare[right + 1]].group].firstTime <= time + window {
                right += 1
            }
            let company = right - left + 1
            if company > 14 {
                ranked[at].bits -= min(8, QuickMath.log2(Double(company) / 6) * 2)
            } else if company > 1 {
                ranked[at].bits += min(1.5, Double(company - 1) * 0.4)
            }
        }
    }

    static func failedStatus(_ group: LineGroup) -> Bool {
        group.kinds.indices.contains { column in
            group.kinds[column] == .status && group.sample.indices.contains(group.spans[column].lowerBound)
                && group.sample[group.spans[column].lowerBound] == UInt8(ascii: "5")
        }
    }

    /// A server that fails does so on every path and to every client: after a few such lines the next says less.
    private func weighFailures(_ ranked: inout [Ranked]) {
        let failed = ranked.indices.filter { miner.groups[ranked[$0].group].map(Self.failedStatus) ?? false }
        let order = failed.sorted {
            ranked[$0].bits == ranked[$1].bits
                ? miner.isEarlier(ranked[$0].group, ranked[$1].group) : ranked[$0].bits > ranked[$1].bits
        }
        for (position, index) in order.enumerated().dropFirst(4) {
            ranked[index].bits -= min(Self.failedBits * 2, Double(position - 3) * 0.8)
        }
    }

    static func priorityBits(_ priority: UInt8) -> Double {
        switch priority {
        case 0...2: 5
        case 3: 2.5
        case 4: 1.2
        case 5: 0.5
        case 7: -3
        default: 0
        }
    }

}
