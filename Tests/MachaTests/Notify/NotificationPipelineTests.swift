// SPDX-License-Identifier: MIT
import Testing

@Suite struct NotificationPipelineTests {
    @Test(arguments: NoticeScenarios.all)
    func `people are told what they must be told, once and in time`(scenario: NoticeScenario) throws {
        let run = try ScenarioRun(scenario)
        var rest = run.notices
        for expected in run.expected {
            let index = try #require(
                rest.firstIndex { expected.meets($0) }, "missing: \(expected.notice); told: \(run.notices)")
            rest.remove(at: index)
        }
        #expect(rest.isEmpty, "not expected")
        for held in run.expectedHeld { #expect(run.held.contains(held), "held back: \(run.held.sorted())") }
    }

    @Test func `every scenario has a name of its own`() {
        #expect(NoticeScenarios.all.count >= 60)
        #expect(Set(NoticeScenarios.all.map(\.name)).count == NoticeScenarios.all.count)
    }
}
