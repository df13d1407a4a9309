// SPDX-License-Identifier: MIT
import Foundation
import MachaJournal
import Testing

@Suite struct DigestLineTests {
    private func log(_ lines: [(minute: Int, text: String)]) -> String {
        lines.map { minute, text in
            let clock = "\(minute / 60 < 10 ? "0" : "")\(minute / 60):\(minute % 60 < 10 ? "0" : "")\(minute % 60):00"
            return "2025-03-01T\(clock)+00:00 box \(text)\n"
        }.joined()
    }

    private func evidence(_ digest: Digest) -> [DigestEvidence] {
        digest.lines.compactMap { if case .evidence(let evidence) = $0 { evidence } else { nil } }
    }

    @Test func `a line of the log carries its figures`() throws {
        let lines = (0..<30).map { ($0 * 3, "sshd[7]: refused a login of root from 10.0.0.\($0)") }
        let digest = digest(try engine(log(lines)), tokens: 4000)
        let line = try #require(evidence(digest).first { $0.count == 30 })
        #expect(line.source == "sshd")
        #expect(line.message == "refused a login of root from 10.0.0.0")
        #expect(line.time == Stamp.read("2025-03-01 00:00:00"))
        #expect(line.lastTime == Stamp.read("2025-03-01 01:27:00"))
        #expect(line.text.hasPrefix("00:00:00 ×30–01:27 sshd: refused a login of root from 10.0.0.0 {"))
    }

    @Test func `a further line of a statement has an id and counts by itself`() throws {
        let quiet = (0..<200).map { ($0 * 7, "cron[1]: (root) CMD (run-parts \($0))") }
        let errors = [(100, "kernel: I/O error, dev sda, sector 77"), (1000, "kernel: I/O error, dev sda, sector 99")]
        let shown = evidence(digest(try engine(log(quiet + errors)), tokens: 2000)).filter { $0.source == "kernel" }
        #expect(shown.map(\.episode).sorted() == [1, 2])
        #expect(Set(shown.map(\.statement)).count == 1)
        let further = try #require(shown.first { $0.episode == 2 })
        #expect(further.id == further.statement + ".2")
        #expect(further.count == 1 && further.lastTime == nil)
    }

    /// What looks like the layout of a digest is still a line of the log.
    @Test(arguments: [
        "# bursts, in stretches of 5 min", "#", "# shown: 0 groups", "qkpwr 10:00:00 ×3 nginx: all is well",
    ])
    func `a message written like a heading is evidence`(message: String) throws {
        let digest = digest(try engine("first line of the file\n\(message)\nlast words of it\n", format: .plain))
        #expect(evidence(digest).map(\.message).contains(message))
        #expect(evidence(digest).count == 3)
    }

    @Test(arguments: [500, 2000, 16_000])
    func `text and document are the lines, within the budget`(tokens: Int) throws {
        let words = ["amber", "birch", "cedar", "delta", "ember", "flint", "grove", "heath", "islet", "jetty", "knoll"]
        let lines = (0..<1400).map {
            (
                $0,
                "\(words[$0 % 11])[1]: \(words[$0 / 11 % 11]) \(words[$0 / 121 % 11]) stopped at \($0) of \(words[$0 % 7])"
            )
        }
        let engine = try engine(log(lines + (0..<300).map { (700 + $0 % 5, "disk[2]: sector \($0) is gone") }))
        let digest = digest(engine, tokens: tokens)
        let text = digest.lines.map { line in
            switch line {
            case .remark(let text): "# \(text)\n"
            case .evidence(let evidence): "\(evidence.id) \(evidence.text)\n"
            case .burst(let burst): "\(burst.text)\n"
            }
        }.joined()
        #expect(digest.text == text)
        #expect(text.utf8.count <= tokens * 4)
        #expect(digest.tokens == (text.utf8.count + 3) / 4)
        #expect(digest.lines.contains { if case .burst = $0 { true } else { false } } == (tokens >= 2000))
        let document = try JSONSerialization.jsonObject(
            with: Data(DigestJSON.render(engine, Templates(engine.miner), digest).utf8))
        #expect((document as? [String: Any])?["digest"] as? String == text)
    }
}
