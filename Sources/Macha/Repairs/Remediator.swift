// SPDX-License-Identifier: MIT
package import MachaActions
import MachaFindings
import MachaFleet
package import MachaInventory
package import MachaModel
import MachaProbes
package import MachaStore
import struct Foundation.Date

/// From what is wrong to what is done about it, after a check of the fleet:
///
///     [Finding] ─ PlaybookLibrary.match ─▶ [Proposal] ─ Policy.authorize ─▶ run | ask | refuse
///     Analysis ─ PlaybookOffer.proposal ─┘ (never run)
///     run ─ Executor ─▶ RunReport        ask ─ Store.ask ─▶ Approval
///
/// On each host what an earlier controller left is settled first, and what was approved meanwhile is carried out. No host
/// waits for another: not for its repair, and not for the settling of what was left there.
package struct Remediator: Sendable {
    private let executor: Executor
    private let library: PlaybookLibrary
    private let inventory: Inventory

    package init(_ executor: Executor, _ library: PlaybookLibrary, _ inventory: Inventory) {
        self.executor = executor
        self.library = library
        self.inventory = inventory
    }

    private var store: Store { executor.store }

    /// Acts on `hosts` by their newest snapshots, several hosts at a time and one action a host.
    ///
    /// With `isJustAnalysed` a model has answered just now, perhaps about the snapshot before the newest one.
    package func run(
        _ hosts: [FleetHost], width: Int = 8, isJustAnalysed: Bool = false
    ) async throws(StoreError) -> RepairReport {
        var report = RepairReport()
        report.recovered = try await Recovery(executor, inventory).closeForsaken()
        let unsettled = try store.hostsWithOpenRuns()
        // Hosts on which something was left may be the dead ones, so they do not take the places of the others.
        let order = hosts.filter { !unsettled.contains($0.name) } + hosts.filter { unsettled.contains($0.name) }
        var failures: [StoreError] = []
        await FanOut.run(order, width: width) { host in
            (host.name, await repair(host, isJustAnalysed))
        } receive: { (host, outcome) in
            switch outcome {
            case .success(let repair):
                report.recovered += repair.recovered
                report.entries += repair.entries
                report.suggestions += repair.suggestions
            // What fails for one host must neither cut off nor hide what was done on others.
            case .failure(let error):
                failures.append(error)
                report.troubles.append(RepairReport.Trouble(host: host, message: "\(error)"))
            }
        }
        if let failure = failures.first, failures.count == hosts.count { throw failure }
        let places = Dictionary(hosts.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        report.entries.sort { places[$0.host, default: 0] < places[$1.host, default: 0] }
        report.waiting = try store.waitingApprovals(at: executor.now())
        return report
    }

    private struct HostRepair: Sendable {
        var recovered: [Recovery.Note] = []
        var entries: [RepairReport.Entry] = []
        var suggestions: [String] = []
    }

    private func repair(_ host: FleetHost, _ isJustAnalysed: Bool) async -> Result<HostRepair, StoreError> {
        do throws(StoreError) {
            var repair = HostRepair(recovered: try await Recovery(executor, inventory).run(on: [host.name]))
            try store.withdrawSolved(of: host.name, at: executor.now())
            repair.entries = try await carryOutGranted(host)
            guard let latest = try store.latest(hosts: [host.name]).first, latest.snapshot.contact == .reached else {
                return .success(repair)
            }
            let open = try store.openIssues(hosts: [host.name])
            let now = executor.now()
            // A clock that was set back must not make a problem younger than new.
            let since = Dictionary(
                open.map { ($0.finding.fingerprint, min($0.firstSeen, now)) }, uniquingKeysWith: { first, _ in first })
            let target = PlaybookTarget(host: host, facts: HostFacts(latest.snapshot))
            let matches = library.match(latest.findings, on: target, firstSeen: since, now: now)
            let model = ModelProposals(store: store, library: library)
            let analysis = try model.analysis(of: latest, isJustMade: isJustAnalysed)
            let wanted = analysis.map { model.proposals(of: $0, for: latest, on: target) } ?? []
            let answers = Set(matches.proposals.map { $0.steps.map(\.action) })
            // What a playbook answers by itself needs no model to ask for it. Of the rest policy runs nothing: without the
            // model nobody would have proposed it.
            for proposal in matches.proposals + wanted.filter({ !answers.contains($0.steps.map(\.action)) }) {
                repair.entries.append(try await decide(proposal, host, latest.snapshot))
            }
            if let analysis { repair.suggestions = try suggest(analysis) }
            return .success(repair)
        } catch {
            return .failure(error)
        }
    }

    /// Writes what a model would change in the configuration into files for a person.
    private func suggest(_ analysis: Analysis) throws(StoreError) -> [String] {
        var files: [String] = []
        for suggestion in Suggestion.all(of: analysis) {
            let file = try suggestion.write(in: executor.folder, at: executor.now())
            try suggestion.note(file, in: store, at: executor.now())
            files.append(file)
        }
        return files
    }

    /// What a person has approved and that has not begun: approved with `--no-wait`, or while the host could not be
    /// reached.
    private func carryOutGranted(_ host: FleetHost) async throws(StoreError) -> [RepairReport.Entry] {
        var entries: [RepairReport.Entry] = []
        for approval in try store.grantedApprovals(of: host.name, at: executor.now()) {
            // `macha run` asks and begins at once. What one that was ended left behind was meant for that moment only.
            guard approval.proposal.requester.isAutomatic else {
                let age = executor.now().timeIntervalSince(approval.requestedAt)
                if age > 600 {
                    try store.withdraw(
                        approval.id, because: "it was for one run, which ended before it began",
                        at: executor.now())
                }
                continue
            }
            var entry = RepairReport.Entry(approval.proposal, approval.decision)
            entry.approval = approval.id
            entry.run = try await executor.carryOut(.approval(approval), on: host)
            entries.append(entry)
        }
        return entries
    }

    private func decide(
        _ proposal: Proposal, _ host: FleetHost, _ snapshot: Snapshot
    ) async throws(StoreError) -> RepairReport.Entry {
        let context = try executor.situation.context(for: host, snapshot, at: executor.now())
        // What is refused anyway needs no word of the host.
        let isRefused = Policy.decide(proposal, in: context).outcome == .refuse
        let proposal = isRefused ? proposal : await executor.planned(proposal, on: host)
        switch Policy.authorize(proposal, in: context) {
        case .refuse(let decision):
            try store.noteDecision(decision, on: proposal, at: executor.now())
            return RepairReport.Entry(proposal, decision)
        case .ask(let decision):
            var entry = RepairReport.Entry(proposal, decision)
            switch try store.ask(proposal, because: decision, at: executor.now()) {
            case .asked(let approval), .seenAgain(let approval), .granted(let approval):
                entry.approval = approval.id
            case .rejected(let approval):
                entry.rejected = approval.id
                entry.rejectedBecause = approval.reason
            }
            return entry
        case .run(let authorized):
            let decision = Policy.decide(proposal, in: context)
            var entry = RepairReport.Entry(proposal, decision)
            // A read-only playbook would run again at every cycle, for as long as the problem lasts.
            if !proposal.steps.contains(where: { $0.action.footprint == .changes }),
                try !store.noteDecision(decision, on: proposal, at: executor.now())
            {
                return entry
            }
            entry.run = try await executor.carryOut(.policy(authorized), on: host)
            return entry
        }
    }
}

/// What was done, asked and refused in one cycle.
package struct RepairReport: Sendable, Encodable {
    package struct Entry: Sendable, Encodable {
        package var host: String
        package var title: String
        package var playbook: String?
        /// Who wants it: Macha itself, a model or a person.
        package var requester: Requester
        package var risk: Risk
        package var decision: Decision
        /// The approval that waits, or that it came from.
        package var approval: Int?
        /// The approval that a person has rejected not long ago.
        package var rejected: Int?
        /// What that person gave as the reason; empty if nothing.
        package var rejectedBecause = ""
        /// What carrying it out came to; `nil` when it was not tried.
        package var run: RunReport?

        init(_ proposal: Proposal, _ decision: Decision) {
            host = proposal.host
            title = proposal.title
            playbook = proposal.playbook
            requester = proposal.requester
            risk = proposal.risk
            self.decision = decision
        }
    }

    package struct Trouble: Sendable, Encodable {
        package var host: String
        package var message: String
    }

    package var recovered: [Recovery.Note] = []
    package var entries: [Entry] = []
    /// Files in which a model suggests changes of the configuration.
    package var suggestions: [String] = []
    /// Approvals that wait now, of all hosts.
    package var waiting = 0
    /// Hosts for which something could not be read or written, so that not everything was done that may be done.
    package var troubles: [Trouble] = []

    /// Something was done on a host, so that it may not be any more as it was before.
    package var hasActed: Bool { entries.contains { $0.run?.hasActed ?? false } }

    /// Nothing to say.
    package var isEmpty: Bool {
        recovered.isEmpty && entries.isEmpty && suggestions.isEmpty && waiting == 0
            && troubles.isEmpty
    }
}
