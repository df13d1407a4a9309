// SPDX-License-Identifier: MIT
package import MachaActions
package import MachaFindings
package import MachaModel

/// The playbooks that a model may ask for on one host: the library's, and nothing else.
package struct PlaybookOffer: Sendable {
    private let library: PlaybookLibrary
    private let target: PlaybookTarget
    /// Playbooks that are for this host, by id.
    private let offered: [Playbook]

    package init(_ library: PlaybookLibrary, on target: PlaybookTarget) {
        self.library = library
        self.target = target
        offered = library.playbooks.filter { $0.hosts.objection(to: target.host, target.facts) == nil }
    }

    /// The playbooks that a model is told of when a host has these findings: those that answer one of them, and those for
    /// any unit when a finding is about one. However long a problem must last before a playbook runs by itself, it may be
    /// asked for.
    func listed(for findings: [Finding]) -> [Playbook] {
        let hasUnit = findings.contains { $0.subject.flatMap { try? UnitName($0.raw) } != nil }
        return offered.filter { playbook in
            playbook.when.isEmpty
                ? hasUnit && playbook.parameters.contains { $0.kind == .unit }
                : findings.contains { finding in playbook.when.contains { $0.fits(finding, age: .infinity) } }
        }
    }

    /// A line for each, as the model reads it. It is ours, so it is no evidence.
    static func lines(_ playbooks: [Playbook]) -> [EvidenceLine] {
        playbooks.map { playbook in
            let parameters = playbook.parameters.map(\.name).joined(separator: ", ")
            let what = playbook.description.isEmpty ? playbook.id : playbook.description
            return EvidenceLine(playbook.id, "(\(parameters)) " + what.printable(limit: 300))
        }
    }

    struct Objection: Hashable {
        var reason: DroppedStatement.Reason
        var detail: String
    }

    /// What speaks against `wanted`; `nil` when the playbook exists, is for this host, and takes these parameters.
    func judge(_ wanted: ModelProposal, _ findings: [Finding], model: ModelName) -> Objection? {
        guard offered.contains(where: { $0.id == wanted.playbook }) else {
            return Objection(reason: .unknownPlaybook, detail: "there is no playbook \(wanted.playbook) for this host")
        }
        do throws(PlaybookRefusal) {
            _ = try proposal(wanted, findings, model: model)
            return nil
        } catch {
            return Objection(reason: .unfitting, detail: error.reason)
        }
    }

    /// What `wanted` means on this host, for policy to judge; `nil` when there is no such playbook. Its risk is ours; the
    /// model's word can only raise it.
    package func proposal(
        _ wanted: ModelProposal, _ findings: [Finding], model: ModelName
    ) throws(PlaybookRefusal) -> Proposal? {
        // Of what it cites, the finding that it names the subject of has the values.
        let named = Set(wanted.parameters.values)
        let isNamed = { (finding: Finding) in finding.subject.map { named.contains($0.raw) } ?? false }
        return try library[wanted.playbook]?.proposal(
            on: target, for: findings.filter(isNamed) + findings.filter { !isNamed($0) }, given: wanted.parameters,
            requester: .model(model.description),
            claimedRisk: wanted.claimedRisk)
    }
}
