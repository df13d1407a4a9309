// SPDX-License-Identifier: MIT
package import MachaActions
import MachaFindings
import MachaFleet
package import MachaInventory
import MachaModel
import MachaProbes
package import MachaStore

/// One playbook that a person runs on hosts of their choice: planned for each host first, then one host, and when that is
/// verified the others, never more of a group at once than it allows.
package struct Rollout: Sendable {
    /// What would happen on one host.
    package struct Plan: Sendable, Encodable {
        package var host: String
        /// `nil` when the playbook makes none for this host; then ``refusal`` says why.
        package var proposal: Proposal?
        package var decision: Decision?
        package var refusal: String?

        /// It may be carried out once the person has agreed.
        package var isRunnable: Bool { proposal != nil && decision.map { $0.outcome != .refuse } ?? false }
    }

    /// What happened on one host.
    package struct Outcome: Sendable, Encodable {
        package var host: String
        package var title: String
        /// `nil` when it was not begun.
        package var run: RunReport?
        /// Why it was not begun, or how it ended; one line, safe to print.
        package var note: String
        package var isGood: Bool
    }

    private let executor: Executor
    private let playbook: Playbook
    private let person: String
    private let given: [String: String]

    /// `given` are values of the playbook's parameters.
    package init(_ executor: Executor, _ playbook: Playbook, given: [String: String], by person: String) {
        self.executor = executor
        self.playbook = playbook
        self.given = given
        self.person = person
    }

    private var store: Store { executor.store }

    // MARK: Planning

    /// What would happen on each of `hosts`, by their newest snapshots. Changes nothing.
    package func plan(_ hosts: [FleetHost]) async throws(StoreError) -> [Plan] {
        var plans: [Plan] = []
        for host in hosts { plans += try await plan(host) }
        return plans
    }

    private func plan(_ host: FleetHost) async throws(StoreError) -> [Plan] {
        let latest = try store.latest(hosts: [host.name]).first
        let context = try executor.situation.context(for: host, latest?.snapshot, at: executor.now())
        let target = PlaybookTarget(host: host, facts: latest.map { HostFacts($0.snapshot) } ?? HostFacts())
        // Without values of their own a person means what the playbook answers on this host now.
        let answered = given.isEmpty ? (latest?.findings ?? []).filter(answers) : []
        let causes = answered.isEmpty ? [[]] : answered.map { [$0] }
        var plans: [Plan] = []
        for findings in causes {
            do throws(PlaybookRefusal) {
                var proposal = try playbook.proposal(
                    on: target, for: findings, given: given, requester: .person(person))
                if latest?.snapshot.contact == .reached { proposal = await executor.planned(proposal, on: host) }
                plans.append(
                    Plan(host: host.name, proposal: proposal, decision: Policy.decide(proposal, in: context)))
            } catch {
                plans.append(Plan(host: host.name, refusal: error.reason))
            }
        }
        return plans
    }

    private func answers(_ finding: Finding) -> Bool {
        playbook.when.contains { $0.fits(finding, age: .greatestFiniteMagnitude) }
    }

    // MARK: Carrying out

    /// Carries out those of `plans` that policy does not refuse; the person has agreed to all of them. The first host alone,
    /// then the others; the first that fails stops what has not begun. `heard` is called for every host as soon as it
    /// is done, and those that are not begun with the reason.
    package func carryOut(
        _ plans: [Plan], on hosts: [FleetHost], heard: @Sendable (Outcome) -> Void = { _ in }
    ) async throws(StoreError) -> [Outcome] {
        var outcomes = plans.filter { !$0.isRunnable }.map(Self.refused)
        var waiting = plans.filter(\.isRunnable)
        var underWay: Set<String> = []
        var failed: String?
        outcomes.forEach(heard)
        let byName = Dictionary(hosts.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let failure: StoreError? = await withTaskGroup(of: Result<Outcome, StoreError>.self) { group in
            var failure: StoreError?
            while !waiting.isEmpty || !underWay.isEmpty {
                // Until one host is verified, one host at a time.
                let isProven = outcomes.contains { $0.run?.state == .verified }
                while failed == nil, isProven ? underWay.count < Self.width : underWay.isEmpty,
                    let next = waiting.firstIndex(where: { hasRoom(for: byName[$0.host], beside: underWay) })
                {
                    let plan = waiting.remove(at: next)
                    guard let host = byName[plan.host] else { continue }
                    underWay.insert(plan.host)
                    group.addTask { await carryOut(plan, on: host) }
                }
                guard let result = await group.next() else { break }
                switch result {
                // One write that fails stops what has not begun, and cuts off nothing that has.
                case .failure(let error):
                    failure = failure ?? error
                    failed = failed ?? "a write to the database"
                case .success(let outcome):
                    underWay.remove(outcome.host)
                    outcomes.append(outcome)
                    heard(outcome)
                    if !outcome.isGood, failed == nil { failed = outcome.host }
                }
                if failed != nil, underWay.isEmpty { break }
            }
            return failure
        }
        let stopped = waiting.map { plan in
            Outcome(
                host: plan.host, title: plan.proposal?.title ?? "",
                note: "not begun: \(failed ?? "an earlier host") failed first", isGood: false)
        }
        // What was not begun is named in any case: nobody else knows where it stopped.
        stopped.forEach(heard)
        if let failure { throw failure }
        outcomes += stopped
        let order = Dictionary(plans.enumerated().map { ($1.host, $0) }, uniquingKeysWith: { first, _ in first })
        return outcomes.sorted { order[$0.host, default: 0] < order[$1.host, default: 0] }
    }

    /// Hosts changed at once where no group sets a limit.
    private static let width = 8

    private func hasRoom(for host: FleetHost?, beside underWay: Set<String>) -> Bool {
        guard let host else { return true }
        guard !underWay.contains(host.name) else { return false }
        return executor.situation.limits(of: host).allSatisfy { underWay.intersection($0.hosts).count < $0.atOnce }
    }

    private static func refused(_ plan: Plan) -> Outcome {
        let why = plan.refusal ?? plan.decision.map { "\($0.rule.rawValue): \($0.sentence)" } ?? "not planned"
        return Outcome(host: plan.host, title: plan.proposal?.title ?? "", note: "refused (\(why))", isGood: false)
    }

    private func carryOut(_ plan: Plan, on host: FleetHost) async -> Result<Outcome, StoreError> {
        guard let proposal = plan.proposal else { return .success(Self.refused(plan)) }
        do throws(StoreError) {
            guard let claim = try claim(proposal, host) else {
                return .success(
                    Outcome(
                        host: host.name, title: proposal.title, note: "refused by policy in the meantime", isGood: false
                    ))
            }
            let report = try await executor.carryOut(claim, on: host)
            // What the person wanted now and could not be begun does not wait for another time.
            if report.run == nil, !report.isNotNeeded, let id = claim.approval {
                try store.withdraw(id, because: "it was for one run: \(report.note)", at: executor.now())
            }
            return .success(
                Outcome(
                    host: host.name, title: proposal.title, run: report, note: report.note, isGood: report.isGood))
        } catch {
            return .failure(error)
        }
    }

    /// The right to carry it out: policy's, or the approval of the person who has just agreed.
    private func claim(_ proposal: Proposal, _ host: FleetHost) throws(StoreError) -> Executor.Claim? {
        let snapshot = try store.latest(hosts: [host.name]).first?.snapshot
        let context = try executor.situation.context(for: host, snapshot, at: executor.now())
        switch Policy.authorize(proposal, in: context) {
        case .run(let authorized): return .policy(authorized)
        case .refuse: return nil
        case .ask(let decision):
            let asked = try store.ask(proposal, because: decision, at: executor.now(), isInsisting: true)
            guard case .asked(let approval) = asked,
                case .success(let granted) = try store.grant(
                    approval.id, content: approval.content, by: person, at: executor.now())
            else { return nil }
            return .approval(granted)
        }
    }
}
