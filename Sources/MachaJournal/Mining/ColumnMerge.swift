// SPDX-License-Identifier: MIT

/// Decides which lines of one skeleton are the same statement with other values.
///
/// Lines that differ in one column only, with everything else equal, are evidence about that column: when it takes on many values it
/// is a variable. Columns that look like values (hosts, paths, names, ids) need little evidence, plain words need more.
/// Only counts and shapes decide, so the order of lines does not matter.
struct ColumnMerge {
    /// One distinct line, or one that already has wildcards.
    struct Item {
        var hashes: [UInt64]
        var kinds: [ColumnKind]
        var weight: Int
        /// Index of the item this one was merged into; itself while it stands for itself.
        var parent: Int
    }

    /// How many different values make a column a variable.
    struct Evidence: Sendable {
        var words = 5
        var soft = 2
        /// For several columns at once, values each of them must show.
        var together = 6
        /// Whether answers of different status classes stay apart.
        var partsStatus = false
        static let final = Evidence()
        /// While lines are still coming in: waits for more before it gives up telling values apart.
        static let online = Evidence(words: 14, soft: 8, together: 14, partsStatus: true)
    }

    /// Several columns at once are only tried on lines with at most this many: the number of pairs grows with the square.
    static let widest = 24
    /// … and on at most this many lines: more of them without one variable column is no log.
    static let most = 1500

    private(set) var items: [Item]
    private let evidence: Evidence

    init(_ items: [Item], _ evidence: Evidence) {
        self.items = items
        self.evidence = evidence
    }

    /// Merges until nothing changes; afterwards `root(of:)` tells which items belong together.
    mutating func run() {
        guard items.count > 1, let columns = items.first?.hashes.count, columns > 0 else { return }
        collapseEqual()
        var singles = (0..<columns).map { [$0] }
        // A host that stands in a line twice never varies alone.
        let soft = (0..<columns).filter { column in
            items.contains { $0.kinds[column].isSoft }
                && items.contains { $0.hashes[column] != items[0].hashes[column] }
        }
        if soft.count > 1 { singles.append(soft) }
        while mergePass(singles) {}
        guard columns > 2, columns <= Self.widest, standing.count <= Self.most else { return }
        let ranges = Self.ranges(columns)
        while mergePass(ranges) { while mergePass(singles) {} }
    }

    func root(of index: Int) -> Int {
        var at = index
        while items[at].parent != at { at = items[at].parent }
        return at
    }

    /// Neighbouring columns, as a title of several words fills them, and pairs of columns anywhere.
    private static func ranges(_ columns: Int) -> [[Int]] {
        var sets: [[Int]] = []
        for first in 0..<columns {
            for last in (first + 1)..<max(first + 2, min(columns, first + 6)) where last < columns {
                sets.append(Array(first...last))
            }
            for other in (first + 2)..<max(first + 2, columns) { sets.append([first, other]) }
        }
        return sets
    }

    private var standing: [Int] { items.indices.filter { items[$0].parent == $0 } }

    private mutating func collapseEqual() {
        var seen: [[UInt64]: Int] = [:]
        for index in standing {
            if let first = seen[items[index].hashes] {
                items[index].parent = first
                items[first].weight += items[index].weight
            } else {
                seen[items[index].hashes] = index
            }
        }
    }

    /// One round over all column sets: merges the classes with the clearest variables first, none of which may share a line.
    private mutating func mergePass(_ sets: [[Int]]) -> Bool {
        let standing = standing
        guard standing.count > 1 else { return false }
        let sums = standing.map { index in
            items[index].hashes.indices.reduce(UInt64(0)) { $0 &+ Mix.column($1, items[index].hashes[$1]) }
        }
        var found: [(score: Int, columns: [Int], members: [Int])] = []
        // Equal rests stand together once sorted; positions keep the order within a class.
        var rests = [(rest: UInt64, position: Int)](repeating: (0, 0), count: standing.count)
        for columns in sets {
            for (position, index) in standing.enumerated() {
                var rest = sums[position]
                for column in columns { rest &-= Mix.column(column, items[index].hashes[column]) }
                rests[position] = (rest, position)
            }
            rests.sort { ($0.rest, $0.position) < ($1.rest, $1.position) }
            var start = 0
            while start < rests.count {
                var end = start + 1
                while end < rests.count, rests[end].rest == rests[start].rest { end += 1 }
                if end - start > 1 {
                    let group = rests[start..<end].map { standing[$0.position] }
                    if let score = judge(group, columns) { found.append((score, columns, group)) }
                }
                start = end
            }
        }
        guard !found.isEmpty else { return false }
        // Stable order: clearest first, then fewest columns, then first seen.
        let order = found.indices.sorted {
            (-found[$0].score, found[$0].columns.count, found[$0].members[0], $0)
                < (-found[$1].score, found[$1].columns.count, found[$1].members[0], $1)
        }
        var touched = Set<Int>()
        for position in order where found[position].members.allSatisfy({ !touched.contains($0) }) {
            touched.formUnion(found[position].members)
            merge(found[position].members, found[position].columns)
        }
        collapseEqual()
        return true
    }

    private mutating func merge(_ members: [Int], _ columns: [Int]) {
        guard let head = members.first else { return }
        let kinds = columns.map { widened(members, $0) }
        for (column, kind) in zip(columns, kinds) {
            items[head].hashes[column] = TokenLine.variable
            items[head].kinds[column] = kind
        }
        for member in members.dropFirst() {
            items[member].parent = head
            items[head].weight += items[member].weight
        }
    }

    /// How sure it is that these columns are variables; `nil` when they are not.
    private func judge(_ members: [Int], _ columns: [Int]) -> Int? {
        guard let head = members.first else { return nil }
        if evidence.partsStatus, columns.contains(where: { items[head].kinds[$0] == .status }) { return nil }
        var literals = 0
        for column in items[head].hashes.indices where !columns.contains(column) {
            if items[head].kinds[column] == .word { literals += 1 }
        }
        let softOnly =
            columns.count > 1
            && columns.allSatisfy { column in
                members.allSatisfy {
                    items[$0].kinds[column] != .word || items[$0].hashes[column] == TokenLine.variable
                }
            }
        var total = 0
        var widest = 0
        for column in columns {
            var values: [UInt64: ColumnKind] = [:]
            for member in members { values[items[member].hashes[column]] = items[member].kinds[column] }
            let words = values.values.count { $0 == .word }
            let variable = values[TokenLine.variable] != nil
            if columns.count > 1, softOnly {
                guard values.count > 1 else { return nil }
                widest = max(widest, values.count)
            } else if columns.count > 1 {
                guard values.count >= evidence.together else { return nil }
            } else if words == 0 || (variable && literals > 1) {
                guard values.count >= evidence.soft else { return nil }
            } else {
                // What a line begins with is rarely a value.
                guard values.count >= (column == 0 ? evidence.words * 2 : evidence.words) else { return nil }
            }
            total += values.count
        }
        if columns.count > 1, softOnly, widest <= evidence.soft { return nil }
        guard literals >= (columns.count > 1 ? 2 : 1) else { return nil }
        return total * 16 / columns.count + literals
    }

    private func widened(_ members: [Int], _ column: Int) -> ColumnKind {
        guard let first = members.first else { return .word }
        let kind = items[first].kinds[column]
        return members.allSatisfy { items[$0].kinds[column] == kind } ? (kind == .word ? .name : kind) : .name
    }
}
