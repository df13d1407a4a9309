// SPDX-License-Identifier: MIT
import Testing

@testable import MachaCore

@Suite struct ActionRiskTests {
    @Test(arguments: [
        ("would restart the following units: sshd.service", Risk.high),
        ("would stop the following units: srv.mount", .high),
        ("would reload the following units: firewall.service, demo.service", .high), ("would restart systemd", .high),
        ("would restart the following units: demo.service", .medium), ("would activate the configuration...", .medium),
        ("would NOT stop the following changed units: sshd.service", .medium),
        ("would start the following units: bad name!.service", .high),
    ])
    func `what an activation would touch raises the risk of a test`(output: String, expected: Risk) {
        let context = RiskContext(activation: ActivationPreview(output))
        #expect(Action.rebuild(Rebuild(.test)).risk(in: context).risk == expected)
        #expect(Action.rebuild(Rebuild(.switch)).risk(in: context).risk == .high)
    }

    @Test func `a rebuild that nobody has looked at is of high risk`() {
        #expect(Action.rebuild(Rebuild(.test)).risk().risk == .high)
        #expect(Action.rebuild(Rebuild(.dryActivate)).risk().risk == .low)
    }

    @Test func `a protected unit makes any action on it risky, also one that is pulled along`() throws {
        let sshd = try UnitName("sshd.service")
        #expect(Action.restartUnit(sshd).risk().risk == .high)
        let demo = try UnitName("demo.service")
        #expect(Action.restartUnit(demo).risk().risk == .low)
        #expect(Action.restartUnit(demo).risk(in: RiskContext(pulledAlong: [sshd])).risk == .high)
        let own = RiskContext(protection: ProtectedUnits(adding: ["demo"]))
        #expect(Action.restartUnit(demo).risk(in: own).risk == .high)
    }

    @Test func `nothing known of a host lowers a risk`() throws {
        let contexts = [
            RiskContext(isController: true), RiskContext(activation: ActivationPreview("would restart systemd")),
            RiskContext(pulledAlong: try (0..<9).map { try UnitName("u\($0)") }),
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
