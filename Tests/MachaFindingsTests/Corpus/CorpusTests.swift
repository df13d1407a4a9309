// SPDX-License-Identifier: MIT
import Foundation
import MachaFindings
import MachaModel
import MachaTestSupport
import Testing

/// Recorded hosts with the verdict of a careful administrator; `Tests/Corpus/README.md` tells how to add one.
struct CorpusTests {
    private static let outcomes = Task { try await CorpusOutcome.all() }
    private static let isWhole = ProcessInfo.processInfo.environment["MACHA_CORPUS"] == nil

    /// What differs from the verdict and is not known, with what was found in its stead.
    private static func news(_ kind: CorpusOutcome.Fault.Kind) async throws -> [String] {
        let known = try KnownFaults().reasons
        return try await outcomes.value.flatMap { outcome in
            outcome.faults.filter { $0.kind == kind && known[$0.description] == nil }.map { fault in
                let found = outcome.findings.map {
                    "\($0.label): \($0.summary) [\($0.remedy)] \($0.lines.map(\.raw))"
                }
                return "\(fault), found: \(found)"
            }
        }
    }

    @Test func `the corpus has no false alarm`() async throws {
        for fault in try await Self.news(.alarm) { Issue.record("\(fault)") }
    }

    @Test func `the corpus has no miss that is not listed with its reason`() async throws {
        for fault in try await Self.news(.miss) { Issue.record("\(fault)") }
    }

    @Test func `the findings of the corpus say what helps, and nothing harmful`() async throws {
        for fault in try await Self.news(.words) { Issue.record("\(fault)") }
    }

    @Test
    func `of what is wrong in the corpus 95 % is found, in what the rules were written by and in what was held out`()
        async throws
    {
        let report = try CorpusReport(try await Self.outcomes.value)
        print(report.text)
        guard Self.isWhole else { return }
        #expect(CorpusReport.sum(report.tuning).recall >= Self.wantedRecall)
        #expect(CorpusReport.sum(report.heldOut).recall >= Self.wantedRecall)
    }

    @Test func `every finding of the corpus has a severity that its kind gives a reason for`() async throws {
        let findings = try await Self.outcomes.value.flatMap(\.findings)
        let unexplained = findings.filter { finding in
            !(finding.kind?.entry.reasons.contains { $0.severity == finding.severity } ?? false)
        }
        #expect(Set(unexplained.map(\.label)) == [])
    }

    private static let wantedRecall = 0.95

    @Test(.enabled(if: isWhole)) func `the list of known faults names nothing that is mended, and gives reasons`()
        async throws
    {
        let known = try KnownFaults().reasons
        let present = Set(try await Self.outcomes.value.flatMap(\.faults).map(\.description))
        #expect(known.keys.filter { !present.contains($0) }.sorted() == [])
        #expect(known.filter { $0.value.isEmpty }.keys.sorted() == [])
    }
}
