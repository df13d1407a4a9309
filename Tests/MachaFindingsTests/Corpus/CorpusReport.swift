// SPDX-License-Identifier: MIT
import Foundation
import MachaFindings

/// Precision and recall of each detector, as a table.
struct CorpusReport {
    struct Count {
        var right = 0
        var missed = 0
        var false_ = 0

        /// 1 where nothing was found.
        var precision: Double { right + false_ == 0 ? 1 : Double(right) / Double(right + false_) }
        /// 1 where nothing was to be found.
        var recall: Double { right + missed == 0 ? 1 : Double(right) / Double(right + missed) }
    }

    private(set) var tuning: [String: Count] = [:]
    private(set) var heldOut: [String: Count] = [:]
    private let outcomes: [CorpusOutcome]

    init(_ outcomes: [CorpusOutcome]) throws {
        self.outcomes = outcomes
        let detectors = try Self.detectors()
        for outcome in outcomes {
            for kind in outcome.right { add(outcome, detectors[kind]) { $0.right += 1 } }
            for fault in outcome.faults {
                switch fault.kind {
                case .miss: add(outcome, detectors[fault.about]) { $0.missed += 1 }
                case .alarm: add(outcome, detectors[fault.about]) { $0.false_ += 1 }
                case .words: break
                }
            }
        }
    }

    private mutating func add(_ outcome: CorpusOutcome, _ detector: String?, _ change: (inout Count) -> Void) {
        let detector = detector ?? "(no detector)"
        if outcome.item.isHeldOut {
            change(&heldOut[detector, default: Count()])
        } else {
            change(&tuning[detector, default: Count()])
        }
    }

    /// The file that reports a kind, by the kind.
    private static func detectors() throws -> [String: String] {
        let folder = CorpusCase.folder.appending(path: "../../Sources/MachaFindings").standardizedFileURL
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        var result: [String: String] = [:]
        for file in files?.compactMap({ $0 as? URL }) ?? []
        where file.pathExtension == "swift" && (file.path.contains("/Detectors/") || file.path.contains("/Trends/")) {
            let text = try String(contentsOf: file, encoding: .utf8)
            let words = Set(text.matches(of: /\.([a-zA-Z]+)\b/).map { String($0.1) })
            for kind in FindingKind.allCases
            where words.contains("\(kind)") && (result[kind.rawValue] ?? "~") > file.lastPathComponent {
                result[kind.rawValue] = file.deletingPathExtension().lastPathComponent
            }
        }
        return result
    }

    /// Over all detectors.
    static func sum(_ counts: [String: Count]) -> Count {
        counts.values.reduce(into: Count()) { sum, count in
            sum.right += count.right
            sum.missed += count.missed
            sum.false_ += count.false_
        }
    }

    var text: String {
        let held = outcomes.count(where: \.item.isHeldOut)
        let quiet = outcomes.count { $0.item.expected.isEmpty }
        var lines = [
            "\(outcomes.count) cases of \(Set(outcomes.map(\.item.project)).count) projects, \(held) of them held out; "
                + "in \(quiet) nothing is wrong",
            "| detector | right | missed | false | precision | recall | held out: right | missed | false | precision | recall |",
            "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
        ]
        let names = Set(tuning.keys).union(heldOut.keys).sorted()
        lines += names.map { Self.row($0, tuning[$0] ?? Count(), heldOut[$0] ?? Count()) }
        lines.append(Self.row("all", Self.sum(tuning), Self.sum(heldOut)))
        return lines.joined(separator: "\n")
    }

    private static func row(_ name: String, _ tuning: Count, _ held: Count) -> String {
        let cells = [tuning, held].map { count in
            "\(count.right) | \(count.missed) | \(count.false_) | \(share(count.precision)) | \(share(count.recall))"
        }
        return "| \(name) | \(cells.joined(separator: " | ")) |"
    }

    private static func share(_ value: Double) -> String { String(format: "%.3f", value) }
}
