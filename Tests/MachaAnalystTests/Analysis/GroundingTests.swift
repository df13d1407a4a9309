// SPDX-License-Identifier: MIT
import MachaActions
import MachaModel
import MachaTestSupport
import Testing

@testable import MachaAnalyst

@Suite struct GroundingTests {
    private func observation(_ title: String, _ ids: String, severity: String = "warning", detail: String = "")
        -> String
    {
        #"[{"title":"\#(title)","detail":"\#(detail)","severity":"\#(severity)","evidence":[\#(ids)]}]"#
    }

    @Test func `a statement that cites a line of the prompt is kept, with that line`() async throws {
        let reply = Sample.answer(observations: observation("port 80 is taken", #""qkpwr","dwlff""#))
        let analysis = try await Sample.conclude(reply).analysis
        #expect(analysis.statements.map(\.evidence) == [["qkpwr", "dwlff"]])
        #expect(analysis.evidence["dwlff"]?.raw.contains("listening on port 80") == true)
        #expect(analysis.dropped.isEmpty)
    }

    @Test(arguments: [#""zzzzz""#, "", ##""#""##, #""F99""#, #""restart-unit""#, #""-""#, #""unit""#])
    func `a statement without a real citation is dropped and counted`(ids: String) async throws {
        let reply = Sample.answer(observations: observation("the disk is on fire", ids))
        let analysis = try await Sample.conclude(reply).analysis
        #expect(analysis.statements.isEmpty)
        // The summary goes with it.
        #expect(analysis.dropped.map(\.reason) == [.noEvidence, .notCarried])
        #expect(analysis.summary.raw.isEmpty)
    }

    @Test(arguments: ["mysql.service is down", "look into /etc/shadow", "the timer evil.timer ran"])
    func `a statement that names something unknown is dropped, whatever it cites`(title: String) async throws {
        let reply = Sample.answer(observations: observation(title, #""qkpwr""#))
        let analysis = try await Sample.conclude(reply).analysis
        #expect(analysis.statements.isEmpty)
        #expect(analysis.dropped.map(\.reason) == [.unknownName, .notCarried])
    }

    @Test func `a service that the journal calls by its stem is known`() async throws {
        let reply = Sample.answer(observations: observation("httpd.service holds port 80", #""dwlff""#))
        #expect(try await Sample.conclude(reply).analysis.statements.count == 1)
    }

    @Test func `a model can raise a severity, never lower it`() async throws {
        let reply = Sample.answer(
            observations: observation("nginx has failed", #""F1""#, severity: "info"), status: "healthy",
            summary: "All is well.")
        let analysis = try await Sample.conclude(reply).analysis
        #expect(analysis.verdict == .intervention)
        #expect(analysis.statements.map(\.severity) == [.critical])
        #expect(analysis.summary.raw.isEmpty)
        let praise = try await Sample.conclude(
            Sample.answer(observations: observation("nginx is fine", #""F1""#), status: "healthy", summary: "Well.")
        ).analysis
        #expect(praise.verdict == .intervention)
        #expect(praise.statements.isEmpty)
        let quiet = Sample.answer(
            observations: observation("bind() to port 80 failed", #""qkpwr""#, severity: "critical"), status: "healthy")
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
        #expect(analysis.dropped.map(\.reason).first == .unfitting)
    }

    @Test func `a playbook that does not exist is dropped and counted, and the rest of the answer stays`() async throws
    {
        let proposals =
            #"[{"playbook":"wipe-disk","parameters":[],"reason":"nginx","evidence":["F1"],"risk":"low"}]"#
        let reply = Sample.answer(observations: observation("nginx.service has failed", #""F1""#), proposals: proposals)
        let analysis = try await Sample.conclude(reply).analysis
        #expect(analysis.proposals.isEmpty)
        #expect(analysis.dropped.map(\.reason) == [.unknownPlaybook])
        #expect(analysis.statements.count == 1)
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

    @Test func `a critical statement about a host without findings is only a suspicion`() async throws {
        let reply = Sample.answer(
            observations: observation("bind() to port 80 failed", #""qkpwr""#, severity: "critical"),
            cause: #"{"statement":"Port 80 is in use","evidence":["qkpwr"],"confidence":1}"#, status: "intervention")
        #expect(try await Sample.conclude(reply, material: Sample.material(findings: [])).analysis.isAlone == true)
        #expect(try await Sample.conclude(reply).analysis.isAlone == false)
    }

    @Test func `a summary that speaks of what no line holds goes`() async throws {
        let reply = Sample.answer(summary: "The host was broken into and all customer records are gone.")
        let analysis = try await Sample.conclude(reply).analysis
        #expect(analysis.summary.raw.isEmpty)
        #expect(analysis.dropped.map(\.reason) == [.notCarried])
        #expect(analysis.isEmptyHanded)
    }

    @Test func `of an answer that is cut short, what is complete is kept, and it says so`() async throws {
        let whole =
            #"{"status":"attention","summary":"nginx cannot bind.","observations":["#
            + #"{"title":"nginx.service has failed","detail":"","severity":"critical","evidence":["F1"]},"#
            + #"{"title":"port 80 is taken","detail":"by httpd","severity":"warning","eviden"#
        var random = SystemRandomNumberGenerator()
        let model = ScriptedModel(context: 8_192) { _ in .cut(whole) }
        let analysis = try await Analyst(model).conclude(
            Sample.material(), try Sample.offer, mayAsk: true, now: Sample.time, using: &random
        ).analysis
        #expect(analysis.statements.map(\.title.raw) == ["nginx.service has failed"])
        #expect(analysis.summary.raw == "nginx cannot bind.")
        #expect(analysis.dropped.map(\.reason) == [.cutShort])
    }

    @Test(arguments: [
        #"{"status":"attention","summary":"It is"#,
        #"{"status":"attention","summary":"nginx.","observations":[{"title":"#,
        "", "not JSON",
    ])
    func `an answer that is cut short before it says anything is none`(text: String) async throws {
        var random = SystemRandomNumberGenerator()
        let model = ScriptedModel(context: 8_192) { _ in .cut(text) }
        await #expect(throws: ModelError.self) {
            _ = try await Analyst(model).conclude(
                Sample.material(), try Sample.offer, mayAsk: true, now: Sample.time, using: &random)
        }
        #expect(model.requests.count == 1)
    }
}
