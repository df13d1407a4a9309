// SPDX-License-Identifier: MIT
import MachaModel

/// What a person picked from a numbered list.
package enum NumberedChoice {
    /// The positions, from 0, that `answer` names: numbers from 1, ranges such as `3-5`, names, or `all`, separated by spaces
    /// or commas. Each once, in the list's order. Throws with the first word that is none of these.
    package static func positions(_ answer: String, in names: [String]) throws(ControllerError) -> [Int] {
        var chosen: Set<Int> = []
        for word in answer.split(whereSeparator: { $0 == " " || $0 == "," || $0 == "\t" }) {
            if word.lowercased() == "all" {
                chosen.formUnion(names.indices)
            } else if let position = names.firstIndex(of: String(word)) {
                chosen.insert(position)
            } else if let range = range(word), names.indices.contains(range.upperBound) {
                chosen.formUnion(range)
            } else {
                throw ControllerError(.usage, "\(String(word).quoted) is not in the list")
            }
        }
        return chosen.sorted()
    }

    /// `4` or `3-5`, as positions.
    private static func range(_ word: Substring) -> ClosedRange<Int>? {
        let ends = word.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2, first >= 1, first <= last
        else {
            return nil
        }
        return first - 1...last - 1
    }
}
