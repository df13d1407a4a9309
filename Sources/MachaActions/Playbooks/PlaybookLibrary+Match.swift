// SPDX-License-Identifier: MIT
package import MachaFindings
package import MachaModel
package import struct Foundation.Date

/// A proposal with what is known of earlier attempts.
package struct PlaybookMatch: Hashable, Sendable {
    package var proposal: Proposal
    /// Every finding it answers, the first one with the values.
    package var findings: [Fingerprint]
    /// How often the first changing step was done on the same target within the last hour: with the loop breaker's
    /// limit reached, policy asks a person.
    package var recentAttempts: Int
    package var lastAttempt: Date?
}

/// What a library has to say about the findings of a host.
package struct PlaybookMatches: Hashable, Sendable {
    package var matches: [PlaybookMatch] = []
    /// Playbooks that answer a finding and yet make no proposal, with the reason.
    package var refusals: [PlaybookRefusal] = []

    package var proposals: [Proposal] { matches.map(\.proposal) }
}

extension PlaybookLibrary {
    /// The proposals for the findings of one host: in the order of the findings, then by playbook id. Deterministic; a
    /// finding that no playbook answers has none.
    ///
    /// - Parameters:
    ///   - findings: all that is known to be wrong with the host, since some speak against a repair of others
    ///   - target: the host
    ///   - firstSeen: since when each problem is known; one that is not in there counts as new
    ///   - history: actions that were begun before, of the whole fleet, in any order
    ///   - now: the time of the findings
    /// - Returns: every proposal once, also when it answers several findings.
    package func match(
        _ findings: [Finding], on target: PlaybookTarget, firstSeen: [Fingerprint: Date] = [:],
        history: [ActionRecord] = [], now: Date
    ) -> PlaybookMatches {
        let ages = Dictionary(
            findings.map { ($0.fingerprint, now.timeIntervalSince(firstSeen[$0.fingerprint] ?? now)) },
            uniquingKeysWith: { first, _ in first })
        var result = PlaybookMatches()
        var groups: [(playbook: Playbook, actions: [Action], findings: [Finding])] = []
        for finding in findings {
            for (playbook, actions) in answers(to: finding, among: findings, ages, target, &result.refusals) {
                let same = groups.firstIndex { $0.playbook.id == playbook.id && $0.actions == actions }
                if let same {
                    groups[same].findings.append(finding)
                } else {
                    groups.append((playbook, actions, [finding]))
                }
            }
        }
        for group in groups {
            guard let proposal = try? group.playbook.proposal(on: target, for: group.findings, requester: .macha) else {
                continue  // it was made for the first of these findings a moment ago
            }
            result.matches.append(match(proposal, group.findings, history, now))
        }
        return result
    }

    /// The playbooks for one finding with what each would do, without those that another one of them stands in for.
    private func answers(
        to finding: Finding, among all: [Finding], _ ages: [Fingerprint: Double], _ target: PlaybookTarget,
        _ refusals: inout [PlaybookRefusal]
    ) -> [(Playbook, [Action])] {
        func age(_ finding: Finding) -> Double { ages[finding.fingerprint] ?? 0 }
        var answers: [(Playbook, [Action])] = []
        for playbook in playbooks {
            guard playbook.when.contains(where: { $0.fits(finding, age: age(finding)) }),
                !playbook.unless.contains(where: { condition in all.contains { condition.fits($0, age: age($0)) } })
            else { continue }
            do throws(PlaybookRefusal) {
                let proposal = try playbook.proposal(on: target, for: [finding], requester: .macha)
                answers.append((playbook, proposal.steps.map(\.action)))
            } catch {
                if !refusals.contains(error) { refusals.append(error) }
            }
        }
        let replaced = Set(answers.flatMap { $0.0.insteadOf })
        return answers.filter { !replaced.contains($0.0.id) }
    }

    private func match(
        _ proposal: Proposal, _ findings: [Finding], _ history: [ActionRecord], _ now: Date
    ) -> PlaybookMatch {
        let first = proposal.steps.map(\.action).first { $0.footprint == .changes }
        let earlier = history.filter { record in
            record.host == proposal.host && record.kind == first?.kind && record.target == first?.target
        }
        return PlaybookMatch(
            proposal: proposal, findings: findings.map(\.fingerprint),
            recentAttempts: earlier.count { now.timeIntervalSince($0.startedAt) < 3600 },
            lastAttempt: earlier.map(\.startedAt).max())
    }
}
