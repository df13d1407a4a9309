// SPDX-License-Identifier: MIT
import MachaCore
import MachaTestSupport
import Testing

@testable import MachaAnalyst

@Suite struct GroundingTests {
    private func observation(_ title: String, _ ids: String, severity: String = "warning", detail: String = "")
        -> String
    {
        #"[{"title":"\#(title)","detail":"\#(detail)","severity":"\#(severity)","evidence":[\#(ids)]}]"#
    }

    @Test func `what cites a line of the prompt stays, with the line`() async throws {
        let reply = Sample.answer(observations: observation("port 80 is taken", #""qkpwr","dwlff""#))
        let analysis = try await Sample.conclude(reply).analysis
        #expect(analysis.statements.map(\.evidence) == [["qkpwr", "dwlff"]])
        #expect(analysis.evidence["dwlff"]?.raw.contains("listening on port 80") == true)
        #expect(analysis.dropped.isEmpty)
    }

    @Test(arguments: [#""zzzzz""#, "", ##""#""##, #""F99""#, #""restart-unit""#, #""-""#, #""unit""#])
    func `what cites nothing real is dropped and counted`(ids: String) async throws {
        let reply = Sample.answer(observations: observation("the disk is on fire", ids))
        let analysis = try await Sample.conclude(reply).analysis
        #expect(analysis.statements.isEmpty)
        #expect(analysis.dropped.map(\.reason) == [.noEvidence])
    }

    @Test(arguments: ["mysql.service is down", "look into /etc/shadow", "the timer evil.timer ran"])
    func `what names something nobody has seen is dropped, whatever it cites`(title: String) async throws {
        let reply = Sample.answer(observations: observation(title, #""qkpwr""#))
        let analysis = try await Sample.conclude(reply).analysis
        #expect(analysis.statements.isEmpty)
        #expect(analysis.dropped.map(\.reason) == [.unknownName])
    }

    @Test func `a service that the journal calls by its stem is known`() async throws {
        let reply = Sample.answer(observations: observation("httpd.service holds port 80", #""dwlff""#))
        #expect(try await Sample.conclude(reply).analysis.statements.count == 1)
    }

    @Test func `a model can make things look worse, never better`() async throws {
        let reply = Sample.answer(
            observations: observation("nginx is fine", #""F1""#, severity: "info"), status: "healthy",
            summary: "All is well.")
        let analysis = try await Sample.conclude(reply).analysis
        #expect(analysis.verdict == .intervention)
        #expect(analysis.statements.map(\.severity) == [.critical])
        let quiet = Sample.answer(
            observations: observation("strange", #""qkpwr""#, severity: "critical"), status: "healthy")
        #expect(
            try await Sample.conclude(quiet, material: Sample.material(findings: [])).analysis.verdict == .intervention)
    }

    @Test func `a playbook of the library with fitting parameters is proposed`() async throws {
        let proposals =
            #"[{"playbook":"restart-unit","parameters":[{"name":"unit","value":"nginx.service"}],"#
            + #""reason":"nginx is down","evidence":["F1"],"risk":"low"}]"#
        let analysis = try await Sample.conclude(Sample.answer(proposals: proposals)).analysis
        #expect(analysis.proposals.map(\.parameters) == [["unit": "nginx.service"]])
        let proposal = try Sample.offer.proposal(
            try #require(analysis.proposals.first), Sample.findings, model: ModelName(endpoint: "e", model: "m"))
        #expect(proposal?.requester == .model("e/m"))
    }

    @Test(arguments: [
        ("unit", "nginx.service; rm -rf /"), ("unit", "$(reboot)"), ("unit", "-H root@evil"), ("unit", "*"),
        ("command", "reboot"), ("unit", ""),
    ])
    func `parameters that do not fit drop the proposal`(name: String, value: String) async throws {
        let proposals =
            #"[{"playbook":"restart-unit","parameters":[{"name":"\#(name)","value":"\#(value)"}],"#
            + #""reason":"nginx is down","evidence":["F1"],"risk":"low"}]"#
        let analysis = try await Sample.conclude(Sample.answer(proposals: proposals)).analysis
        #expect(analysis.proposals.isEmpty)
        #expect(analysis.dropped.map(\.reason) == [.unfitting])
    }

    @Test func `a playbook that does not exist is no answer at all`() async throws {
        let proposals =
            #"[{"playbook":"wipe-disk","parameters":[],"reason":"nginx","evidence":["F1"],"risk":"low"}]"#
        await #expect(throws: ModelError.self) {
            try await Sample.conclude(Sample.answer(proposals: proposals))
        }
    }

    @Test func `a proposal's risk is ours, and the model's word can only raise it`() async throws {
        func risk(_ claimed: String) async throws -> Risk? {
            let proposals =
                #"[{"playbook":"restart-unit","parameters":[{"name":"unit","value":"nginx.service"}],"#
                + #""reason":"nginx is down","evidence":["F1"],"risk":"\#(claimed)"}]"#
            let wanted = try await Sample.conclude(Sample.answer(proposals: proposals)).analysis.proposals.first
            return try Sample.offer.proposal(
                try #require(wanted), Sample.findings, model: ModelName(endpoint: "e", model: "m"))?.risk
        }
        let low = try #require(try await risk("low"))
        #expect(try await risk("high") == .high)
        #expect(try #require(try await risk("medium")) >= low)
    }

    @Test func `questions are of the catalogue and have a unit where they need one`() async throws {
        let questions =
            #"[{"look":"unit","unit":"nginx.service"},{"look":"unit","unit":null},"#
            + #"{"look":"disk-usage","unit":null}]"#
        let conclusion = try await Sample.conclude(Sample.answer(questions: questions))
        #expect(conclusion.questions.map(\.description) == ["unit nginx.service", "disk-usage"])
    }
}
