// SPDX-License-Identifier: MIT
package import MachaActions
import MachaFindings
import MachaInventory
package import MachaModel
package import MachaStore

import struct Foundation.Date

extension Controller {
    /// The approvals: those that are open, or `all`. Warns of those that were edited.
    package func approvals(all: Bool) throws(ControllerError) -> [Approval] {
        let (store, now) = (try environment.store(), environment.now())
        let approvals = try storing { () throws(StoreError) in try store.approvals(open: !all, at: now) }
        try warnOfEditedApprovals()
        return approvals
    }

    /// One approval, and the run that came of it.
    package func approval(_ id: Int) throws(ControllerError) -> (approval: Approval, run: StoredRun?) {
        let store = try environment.store()
        let found = try storing { () throws(StoreError) in (try store.approval(id), try store.run(ofApproval: id)) }
        guard let approval = found.0 else { throw Self.unknown(id) }
        return (approval, found.1)
    }

    /// All that is recorded about approval `id`, for a person who wants to understand before deciding.
    package func approvalFile(_ id: Int) throws(ControllerError) -> ApprovalFile {
        let (approval, run) = try approval(id)
        let (store, now) = (try environment.store(), environment.now())
        let host = approval.proposal.host
        let found = try storing { () throws(StoreError) in
            let issue = try approval.proposal.finding.flatMap { fingerprint throws(StoreError) in
                try store.issue(of: fingerprint)
            }
            let month = try store.history(since: now.addingTimeInterval(-30 * 86_400))
            return (
                issue: issue?.id, analysis: try store.analysisReport(of: host, now: now),
                earlier: month.records.filter { $0.host == host }
            )
        }
        return ApprovalFile(
            approval: approval, run: run, issue: try found.issue.map { id throws(ControllerError) in try issue(id) },
            analysis: found.analysis, earlier: Array(found.earlier.suffix(20)))
    }

    /// An approval with what belongs to it.
    package struct ApprovalFile: Sendable {
        package let approval: Approval
        package let run: StoredRun?
        /// The problem that it answers, with its history; `nil` when a person asked, or the issue is forgotten.
        package let issue: IssueDetail?
        /// What a model made of the host; `nil` when none was asked.
        package let analysis: AnalysisReport?
        /// What was done on the host within 30 days, oldest first; the newest 20.
        package let earlier: [ActionRecord]
    }

    /// A person's yes.
    package struct Grant: Sendable {
        fileprivate let controller: Controller
        fileprivate let executor: Executor
        fileprivate let host: FleetHost
        /// What an earlier controller had left on the host, as it was settled now.
        package let recovered: [Recovery.Note]
        package let approval: Approval

        /// The host that is going to be changed.
        package var hostName: String { host.name }

        /// Carries it out now. Without this call the next cycle does.
        package func carryOut() async throws(ControllerError) -> RunReport {
            let report = try await storing { () async throws(StoreError) in
                try await executor.carryOut(.approval(approval), on: host)
            }
            try controller.export()
            return report
        }
    }

    /// Grants approval `id`, if its content still begins with `content` as the person was shown it; `nil` for whatever it is.
    package func grant(_ id: Int, content: String?, settle: Int?) async throws(ControllerError) -> Grant {
        let inventory = try environment.inventory()
        let store = try environment.store()
        let executor = try environment.executor(settle: settle)
        let seen = try approval(id).approval
        let name = seen.proposal.host
        let recovered = try await storing { () async throws(StoreError) in
            try await Recovery(executor, inventory).run(on: [name])
        }
        if let content, content.count < 8 || !seen.content.description.hasPrefix(content) {
            throw ControllerError(
                .hosts, "approval \(id) has changed since it was shown; check it again: macha approve show \(id)")
        }
        guard let host = inventory[name] else {
            throw ControllerError(.hosts, "host '\(name)' is no longer in the inventory; nothing was done")
        }
        if let pause = try storing({ () throws(StoreError) in try store.pauseState().entry(for: name) }) {
            throw Self.paused(id, name, pause)
        }
        let approval = try granted(seen, id, in: store)
        try export()
        return Grant(controller: self, executor: executor, host: host, recovered: recovered, approval: approval)
    }

    /// The approval as granted: now, or earlier and not begun since, so that saying yes once more begins it.
    private func granted(_ seen: Approval, _ id: Int, in store: Store) throws(ControllerError) -> Approval {
        let now = environment.now()
        if seen.state(at: now) == .granted { return seen }
        return try Self.unwrap(
            try storing { () throws(StoreError) in
                try store.grant(id, content: seen.content, by: CurrentUser.name(), at: now)
            }, id)
    }

    /// A person's no; the same evidence is not asked about again for a week.
    package func reject(_ id: Int, reason: String) throws(ControllerError) -> Approval {
        let (store, now) = (try environment.store(), environment.now())
        let rejected = try storing { () throws(StoreError) in
            try store.reject(id, by: CurrentUser.name(), because: reason, at: now)
        }
        let approval = try Self.unwrap(rejected, id)
        try export()
        return approval
    }

    private static func unwrap(
        _ result: Result<Approval, ApprovalError>?, _ id: Int
    ) throws(ControllerError) -> Approval {
        switch result {
        case .success(let approval)?: return approval
        case .failure(let error)?: throw ControllerError(.hosts, error.description)
        case nil: throw unknown(id)
        }
    }

    private static func unknown(_ id: Int) -> ControllerError {
        ControllerError(.usage, "there is no approval \(id); see: macha approve list --all")
    }

    /// An answer given now would be used up or forgotten by the time it may run.
    private static func paused(_ id: Int, _ host: String, _ pause: PauseState.Entry) -> ControllerError {
        let why = pause.reason.isEmpty ? "" : " (\(pause.reason))"
        return ControllerError(
            .hosts,
            "\(host) is paused by \(pause.by)\(why), so approval \(id) stays as it is and nothing was sent; "
                + "run 'macha resume', then approve it")
    }
}
