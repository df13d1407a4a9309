// SPDX-License-Identifier: MIT
import MachaModel
import MachaTestSupport
import Testing

@testable import MachaAnalyst

@Suite struct MapReduceTests {
    private func digest(_ count: Int) -> [EvidenceLine] {
        (0..<count).map { index in
            EvidenceLine(name(index), "10:00:00 app\(index): something happened to item \(index), twice")
        }
    }

    /// Five letters, as statements have.
    private func name(_ index: Int) -> String {
        String(
            (0..<5).map { place in
                Character(Unicode.Scalar(UInt8(97 + (index / [1, 26, 676, 17_576, 456_976][place]) % 26)))
            })
    }

    private func note(_ index: Int, _ severity: Severity = .warning) -> Note {
        Note(
            text: "item \(index)", severity: severity,
            evidence: [EvidenceLine(name(index), "10:00:00 app\(index): item \(index) was lost")])
    }

    @Test func `chunks hold every statement once, whole, and none is too long`() {
        let lines = digest(900)
        let chunks = DigestChunk.cut([EvidenceLine("#", "900 lines")] + lines, tokens: 700)
        #expect(chunks.flatMap(\.lines) == lines)
        for chunk in chunks {
            #expect(chunk.lines.reduce(0) { $0 + TokenEstimate.tokens(in: $1.line) } <= 700)
        }
    }

    @Test func `episodes of one statement stay together`() {
        let lines = [EvidenceLine("abcde", "first"), EvidenceLine("other", "x"), EvidenceLine("abcde.2", "second")]
        #expect(DigestChunk.cut(lines, tokens: 400).flatMap(\.lines).map(\.id) == ["abcde", "abcde.2", "other"])
    }

    @Test func `a chunk's key names its lines and the model`() {
        let chunk = DigestChunk(lines: digest(3))
        let small = ModelName(endpoint: "e", model: "small")
        #expect(chunk.key(for: small) == DigestChunk(lines: digest(3)).key(for: small))
        #expect(chunk.key(for: small) != DigestChunk(lines: digest(4)).key(for: small))
        #expect(chunk.key(for: small) != chunk.key(for: ModelName(endpoint: "e", model: "large")))
    }

    @Test func `a small journal needs no chunks, a large one as many as its context asks for`() async throws {
        let model = ScriptedModel(context: 8_192, answers: ["{}"])
        let offer = try Sample.offer
        #expect(try await Analyst(model).chunks(of: Sample.material(), offer) == nil)
        let large = Sample.material(journal: digest(1_000))
        let chunks = try #require(try await Analyst(model).chunks(of: large, offer))
        let roomy = ScriptedModel(context: 131_072, answers: ["{}"])
        #expect(try await Analyst(roomy).chunks(of: large, offer) == nil)
        var random = SystemRandomNumberGenerator()
        for chunk in chunks {
            let asked = ScriptedModel(context: 8_192, answers: [#"{"notes":[]}"#])
            _ = try await Analyst(asked).read(chunk, using: &random)
            let prompt = try #require(asked.requests.first)
            for line in chunk.lines { #expect(prompt.messages[1].text.contains(line.line)) }
        }
    }

    @Test func `notes cite lines of their chunk, or do not count`() async throws {
        let reply = """
            {"notes":[{"text":"item 0 went wrong","severity":"critical","evidence":["aaaaa"]},
            {"text":"made up","severity":"critical","evidence":["zzzzz"]},
            {"text":"evil.service runs","severity":"critical","evidence":["aaaaa"]}]}
            """
        var random = SystemRandomNumberGenerator()
        let notes = try await Analyst(ScriptedModel(answers: [reply])).read(
            DigestChunk(lines: digest(2)), using: &random)
        #expect(notes.notes.map(\.text) == ["item 0 went wrong"])
        #expect(notes.notes.first?.evidence == [digest(1)[0]])
        #expect(notes.dropped == 2)
    }

    @Test(arguments: [#"{"notes":[]}"#, "all"])
    func `merging always halves, and the worst stay when the model keeps none or too many`(reply: String) async throws {
        let batch = (0..<9).map { note($0, $0 == 7 ? .critical : .warning) }
        let all = batch.map {
            #"{"text":"\#($0.text)","severity":"\#($0.severity.rawValue)","evidence":["\#($0.evidence[0].id)"]}"#
        }
        let answer = reply == "all" ? #"{"notes":[\#(all.joined(separator: ","))]}"# : reply
        var random = SystemRandomNumberGenerator()
        let merged = try await Analyst(ScriptedModel(answers: [answer])).merge(batch, using: &random)
        #expect((1...4).contains(merged.notes.count))
        #expect(merged.notes.contains { $0.severity == .critical })
    }

    @Test func `a chunk that no model has read keeps its most unusual lines`() {
        let notes = DigestChunk(lines: digest(50)).unread(because: "timed-out").notes
        #expect(notes.map { $0.evidence.map(\.id) } == digest(4).map { [$0.id] })
    }

    @Test func `the last prompt holds the notes and the lines they cite`() async throws {
        var material = Sample.material()
        material.journal = .notes([note(3, .critical), note(4)], read: 5_000, shown: 100)
        let reply = Sample.answer(
            observations: #"[{"title":"item 3","detail":"","severity":"warning","evidence":["\#(name(3))"]}]"#)
        let conclusion = try await Sample.conclude(reply, material: material)
        #expect(conclusion.analysis.statements.count == 1)
        #expect(conclusion.analysis.cost.journalLines == 5_000)
        #expect(conclusion.prompt.user.contains("critical: item 3 [\(name(3))]"))
    }
}
