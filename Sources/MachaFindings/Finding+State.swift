// SPDX-License-Identifier: MIT
import MachaModel

extension Finding {
    /// What is wrong with a host, as one word: two observations with the same word have the same problems, whatever
    /// their figures are.
    package static func state(of findings: [Finding]) -> String {
        let lines = findings.map { "\($0.fingerprint) \($0.severity.rawValue)" }.sorted()
        return ContentHash(of: lines.joined(separator: "\n").utf8).short
    }
}
