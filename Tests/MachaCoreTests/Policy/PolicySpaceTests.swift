// SPDX-License-Identifier: MIT
import Testing

@testable import MachaCore

/// What must hold of every decision there can be. The whole space is walked once for each property.
@Suite struct PolicySpaceTests {
    /// The number of decisions in the space, and the first few that break the property.
    private func violations(_ property: (PolicySpace.Case, AutonomyLevel, Decision) -> String?) throws
        -> (count: Int, broken: [String])
    {
        var count = 0
        var broken: [String] = []
        try PolicySpace.forEach { question in
            for level in AutonomyLevel.allCases {
                count += 1
                let decision = question.decision(at: level)
                if let complaint = property(question, level, decision), broken.count < 5 {
                    broken.append("\(complaint): \(question.action) \(question.requester) at \(level), \(decision)")
                }
            }
        }
        return (count, broken)
    }

    @Test func `no path lets a protected unit, host or an untrusted or unknown host run unasked`() throws {
        let result = try violations { question, _, decision in
            guard decision.outcome == .run, question.action.footprint == .changes else {
                let isBlind = question.context.standing != .known
                let reaches = question.action.footprint != .controller
                return isBlind && reaches && decision.outcome != .refuse ? "something is sent" : nil
            }
            if question.isProtectedUnit { return "a protected unit runs" }
            if question.context.host.isProtected { return "a protected host changes" }
            if question.context.standing != .known { return "a host we know nothing of changes" }
            return nil
        }
        #expect(result.broken.isEmpty)
        #expect(result.count == 497_664)
    }

    @Test func `observe changes nothing, whoever asks`() throws {
        let result = try violations { question, level, decision in
            level == .observe && question.action.footprint == .changes && decision.outcome != .refuse ? "it may" : nil
        }
        #expect(result.broken.isEmpty)
    }

    @Test func `raising the level never makes the outcome more cautious`() throws {
        var last: Decision.Outcome = .refuse
        let result = try violations { _, level, decision in
            defer { last = decision.outcome }
            return level != .observe && decision.outcome > last ? "more cautious than one level below" : nil
        }
        #expect(result.broken.isEmpty)
    }

    @Test(arguments: Risk.allCases)
    func `what a model claims never makes the outcome less cautious`(claimed: Risk) throws {
        let result = try violations { question, level, decision in
            question.decision(at: level, raisedTo: claimed).outcome < decision.outcome ? "the claim lowered it" : nil
        }
        #expect(result.broken.isEmpty)
    }

    @Test func `a pause stops every change and nothing else`() throws {
        let result = try violations { question, _, decision in
            guard question.context.pause.fleet != nil else { return nil }
            if question.action.footprint == .changes { return decision.outcome == .refuse ? nil : "it goes on" }
            return decision.rule == .paused ? "a look was stopped" : nil
        }
        #expect(result.broken.isEmpty)
    }

    @Test func `a person is never met with more caution than Macha itself`() throws {
        let result = try violations { question, level, decision in
            var person = question
            person.requester = .person("anna")
            return person.decision(at: level).outcome > decision.outcome ? "more caution" : nil
        }
        #expect(result.broken.isEmpty)
    }

    @Test func `every rule is the answer somewhere, and the same question has the same answer`() throws {
        var rules: Set<PolicyRule> = []
        let result = try violations { question, level, decision in
            rules.insert(decision.rule)
            return question.decision(at: level) == decision ? nil : "another answer"
        }
        #expect(result.broken.isEmpty)
        // What cannot be carried out at all has tests of its own.
        #expect(rules == Set(PolicyRule.allCases).subtracting([.impossible]))
    }
}
