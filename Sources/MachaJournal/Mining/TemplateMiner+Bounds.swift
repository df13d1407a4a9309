// SPDX-License-Identifier: MIT

/// How the number of groups stays bounded: columns become variables, and what was not heard for long is let go.
extension TemplateMiner {
    /// Looks for variable columns among the groups of one skeleton.
    func relieve(_ bucket: Int) {
        let members = buckets[bucket].groups.map { Int($0) }
        let items = members.enumerated().compactMap { position, index in
            groups[index].map {
                ColumnMerge.Item(
                    hashes: $0.hashes, kinds: $0.kinds, weight: max(1, counters[index].count), parent: position)
            }
        }
        guard items.count == members.count else { return }
        var merge = ColumnMerge(items, .online)
        merge.run()
        for (position, index) in members.enumerated() {
            let head = members[merge.root(of: position)]
            if head != index { absorb(index, into: head) }
        }
        var left: [Int32] = []
        for (position, index) in members.enumerated() where Int(parents[index]) == index {
            generalise(index, merge.items[position])
            if let wild = groups[index]?.wild, wild != 0, !buckets[bucket].patterns.contains(wild) {
                buckets[bucket].patterns.append(wild)
            }
            left.append(Int32(index))
        }
        buckets[bucket].groups = left
        buckets[bucket].nextMerge = max(24, left.count * 2)
    }

    func generalise(_ index: Int, _ item: ColumnMerge.Item) {
        guard var group = groups[index], group.hashes != item.hashes else { return }
        table.remove(group.key)
        for column in group.hashes.indices where group.hashes[column] != item.hashes[column] {
            group.hashes[column] = TokenLine.variable
            group.kinds[column] = item.kinds[column]
            group.wild |= 1 << UInt64(column)
            if group.values.count < LineGroup.describedColumns, !group.values.contains(where: { $0.column == column }) {
                group.values.append(ValueStats(column: column, kind: item.kinds[column]))
            }
        }
        groups[index] = group
        table.set(group.key, Int32(index))
    }

    func absorb(_ index: Int, into head: Int) {
        guard let group = groups[index] else { return }
        table.remove(group.key)
        parents[index] = Int32(head)
        counters[head].absorb(counters[index])
        groups[head]?.absorb(group)
        groups[index] = nil
        rates.merge(index, into: head)
        alive -= 1
        if !keepsNumbers { free.append(index) }
    }

    /// Lets an eighth of the groups go: those seen longest ago, crowded skeletons first.
    func evict() {
        var order: [(crowded: Int, lastLine: Int, index: Int)] = []
        for bucket in buckets {
            let crowded = bucket.groups.count > 32 ? 0 : 1
            for index in bucket.groups { order.append((crowded, counters[Int(index)].lastLine, Int(index))) }
        }
        order.sort { $0 < $1 }
        var gone = Set<Int32>()
        var touched = Set<Int>()
        for (_, _, index) in order.prefix(Self.maximumGroups / 8) {
            guard let group = groups[index] else { continue }
            if let bucket = bucketOf[group.skeleton &+ group.source] { touched.insert(Int(bucket)) }
            table.remove(group.key)
            groups[index] = nil
            gone.insert(Int32(index))
            evictedGroups += 1
            evictedEntries += counters[index].count
            evictedLines += counters[index].lines
            alive -= 1
            if !keepsNumbers { free.append(index) }
        }
        for bucket in touched.sorted() {
            buckets[bucket].groups.removeAll { gone.contains($0) }
            guard buckets[bucket].groups.isEmpty else { continue }
            bucketOf.remove(buckets[bucket].address)
            buckets[bucket] = Bucket()
            freeBuckets.append(bucket)
        }
    }
}
