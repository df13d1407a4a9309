// SPDX-License-Identifier: MIT
import MachaActions
import MachaInventory
import MachaModel
import Testing

/// What must hold of every decision there can be. The whole space is walked once, and every property asked on the way.
@Suite struct PolicySpaceTests {
    private static let walk = PolicyWalk()

    @Test(arguments: PolicyWalk.Property.allCases)
    func `a property of the policy holds for every decision`(property: PolicyWalk.Property) throws {
        let walk = try #require(Self.walk, "the space could not be made")
        #expect(walk.broken[property] == nil)
    }

    @Test func `the space has as many decisions as its dimensions say`() throws {
        // For each action and level: past, standing, requester, groups, pause, protected host, the playbook's level; for the
        // five that change something (a protected unit counts twice: named by its playbook or not) also quiet hours.
        let common = 4 * 8 * 3 * 3 * 3 * 2 * 2 * 2
        let walk = try #require(Self.walk)
        #expect(walk.count == common * (5 * 6 + 2))
    }

    @Test func `every rule is the answer somewhere`() throws {
        // What cannot be carried out at all, and a host in maintenance, have tests of their own.
        #expect(try #require(Self.walk).rules == Set(PolicyRule.allCases).subtracting([.impossible, .maintenance]))
    }
}

/// One walk through all of ``PolicySpace``, and the first decision that breaks each property.
struct PolicyWalk {
    enum Property: String, CaseIterable {
        case noProtectedUnitRunsUnasked, noProtectedHostChangesUnasked, nothingIsSentToHostsWeDoNotKnow
        case observeChangesNothing, aHigherLevelIsNeverMoreCautious, aClaimNeverLowersTheCaution
        case aPauseStopsEveryChange, aPauseStopsNoLook, aPersonIsNeverMetWithMoreCaution, theAnswerIsAlwaysTheSame
    }

    private(set) var count = 0
    private(set) var rules: Set<PolicyRule> = []
    private(set) var broken: [Property: String] = [:]

    init?() {
        var walk = (count: 0, rules: Set<PolicyRule>(), broken: [Property: String]())
        do {
            try PolicySpace.forEach { question in
                var last = Decision.Outcome.refuse
                for level in AutonomyLevel.allCases {
                    let decision = question.decision(at: level)
                    walk.count += 1
                    walk.rules.insert(decision.rule)
                    for property in Self.broken(by: decision, at: level, of: question, after: last)
                    where walk.broken[property] == nil {
                        walk.broken[property] = "\(question.action) \(question.requester) at \(level): \(decision)"
                    }
                    last = decision.outcome
                }
            }
        } catch {
            return nil
        }
        (count, rules, broken) = walk
    }

    private static func broken(
        by decision: Decision, at level: AutonomyLevel, of question: PolicySpace.Case, after last: Decision.Outcome
    ) -> [Property] {
        var broken: [Property] = []
        func require(_ property: Property, _ holds: Bool) { if !holds { broken.append(property) } }
        let changes = question.action.footprint == .changes
        let runs = decision.outcome == .run
        let isPaused = question.context.pause.fleet != nil
        require(.noProtectedUnitRunsUnasked, !(runs && question.isProtectedUnit))
        require(.noProtectedHostChangesUnasked, !(runs && changes && question.context.host.isProtected))
        let isSent = question.action.footprint != .controller
        require(
            .nothingIsSentToHostsWeDoNotKnow,
            question.context.standing == .known || !isSent || decision.outcome == .refuse)
        require(.observeChangesNothing, level != .observe || !changes || decision.outcome == .refuse)
        require(.aHigherLevelIsNeverMoreCautious, decision.outcome <= last || level == .observe)
        require(.aPauseStopsEveryChange, !isPaused || !changes || decision.outcome == .refuse)
        require(.aPauseStopsNoLook, changes || decision.rule != .paused)
        let claimed = question.decision(at: level, raisedTo: .high)
        require(.aClaimNeverLowersTheCaution, claimed.outcome >= decision.outcome)
        require(.theAnswerIsAlwaysTheSame, question.risk < .high || claimed == decision)
        if question.requester.isAutomatic {
            var person = question
            person.requester = .person("anna")
            require(.aPersonIsNeverMetWithMoreCaution, person.decision(at: level).outcome <= decision.outcome)
        }
        return broken
    }
}
