// SPDX-License-Identifier: MIT

/// One statement of some program, with every line group that is an instance of it.
package struct Template: Sendable {
    /// Five letters that follow from the text alone: the same statement has the same id on every day and host.
    package let id: String
    package let text: String
    package let groups: [Int]
}

/// Which groups belong to one statement: decided once, on all groups of a stream together.
package struct Templates: Sendable {
    package private(set) var all: [Template] = []
    /// Template of each group by the group's number; -1 for groups that were let go.
    private var templateOf: [Int32]
    /// Stands for everything that was let go because there was too much of it.
    package static let forgotten = "zzzzz"

    package init(_ miner: TemplateMiner) {
        templateOf = Array(repeating: -1, count: miner.groups.count)
        var bySkeleton: [UInt64: [Int]] = [:]
        var order: [UInt64] = []
        for index in miner.standing where miner.counters[index].count > 0 || miner.counters[index].isKnown {
            guard let group = miner.groups[index] else { continue }
            if bySkeleton[group.skeleton] == nil { order.append(group.skeleton) }
            bySkeleton[group.skeleton, default: []].append(index)
        }
        // Titles of two words and of five have different skeletons and one text once neighbouring variables are one.
        var byText: [String: Int] = [:]
        var members: [[Int]] = []
        for skeleton in order {
            for (text, groups) in Self.classes(bySkeleton[skeleton] ?? [], miner) {
                if let known = byText[text] {
                    members[known] += groups
                } else {
                    byText[text] = members.count
                    members.append(groups)
                }
            }
        }
        let texts = byText.sorted { $0.value < $1.value }.map(\.key)
        var taken: Set<String> = [Self.forgotten]
        for (text, groups) in zip(texts, members) {
            let id = Self.identifier(text, &taken)
            for group in groups { templateOf[group] = Int32(all.count) }
            all.append(Template(id: id, text: text, groups: groups.sorted(by: miner.isEarlier)))
        }
    }

    /// The template that a line fell into, by what ``TemplateMiner/add(_:subject:)`` returned for it.
    package func template(of group: Int, _ miner: TemplateMiner) -> Template? {
        let index = Int(templateOf[miner.root(of: group)])
        return index < 0 ? nil : all[index]
    }

    func index(of group: Int) -> Int? { templateOf[group] < 0 ? nil : Int(templateOf[group]) }

    private static func classes(_ indexes: [Int], _ miner: TemplateMiner) -> [(String, [Int])] {
        let items = indexes.enumerated().compactMap { position, index in
            miner.groups[index].map {
                ColumnMerge.Item(
                    hashes: $0.hashes, kinds: $0.kinds, weight: max(1, miner.counters[index].count), parent: position)
            }
        }
        var merge = ColumnMerge(items, .final)
        merge.run()
        var groups: [Int: [Int]] = [:]
        var heads: [Int] = []
        for position in indexes.indices {
            let head = merge.root(of: position)
            if groups[head] == nil { heads.append(head) }
            groups[head, default: []].append(indexes[position])
        }
        return heads.compactMap { head in
            guard let group = miner.groups[indexes[head]] else { return nil }
            return (TemplateText.render(group, generalised: merge.items[head]), groups[head] ?? [])
        }
    }

    private static func identifier(_ text: String, _ taken: inout Set<String>) -> String {
        var text = text
        var hash = text.withUTF8 { bytes in bytes.baseAddress.map { Mix.bytes($0, bytes.count) } ?? 0 }
        while true {
            var id = ""
            for shift in 0..<5 {
                id.unicodeScalars.append(Unicode.Scalar(UInt8(97 + (hash >> (UInt64(shift) * 8)) % 25)))
            }
            if taken.insert(id).inserted { return id }
            hash = Mix.fold(hash, 1)
        }
    }
}
