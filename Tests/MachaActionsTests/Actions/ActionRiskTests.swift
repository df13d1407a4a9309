// SPDX-License-Identifier: MIT
import MachaActions
import MachaModel
import Testing

@Suite struct ActionRiskTests {
    @Test(arguments: [
        ("would restart the following units: sshd.service", Risk.high),
        ("would stop the following units: srv.mount", .high),
        ("would reload the following units: firewall.service, demo.service", .high), ("would restart systemd", .high),
        ("would restart the following units: demo.service", .medium), ("would activate the configuration...", .medium),
        ("would NOT stop the following changed units: sshd.service", .medium),
        ("would start the following units: bad name!.service", .high),
    ])
    func `units that an activation would touch raise the risk of a test`(output: String, expected: Risk) {
        let context = RiskContext(activation: ActivationPreview(output))
        #expect(Action.rebuild(Rebuild(.test)).risk(in: context).risk == expected)
        #expect(Action.rebuild(Rebuild(.switch)).risk(in: context).risk == .high)
    }

    @Test func `a rebuild without a preview has high risk`() {
        #expect(Action.rebuild(Rebuild(.test)).risk().risk == .high)
        #expect(Action.rebuild(Rebuild(.dryActivate)).risk().risk == .low)
    }

    @Test func `a protected unit makes any action on it risky, also one that is pulled along`() throws {
        let sshd = try UnitName("sshd.service")
        #expect(Action.restartUnit(sshd).risk().risk == .high)
        let demo = try UnitName("demo.service")
        #expect(Action.restartUnit(demo).risk().risk == .low)
        func risk(_ answer: Companions.Answer?) -> Risk {
            let companions = Companions(answer.map { [demo: $0] } ?? [:])
            return Action.restartUnit(demo).risk(in: RiskContext(companions: companions)).risk
        }
        #expect(risk(.known([], ending: nil)) == .low)
        #expect(risk(.known([sshd], ending: nil)) == .high)
        #expect(risk(.known([], ending: "SuccessAction=poweroff")) == .high)
        // What nobody knows is not harmless.
        #expect(risk(.unknown("the link was lost")) == .high)
        #expect(risk(nil) == .high)
        let own = RiskContext(protection: ProtectedUnits(adding: ["demo"]))
        #expect(Action.restartUnit(demo).risk(in: own).risk == .high)
    }

    @Test func `nothing known of a host lowers a risk`() throws {
        let contexts = [
            RiskContext(isController: true), RiskContext(activation: ActivationPreview("would restart systemd")),
            RiskContext(companions: Companions([:])),
            RiskContext(protection: ProtectedUnits(adding: ["*"])),
        ]
        for action in try ActionSamples.all() where action != .rebuild(Rebuild(.test)) {
            for context in contexts { #expect(action.risk(in: context).risk >= action.risk().risk, "\(action)") }
        }
    }

    @Test(arguments: Risk.allCases, Risk.allCases)
    func `another opinion can raise a risk, never lower it`(own: Risk, other: Risk) {
        let raised = RiskAssessment(own, "own").raised(to: other, because: "other")
        #expect(raised.risk == max(own, other))
        #expect(raised.reasons.contains("own"))
    }
}
