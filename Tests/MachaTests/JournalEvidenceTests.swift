// SPDX-License-Identifier: MIT
import Foundation
import MachaAnalyst
import MachaJournal
import MachaModel
import Testing

@testable import Macha

/// A journal on its way to a prompt.
@Suite struct JournalEvidenceTests {
    private func journal(_ lines: [String], tokens: Int) -> (Digest, AnalysisMaterial.Journal) {
        let intake = JournalDigester(memory: nil, now: Date(timeIntervalSince1970: 1_800_000_000))
        intake.feed(Array((lines.joined(separator: "\n") + "\n").utf8)[...])
        let digest = intake.finish(tokens: tokens, troubled: [], now: Date(timeIntervalSince1970: 1_800_000_000)).digest
        return (digest, AnalysisMaterial.Journal(digest))
    }

    @Test func `lines of the log can be cited, lines about the digest cannot`() throws {
        let lines = (0..<600).map { index in
            let minute = index < 300 ? index % 5 : index - 300
            let clock = "\(minute / 60 + 10):\(minute % 60 < 10 ? "0" : "")\(minute % 60):00"
            return "2025-03-01T\(clock)+00:00 box "
                + (index < 300 ? "disk[2]: sector \(index) is gone" : "# bursts[1]: # shown \(index % 9)")
        }
        let (digest, journal) = journal(lines, tokens: 4000)
        guard case .digest(let evidence, let read, let shown) = journal else {
            Issue.record("no digest")
            return
        }
        #expect(read == 600 && shown == digest.shownLines)
        #expect(evidence.count == digest.lines.count)
        for (line, cited) in zip(digest.lines, evidence) {
            switch line {
            case .evidence(let shown): #expect(cited.id == shown.id && cited.text.contains(shown.message))
            case .remark, .burst: #expect(cited.id == EvidenceLine.uncitable && !cited.text.hasPrefix("#"))
            }
        }
        #expect(digest.lines.contains { if case .burst = $0 { true } else { false } })
        #expect(
            Set(DigestChunk.cut(evidence, tokens: 400).flatMap(\.lines).map(\.id)) == Set(digest.lines.compactMap(\.id))
        )
    }

    /// As the version before wrote it: a job that waits for its parts when macha is replaced goes on after it.
    @Test func `a job whose journal is read in parts resumes from its document`() throws {
        let document = #"""
            {"coversUntil":700000000,"dropped":1,"journal":{"parts":{"read":1200,"shown":40}},"level":2,"spent":{"answerTokens":0,"calls":3,"journalLines":0,"promptTokens":0,"reused":0,"shownLines":0}}
            """#
        let state = try #require(JobDocument.value(AnalysisState.self, document))
        guard case .parts(read: 1200, shown: 40) = state.journal else {
            Issue.record("no parts")
            return
        }
        #expect(state.level == 2 && state.spent.calls == 3)
        #expect(JobDocument.text(state) == document)
    }
}
