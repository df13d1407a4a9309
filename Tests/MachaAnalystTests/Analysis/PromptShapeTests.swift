// SPDX-License-Identifier: MIT
import MachaActions
import MachaModel
import MachaTestSupport
import Testing

@testable import MachaAnalyst

/// What a server is sent besides the data: the shape it shall enforce, and what it can keep from one prompt to the next.
@Suite struct PromptShapeTests {
    private func request(
        _ material: AnalysisMaterial = Sample.material(), mayAsk: Bool = true
    ) async throws -> ChatRequest {
        var random = SystemRandomNumberGenerator()
        let model = ScriptedModel(context: 16_384, answers: [Sample.answer()])
        _ = try await Analyst(model).conclude(
            material, try Sample.offer, mayAsk: mayAsk, now: Sample.time, using: &random)
        return try #require(model.requests.first)
    }

    @Test func `ids, playbooks and units are choices, and at least one id is cited`() async throws {
        let shape = try #require(try await request().schema).document
        let evidence = shape["properties"]?["observations"]?["items"]?["properties"]?["evidence"]
        #expect(evidence?["items"]?["enum"]?.array?.compactMap(\.string) == ["F1", "F2", "S1", "dwlff", "qkpwr"])
        #expect(evidence?["minItems"]?.integer == 1)
        let proposal = shape["properties"]?["proposals"]?["items"]?["properties"]
        #expect(proposal?["playbook"]?["enum"]?.array?.compactMap(\.string) == ["restart-unit"])
        let value = proposal?["parameters"]?["items"]?["properties"]?["value"]
        #expect(value?["enum"]?.array?.compactMap(\.string) == ["nginx.service"])
    }

    @Test func `status and summary come first, so that a cut answer has them`() async throws {
        let names = try #require(try await request().schema).document["properties"]?.members?.map(\.name) ?? []
        #expect(Array(names.prefix(3)) == ["status", "summary", "observations"])
    }

    @Test func `a playbook that matches none of the findings is not listed`() async throws {
        let quiet = try await request(Sample.material(findings: []))
        #expect(!quiet.messages[1].text.contains("restart-unit"))
        #expect(try await request().messages[1].text.contains("restart-unit (unit)"))
    }

    @Test func `the prompt's constant part comes before everything about a host`() async throws {
        let one = try await request()
        let other = try await request(
            Sample.material(journal: [EvidenceLine("aaaaa", "10:00:00 app: x")], findings: []))
        let constant = PromptText.analysis
        #expect(one.messages[0].text.hasPrefix(constant) && other.messages[0].text.hasPrefix(constant))
        for kind in Diagnosis.Kind.allCases { #expect(constant.contains("- \(kind.rawValue)")) }
        for field in ["status", "summary", "observations", "root_cause", "proposals", "suggestions", "questions"] {
            #expect(constant.contains("- \(field):"), "\(field)")
        }
    }

    @Test func `the example cites an id that no prompt can hold`() async throws {
        let prompt = try await request()
        #expect(PromptText.analysis.contains(#""evidence":["X1"]"#))
        // Ids of ours begin with F, S, A, I, K or D; those of a journal have five letters.
        #expect(!prompt.messages[1].text.contains("X1 "))
        let reply = Sample.answer(
            observations: #"[{"title":"backup cannot write","detail":"","severity":"critical","evidence":["X1"]}]"#)
        #expect(try await Sample.conclude(reply).analysis.dropped.first?.reason == .noEvidence)
    }
}
