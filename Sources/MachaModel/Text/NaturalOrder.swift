// SPDX-License-Identifier: MIT

extension String {
    /// Whether this name comes before `other` as people count: `host2` before `host10`. Digits are those of ASCII.
    ///
    /// A total order: names that differ only in leading zeros (`host2`, `host02`) stand by their characters.
    package func naturallyPrecedes(_ other: String) -> Bool {
        var (mine, theirs) = (Substring(self).utf8, Substring(other).utf8)
        while let first = mine.first, let second = theirs.first {
            let number = mine.prefix { (0x30...0x39).contains($0) }
            let another = theirs.prefix { (0x30...0x39).contains($0) }
            guard !number.isEmpty, !another.isEmpty else {
                guard first == second else { return first < second }
                (mine, theirs) = (mine.dropFirst(), theirs.dropFirst())
                continue
            }
            // As text, for no number is too long for that.
            let (value, second) = (number.drop { $0 == 0x30 }, another.drop { $0 == 0x30 })
            guard value.elementsEqual(second) else {
                return value.count == second.count
                    ? value.lexicographicallyPrecedes(second) : value.count < second.count
            }
            (mine, theirs) = (mine.dropFirst(number.count), theirs.dropFirst(another.count))
        }
        if mine.isEmpty != theirs.isEmpty { return mine.isEmpty }
        return self < other
    }
}
