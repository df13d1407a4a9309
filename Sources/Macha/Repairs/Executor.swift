// SPDX-License-Identifier: MIT
package import MachaActions
import MachaFindings
package import MachaFleet
package import MachaInventory
import MachaModel
import MachaProbes
package import MachaStore
package import struct Foundation.Date

/// Carries out what policy or a person has authorised, at most once, and tells what is true afterwards.
///
/// In this order: the host's lock; which machine responds, and that machine's lock; a new observation of the host, by
/// which the reason must still be there and policy must still agree; the approval is used up; then for each action what
/// came before is noted,
/// `started` is on the disk, and in a file beside the database, before its first byte leaves, it acts, its proofs are looked at,
/// and the outcome is on the disk. What fails is taken back where
/// the plan has a way back. Success means that the proofs held.
package struct Executor: Sendable {
    /// What gives the right to act.
    package enum Claim: Sendable {
        /// Policy said run.
        case policy(AuthorizedAction)
        /// A person has granted this approval.
        case approval(Approval)

        package var proposal: Proposal {
            switch self {
            case .policy(let authorized): authorized.proposal
            case .approval(let approval): approval.proposal
            }
        }

        package var approval: Int? {
            if case .approval(let approval) = self { approval.id } else { nil }
        }
    }

    let store: Store
    let situation: PolicyContextLoader
    let folder: String
    let exports: Exports
    let connect: HostSession.Connect
    let waiting: Waiting
    let now: @Sendable () -> Date
    let collector: Collector
    /// Seconds a change is watched at the most; `nil` for as long as its plan says.
    let settle: Int?

    /// `folder` is the state directory, where the locks are; `connect` makes a new way to a host each time.
    package init(
        store: Store, situation: PolicyContextLoader, folder: String, waiting: Waiting = .real, settle: Int? = nil,
        now: @escaping @Sendable () -> Date = { Date() }, connect: @escaping HostSession.Connect
    ) {
        self.store = store
        self.situation = situation
        self.folder = folder
        exports = Exports(folder: folder)
        self.connect = connect
        self.waiting = waiting
        self.settle = settle
        self.now = now
        collector = Collector(now: now)
    }

    /// `proposal` with what the host itself says, right now, of the units that would move along with its own.
    func planned(_ proposal: Proposal, on host: FleetHost) async -> Proposal {
        guard !proposal.movedUnits.isEmpty else { return proposal }
        let session = HostSession(host, connect: connect)
        let planned = await planned(proposal, session)
        await session.close()
        return planned
    }

    private func planned(_ proposal: Proposal, _ session: HostSession) async -> Proposal {
        let companions = await session.companions(of: proposal.movedUnits)
        // Planning throws for what is refused on this host whoever asks; policy says so of the proposal as it is.
        return (try? proposal.planned(in: RiskContext(host: session.host, companions: companions))) ?? proposal
    }

    /// Carries out `claim` on `host`.
    package func carryOut(_ claim: Claim, on host: FleetHost) async throws(StoreError) -> RunReport {
        guard let lock = try HostLock.take(host.name, in: folder) else {
            return RunReport(
                claim.proposal, approval: claim.approval, state: .authorised,
                note: "another change is under way on this host; nothing was sent")
        }
        defer { withExtendedLifetime(lock) {} }
        if let conflict = try exports.conflict(with: store) {
            return RunReport(
                claim.proposal, approval: claim.approval, state: .authorised,
                note: "nothing was sent: \(conflict.sentence); \(ExportConflict.remedy)")
        }
        let session = HostSession(host, connect: connect)
        let start = waiting.elapsed()
        do throws(StoreError) {
            var report = try await identified(claim, session)
            report.seconds = ((waiting.elapsed() - start) / .seconds(1) * 10).rounded() / 10
            await session.close()
            return report
        } catch {
            await session.close()
            throw error
        }
    }

    /// Carries it out if the machine that answers is the one it is for, and nobody else is changing that one.
    private func identified(_ claim: Claim, _ session: HostSession) async throws(StoreError) -> RunReport {
        let machine: MachineIdentity
        do throws(ContactFailure) {
            machine = try await session.identify()
        } catch {
            return RunReport(
                claim.proposal, approval: claim.approval, state: .authorised,
                note: "nothing was sent: \(error.message.printable(limit: 300))")
        }
        if let objection = MachineCheck.objection(to: claim.proposal, on: session.host, machine) {
            return try refuse(claim, objection)
        }
        switch try MachineLock.take(machine) {
        case .held(let holder):
            return RunReport(
                claim.proposal, approval: claim.approval, state: .authorised,
                note: "another change is under way on this machine, by \(holder); nothing was sent")
        case .taken(let lock):
            defer { withExtendedLifetime(lock) {} }
            return try await carryOut(claim, session, machine)
        }
    }

    private func carryOut(
        _ claim: Claim, _ session: HostSession, _ machine: MachineIdentity
    ) async throws(StoreError) -> RunReport {
        let proposal = claim.proposal
        let snapshot = await session.snapshot(collector)
        if snapshot.contact == .reached, snapshot.hostKey != machine.hostKey {
            return RunReport(
                proposal, approval: claim.approval, state: .authorised,
                note: "nothing was sent: two machines respond in turn under this name")
        }
        let today = snapshot.contact == .reached ? await planned(proposal, session) : proposal
        switch try recheck(claim, today, session.host, snapshot) {
        case .wait(let why):
            return RunReport(proposal, approval: claim.approval, state: .authorised, note: why)
        case .notNeeded(let why):
            var report = try withdraw(claim, why)
            report.isNotNeeded = true
            return report
        case .changed(let why):
            return try withdraw(claim, why)
        case .go: break
        }
        if let missing = await missingRight(for: proposal, session) {
            return RunReport(proposal, approval: claim.approval, state: .authorised, note: missing)
        }
        let authorized: AuthorizedAction
        let run: Int64
        switch claim {
        case .policy(let policy):
            authorized = policy
            run = try store.open(policy, at: now())
        case .approval(let approval):
            switch try store.use(approval.id, at: now()) {
            case .success(let used): (run, authorized) = used
            case .failure(let error):
                return RunReport(proposal, approval: approval.id, state: .skipped, note: error.description)
            case nil:
                return RunReport(proposal, approval: approval.id, state: .skipped, note: "the approval does not exist")
            }
        }
        let work = RunExecution(self, authorized, run: run, session, machine)
        var report = try await work.carryOut(snapshot)
        if report.hasActed { report.changes = try await observe(session) }
        return report
    }

    // MARK: The last look before anything is sent

    private enum Verdict {
        case go
        /// Not now; an approval stays granted.
        case wait(String)
        case notNeeded(String)
        /// It would not be what was decided about or approved.
        case changed(String)
    }

    /// `today` is what the same actions are by what the host says now.
    private func recheck(
        _ claim: Claim, _ today: Proposal, _ host: FleetHost, _ snapshot: Snapshot
    ) throws(StoreError) -> Verdict {
        let proposal = claim.proposal
        if case .failed(let failure) = snapshot.contact {
            return .wait("nothing was sent: \(failure.message.printable(limit: 300))")
        }
        if let finding = proposal.finding {
            switch try store.standing(of: finding, by: try store.judge(snapshot, of: host)) {
            case .present: break
            case .gone: return .notNeeded("the problem is already gone; nothing was done")
            case .unknown(let why):
                return .wait("nothing was sent: could not determine whether the problem is still there: \(why)")
            }
        }
        let context = try situation.context(for: host, snapshot, at: now())
        switch claim {
        case .policy:
            let decision = Policy.decide(today, in: context)
            guard decision.outcome == .run else {
                return .wait("policy no longer allows it (\(decision.rule.rawValue)): \(decision.sentence)")
            }
        case .approval(let approval):
            // The person who approved it is not asked again; what is forbidden to everyone is still refused.
            let person = Requester.person(approval.decidedBy ?? "unknown")
            let decision = Policy.decide(today, as: person, in: context)
            guard decision.outcome != .refuse else {
                return .wait("nothing was sent (\(decision.rule.rawValue)): \(decision.sentence)")
            }
        }
        if today.isLessKnown(than: proposal) {
            return .wait("nothing was sent: the host did not report which other units would change")
        }
        guard let change = today.change(since: proposal) else { return .go }
        return .changed("\(change); nothing was done, and the next check decides again")
    }

    /// What was decided for another machine is not carried out on this one: its approval ends, and a new one is asked for.
    private func refuse(_ claim: Claim, _ why: String) throws(StoreError) -> RunReport {
        if let id = claim.approval { try store.withdraw(id, because: why, at: now()) }
        try store.note(
            .refused(AuditEvent.Withheld(title: claim.proposal.title, why: why)), host: claim.proposal.host, at: now())
        return RunReport(
            claim.proposal, approval: claim.approval, state: .skipped,
            note:
                "nothing was sent: \(why); 'macha check \(claim.proposal.host)' asks for a new approval where one is needed"
        )
    }

    private func withdraw(_ claim: Claim, _ why: String) throws(StoreError) -> RunReport {
        let report = RunReport(claim.proposal, approval: claim.approval, state: .skipped, note: why)
        if let id = claim.approval { try store.withdraw(id, because: why, at: now()) }
        try store.note(
            .skipped(AuditEvent.Withheld(title: claim.proposal.title, why: why)), host: claim.proposal.host, at: now())
        return report
    }
}
