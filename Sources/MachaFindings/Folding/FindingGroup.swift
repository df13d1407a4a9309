// SPDX-License-Identifier: MIT
package import MachaModel

/// One problem and what is only there because of it.
///
/// Nothing is hidden: a group holds its findings whole, it is as severe as the worst of them, and JSON lists every one.
package struct FindingGroup: Hashable, Sendable {
    /// What has to be fixed.
    package var cause: Finding
    /// What will go with it, most severe first.
    package var folded: [Finding]

    package init(_ cause: Finding, folded: [Finding] = []) {
        self.cause = cause
        self.folded = folded.enumerated()
            .sorted { ($0.element.severity, $1.offset) > ($1.element.severity, $0.offset) }
            .map(\.element)
    }

    /// The worst of all, whatever the cause itself says.
    package var severity: Severity { folded.map(\.severity).reduce(cause.severity, max) }

    /// The cause in one sentence, and how many more because of it.
    package var summary: String {
        switch folded.count {
        case 0: cause.summary
        case 1: "\(cause.summary) And 1 more as a result."
        default: "\(cause.summary) And \(folded.count) more as a result."
        }
    }
}

/// Many findings with one cause become one group. Pure.
package enum Folding {
    /// The findings of one host as groups, the most severe first; otherwise in the order of `findings`.
    ///
    /// Each finding is in exactly one group. What a cause explains may be a cause itself: then all of it is under the
    /// deepest one. A finding falls under a cause only where the one follows from the other by its kind, or where its own
    /// evidence names the trouble (`No space left on device`): that two things are wrong at once is no proof.
    package static func groups(_ findings: [Finding]) -> [FindingGroup] {
        let parents = findings.indices.map { index in
            CauseRule.all.lazy.compactMap { rule in
                findings.indices.first { $0 != index && rule.explains(findings[index], by: findings[$0]) }
            }.first
        }
        var folded: [Int: [Finding]] = [:]
        var roots: [Int] = []
        for index in findings.indices {
            let root = root(of: index, parents)
            if root == index { roots.append(index) } else { folded[root, default: []].append(findings[index]) }
        }
        return roots.map { FindingGroup(findings[$0], folded: folded[$0] ?? []) }.enumerated()
            .sorted { ($0.element.severity, $1.offset) > ($1.element.severity, $0.offset) }
            .map(\.element)
    }

    /// The deepest cause. Where rules go in a circle, the finding that comes first is the cause.
    private static func root(of index: Int, _ parents: [Int?]) -> Int {
        var path = [index]
        while let next = parents[path[path.count - 1]] {
            if let start = path.firstIndex(of: next) { return path[start...].min() ?? index }
            path.append(next)
        }
        return path[path.count - 1]
    }
}
