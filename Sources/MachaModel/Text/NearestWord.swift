// SPDX-License-Identifier: MIT

extension String {
    /// The candidate a person most likely meant, or `nil` when none is close.
    ///
    /// Upper and lower case count as the same; up to a third of the longer word may differ (at least one edit, at most
    /// four). Of equally near candidates the first wins.
    package func nearest(in candidates: some Sequence<String>) -> String? {
        let word = Array(lowercased().unicodeScalars)
        guard !word.isEmpty, word.count <= 100 else { return nil }
        var best: (candidate: String, distance: Int)?
        for candidate in candidates {
            let other = Array(candidate.lowercased().unicodeScalars)
            let allowed = Swift.min(4, Swift.max(1, Swift.max(word.count, other.count) / 3))
            let limit = best.map { Swift.min(allowed, $0.distance - 1) } ?? allowed
            guard limit >= 0, abs(word.count - other.count) <= limit else { continue }
            let distance = editDistance(word, other)
            if distance <= limit { best = (candidate, distance) }
        }
        return best?.candidate
    }
}

/// Edits that turn `left` into `right`: insert, delete, replace, or swap two neighbours.
///
/// This is the restricted Damerau-Levenshtein distance (optimal string alignment): no part is edited twice.
func editDistance<Symbol: Equatable>(_ left: [Symbol], _ right: [Symbol]) -> Int {
    var older = [Int]()
    var previous = Array(0...right.count)
    for row in left.indices {
        var current = [row + 1]
        for column in right.indices {
            let replaced = previous[column] + (left[row] == right[column] ? 0 : 1)
            var least = Swift.min(replaced, previous[column + 1] + 1, current[column] + 1)
            if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                least = Swift.min(least, older[column - 1] + 1)
            }
            current.append(least)
        }
        older = previous
        previous = current
    }
    return previous[right.count]
}
