// SPDX-License-Identifier: MIT

/// Groups lines into templates while they stream past: one setting for everything, bounded memory, same input same result.
///
/// A line is looked up by a key over its words and punctuation with all values left out, so the usual line costs one scan and
/// one lookup. A line not found is tried against the wildcards that lines of its skeleton have got so far; what is still unknown
/// becomes a group. When a skeleton gets crowded, ``ColumnMerge`` looks for columns that are variables. At the end
/// ``Templates`` decides on all groups together which belong to one statement.
package final class TemplateMiner {
    /// More groups than this are never held: the least recently seen go first, their lines stay counted under what they were.
    package static let maximumGroups = 12_000
    /// Silence after which a group's next line is kept as evidence of a new episode.
    static let episodeGap: Int64 = 900 * 1_000_000

    /// Lines of a group whose words are weighed one by one.
    static let weighedLines = 64

    struct Bucket {
        var address: UInt64 = 0
        var groups: [Int32] = []
        /// The wildcard patterns in use, each a set of columns.
        var patterns: [UInt64] = []
        var nextMerge = 24
    }

    private let tokeniser = Tokeniser()
    private var line = TokenLine()
    var table = KeyTable()
    var bucketOf = KeyTable()
    var buckets: [Bucket] = []
    var freeBuckets: [Int] = []
    /// Numbers of groups that are gone, to be given again; not when someone keeps the numbers.
    var free: [Int] = []
    let keepsNumbers: Bool
    var groups: [LineGroup?] = []
    private(set) var counters: UnsafeMutablePointer<GroupCounter>
    private var capacity = 256
    var parents: [Int32] = []
    var alive = 0
    var rates = Rates()
    package internal(set) var evictedGroups = 0
    package internal(set) var evictedEntries = 0
    package internal(set) var evictedLines = 0

    /// With `keepsNumbers` the numbers that `add` returns stay good; else they are given again once their group is gone.
    package init(keepsNumbers: Bool = true) {
        self.keepsNumbers = keepsNumbers
        counters = .allocate(capacity: capacity)
        counters.initialize(repeating: GroupCounter(), count: capacity)
    }

    deinit { counters.deallocate() }

    /// Files one entry and returns the number of its group, which may later turn out to be part of another: see `root(of:)`.
    ///
    /// The group follows from the `subject`, the first line of the message.
    package func add(_ entry: EntryView, subject: ByteSlice) -> Int {
        tokeniser.scan(subject.base, subject.count, into: &line)
        let source = source(entry.identifier)
        let key = line.key &+ source
        let index: Int
        if let found = table[key] {
            index = Int(found)
        } else {
            index = search(key, source) ?? create(key, source, entry, subject)
        }
        count(index, entry, subject)
        return index
    }

    /// The group that a line without a source would be filed under, without filing it.
    func find(_ text: ArraySlice<UInt8>) -> Int? {
        text.withUnsafeBufferPointer { text -> Int? in
            guard let base = text.baseAddress else { return nil }
            tokeniser.scan(base, text.count, into: &line)
            let found = table[line.key].map { Int($0) } ?? search(line.key, 0)
            return found.map { root(of: $0) }
        }
    }

    /// Whether a line is one of very many requests, around which nothing is to be told.
    func isCommonRequest(_ index: Int) -> Bool { counters[index].answers && counters[index].count > Self.weighedLines }

    func root(of index: Int) -> Int {
        var at = index
        while Int(parents[at]) != at { at = Int(parents[at]) }
        return at
    }

    /// All groups that stand for themselves, in the order in which they came up.
    var standing: [Int] {
        groups.indices.filter { Int(parents[$0]) == $0 && groups[$0] != nil }.sorted(by: isEarlier)
    }

    /// Whether one group came up before another. Numbers do not tell: those of groups that are gone are given again.
    func isEarlier(_ group: Int, _ other: Int) -> Bool {
        (counters[group].firstLine, group) < (counters[other].firstLine, other)
    }

    @inline(__always)
    private func source(_ identifier: ByteSlice) -> UInt64 {
        guard identifier.count > 0 else { return 0 }
        return Mix.column(200, tokeniser.shape(identifier.base, 0, identifier.count))
    }

    private func search(_ key: UInt64, _ source: UInt64) -> Int? {
        guard let bucket = bucketOf[line.skeleton &+ source] else { return nil }
        for pattern in buckets[Int(bucket)].patterns {
            var general = key
            var left = pattern
            while left != 0 {
                let column = left.trailingZeroBitCount
                left &= left &- 1
                guard column < line.count else { break }
                general = general &- Mix.column(column, line.hashes[column]) &+ Mix.column(column, TokenLine.variable)
            }
            if let found = table[general] { return Int(found) }
        }
        return nil
    }

    private func count(_ index: Int, _ entry: EntryView, _ subject: ByteSlice) {
        let counter = counters + index
        counter.pointee.count &+= 1
        counter.pointee.lines &+= entry.lines
        counter.pointee.lastLine = entry.line
        if let priority = entry.priority, priority < counter.pointee.priority { counter.pointee.priority = priority }
        let time = entry.time ?? Int64(entry.line) * 1_000_000
        if time < counter.pointee.firstTime { counter.pointee.firstTime = time }
        if time > counter.pointee.lastTime { counter.pointee.lastTime = time }
        rates.add(index, time)
        let number = counter.pointee.count
        let isEpisode =
            number == 1 || time &- counter.pointee.heard > Self.episodeGap
            || time < counter.pointee.heard &- Self.episodeGap
        counter.pointee.heard = time
        if number <= 2 || isEpisode {
            if isEpisode { counter.pointee.episodes &+= 1 }
            keep(index, entry)
        }
        if number <= 512 || number & 15 == 0 { learn(index, subject) }
    }

    /// Keeps the entry as evidence; when there is no more room the latest gives way, the first ones stay.
    private func keep(_ index: Int, _ entry: EntryView) {
        let text = Array(
            UnsafeBufferPointer(start: entry.message.base, count: min(entry.message.count, LineGroup.longestText)))
        let evidence = Evidence(line: entry.line, time: entry.time, text: text)
        groups[index]?.keep(evidence)
        if groups[index]?.evidence.count == 1 {
            groups[index]?.unit = entry.unit.slice(0, min(entry.unit.count, 80)).bytes
            groups[index]?.host = entry.host.slice(0, min(entry.host.count, 80)).bytes
            counters[index].firstLine = entry.line
        }
    }

    private func learn(_ index: Int, _ subject: ByteSlice) {
        groups[index]?.learn(subject, line.starts, line.ends, line.count)
    }

    private func create(_ key: UInt64, _ source: UInt64, _ entry: EntryView, _ subject: ByteSlice) -> Int {
        if alive >= Self.maximumGroups { evict() }
        let columns = 0..<line.count
        let group = LineGroup(
            skeleton: line.skeleton, source: source, hashes: columns.map { line.hashes[$0] },
            kinds: columns.map { line.kinds[$0] },
            identifier: entry.identifier.slice(0, min(entry.identifier.count, 80)).bytes,
            sample: subject.slice(0, min(subject.count, LineGroup.longestText)).bytes,
            spans: columns.map { Int(line.starts[$0])..<Int(line.ends[$0]) })
        let answers = group.kinds.contains(.status)
        let index = insert(group, key)
        if answers { counters[index].answers = true }
        return index
    }

    /// Takes in a statement of another day, as not heard yet.
    func remember(_ group: LineGroup) {
        guard table[group.key] == nil, alive < Self.maximumGroups / 4 * 3 else { return }
        let index = insert(group, group.key, merging: false)  // may move the counters
        counters[index].isKnown = true
        counters[index].answers = group.kinds.contains(.status)
    }

    @discardableResult
    private func insert(_ group: LineGroup, _ key: UInt64, merging: Bool = true) -> Int {
        let index = place(group)
        alive += 1
        let address = group.skeleton &+ group.source
        let bucket = bucketOf[address].map { Int($0) } ?? makeBucket(address)
        table.set(key, Int32(index))
        buckets[bucket].groups.append(Int32(index))
        if group.wild != 0, !buckets[bucket].patterns.contains(group.wild) {
            buckets[bucket].patterns.append(group.wild)
        }
        if merging, buckets[bucket].groups.count >= buckets[bucket].nextMerge { relieve(bucket) }
        return root(of: index)
    }

    /// A number for a new group: one that is free, or the next.
    private func place(_ group: LineGroup) -> Int {
        if let index = free.popLast() {
            groups[index] = group
            parents[index] = Int32(index)
            counters[index] = GroupCounter()
            rates.reset(index)
            return index
        }
        let index = groups.count
        if index == capacity {
            let larger = UnsafeMutablePointer<GroupCounter>.allocate(capacity: capacity * 2)
            larger.initialize(repeating: GroupCounter(), count: capacity * 2)
            larger.update(from: counters, count: capacity)
            counters.deallocate()
            counters = larger
            capacity *= 2
        }
        groups.append(group)
        parents.append(Int32(index))
        rates.addGroup()
        return index
    }

    private func makeBucket(_ address: UInt64) -> Int {
        let bucket: Int
        if let known = freeBuckets.popLast() {
            bucket = known
            buckets[bucket] = Bucket(address: address)
        } else {
            bucket = buckets.count
            buckets.append(Bucket(address: address))
        }
        bucketOf.set(address, Int32(bucket))
        return bucket
    }
}
