// SPDX-License-Identifier: MIT
package import MachaFindings
import MachaInventory
package import MachaModel
import MachaStore
package import Foundation

extension Controller {
    /// Issues as they are now, and what several of them have in common.
    package struct IssueList: Sendable, Encodable {
        package var issues: [IssueDocument]
        package var incidents: [IncidentDocument]
    }

    /// Issues of several hosts with one cause or one onset.
    package struct IncidentDocument: Sendable, Encodable {
        package var kind: String
        /// The host that explains the others; `nil` when the cause lies outside of the fleet's hosts.
        package var host: String?
        package var hosts: [String]
        package var severity: Severity
        package var summary: String
        package var issues: [Int64]

        init(_ incident: Incident) {
            kind = incident.cause.kind.name
            host = incident.cause.host
            hosts = incident.cause.hosts
            severity = incident.cause.severity
            summary = incident.cause.summary
            issues = incident.issues.map(\.id)
        }
    }

    /// One issue with its history.
    package struct IssueDetail: Sendable, Encodable {
        package var document: IssueDocument
        package var history: [IssueEvent]

        private enum CodingKeys: String, CodingKey { case history }

        package func encode(to encoder: any Encoder) throws {
            try document.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(history, forKey: .history)
        }
    }

    /// The issues of the hosts that `selectors` name that are in one of `states`; of every host that was ever observed when
    /// there are none.
    package func issues(_ selectors: [String], in states: Set<IssueState>) throws(ControllerError) -> IssueList {
        let scope = try selectors.isEmpty ? nil : self.scope(selectors)
        let names = scope.map { $0.hosts.map(\.name) + ($0.isWithItself ? [FleetHost.itself.name] : []) }
        let (store, muting) = (try environment.store(), try muting())
        let inventory = try environment.inventory()
        return try storing { () throws(StoreError) in
            let all = try store.issues(hosts: names, in: Set(IssueState.allCases))
            let reasons = muting.reasons(for: all.filter(\.state.isActive))
            let documents = all.map { IssueDocument($0, muted: reasons[$0.finding.fingerprint]) }
                .filter { states.contains($0.state) }
            let shown = Set(documents.map(\.issue.id))
            let incidents = Incident.all(
                in: try store.readableOpenIssues(), of: inventory.hosts, watchedSince: try store.watchedSince()
            )
            .filter { $0.issues.contains { shown.contains($0.id) } }
            return IssueList(issues: documents, incidents: incidents.map { IncidentDocument($0) })
        }
    }

    /// The issue `id` with its history.
    package func issue(_ id: Int64) throws(ControllerError) -> IssueDetail {
        let (store, muting) = (try environment.store(), try muting())
        let found = try storing { () throws(StoreError) in try store.issue(id) }
        guard let found else { throw Self.noIssue(id) }
        let host = found.issue.finding.host
        let beside = try storing { () throws(StoreError) in try store.openIssues(hosts: [host]) }
        return IssueDetail(
            document: IssueDocument(
                found.issue, muted: muting.reasons(for: beside)[found.issue.finding.fingerprint]),
            history: found.history)
    }

    /// Opens an issue that a person reports about one host.
    package func createIssue(
        on selector: String, title: String, severity: Severity, note: String
    ) throws(ControllerError) -> IssueDetail {
        let chosen = try hosts(selector)
        guard let host = chosen.first, chosen.count == 1 else {
            throw ControllerError(.usage, "\(selector.quoted) names \(chosen.count) hosts; an issue is about one")
        }
        let title = Self.text(title, limit: 200)
        guard !title.isEmpty else { throw ControllerError(.usage, "the title is empty; say what is wrong") }
        let finding = Finding(
            recorded: Issue.reportedKind, host: host.name, subject: title, severity, title, evidence: [], figures: [:],
            remedy: "", commands: [])
        return try said { (store, person, now) throws(StoreError) in
            try store.report(finding, note: Self.text(note, limit: 300), by: person, at: now)
        } refused: { state in
            "\(host.name) has this issue already, and it is \(state.rawValue); see: macha issues list \(host.name)"
        } missing: {
            ControllerError(.unavailable, "the issue could not be recorded")
        }
    }

    /// Says that a person knows of the issue `id`: no alarm until `until`, or until it gets worse or another host joins.
    package func acknowledge(_ id: Int64, until: Date?, note: String) throws(ControllerError) -> IssueDetail {
        let known = try issue(id).document.issue
        guard Muting.isMutable(known.finding.recordedKind) else {
            throw ControllerError(
                .usage, "issue \(id) cannot be acknowledged: \(known.finding.recordedKind.name) is never kept quiet")
        }
        let (store, inventory) = (try environment.store(), try environment.inventory())
        let (sharing, below) = try storing { () throws(StoreError) in
            let open = try store.readableOpenIssues()
            let incidents = Incident.withOneCause(in: open, of: inventory.hosts).filter {
                $0.issues.contains { $0.id == id }
            }
            return (
                Set(incidents.flatMap(\.cause.involved)),
                Self.severity(below: known, in: open, incidents)
            )
        }
        return try said(id) { (store, person, now) throws(StoreError) in
            try store.acknowledge(
                id, until: until, note: Self.text(note, limit: 300), sharing: sharing.union([known.finding.host]),
                below: below, by: person, at: now)
        }
    }

    /// The worst of what is folded below `issue` now, on its host and on those behind it; `nil` when nothing is.
    private static func severity(below issue: Issue, in open: [Issue], _ incidents: [Incident]) -> Severity? {
        let host = issue.finding.host
        let groups = Folding.groups(open.map(\.finding).filter { $0.host == host })
        let folded = groups.first { $0.cause.fingerprint == issue.finding.fingerprint }?.folded ?? []
        let behind = incidents.filter { $0.cause.host == host }.flatMap(\.issues).map(\.finding)
        return (folded + behind.filter { $0.host != host }).map(\.severity).max()
    }

    /// Adds a line to the history of the issue `id`.
    package func comment(_ id: Int64, _ text: String) throws(ControllerError) -> IssueDetail {
        let text = Self.text(text, limit: 1_000)
        guard !text.isEmpty else { throw ControllerError(.usage, "the comment is empty") }
        return try said(id) { (store, person, now) throws(StoreError) in
            try store.comment(id, text, by: person, at: now)
        }
    }

    /// Ends the issue `id` by a person's word.
    package func resolveIssue(_ id: Int64, note: String) throws(ControllerError) -> IssueDetail {
        try said(id) { (store, person, now) throws(StoreError) in
            try store.resolve(id, note: Self.text(note, limit: 300), by: person, at: now)
        }
    }

    /// Puts the issue `id` aside for good.
    package func closeIssue(_ id: Int64, note: String) throws(ControllerError) -> IssueDetail {
        try said(id) { (store, person, now) throws(StoreError) in
            try store.closeIssue(id, note: Self.text(note, limit: 300), by: person, at: now)
        }
    }

    /// What is muted now, in the whole fleet.
    package func muting() throws(ControllerError) -> Muting {
        let (store, now) = (try environment.store(), environment.now())
        let inventory = try environment.inventory()
        let loader = MutingLoader(inventory, store: store)
        return try storing { () throws(StoreError) in try loader.muting(of: inventory.hosts, at: now) }
    }

    /// One line that can be shown anywhere, without spaces around it.
    static func text(_ text: String, limit: Int) -> String {
        text.printable(limit: limit).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private typealias Word = (Store, String, Date) throws(StoreError) -> IssueOutcome

    private func said(_ id: Int64, _ word: Word) throws(ControllerError) -> IssueDetail {
        try said(word) {
            "issue \(id) is \($0.rawValue) already"
        } missing: {
            Self.noIssue(id)
        }
    }

    private func said(
        _ word: Word, refused: (IssueState) -> String, missing: () -> ControllerError
    ) throws(ControllerError) -> IssueDetail {
        let (store, now) = (try environment.store(), environment.now())
        let outcome = try storing { () throws(StoreError) in try word(store, CurrentUser.name(), now) }
        switch outcome {
        case .missing: throw missing()
        case .refused(let state): throw ControllerError(.usage, refused(state))
        case .done(let issue):
            try export()
            return try self.issue(issue.id)
        }
    }

    private static func noIssue(_ id: Int64) -> ControllerError {
        ControllerError(.usage, "there is no issue \(id), or it was forgotten; see: macha issues list --all")
    }
}
