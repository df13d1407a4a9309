// SPDX-License-Identifier: MIT
import MachaFindings
import MachaInventory
import MachaModel
import struct Foundation.Date

/// Takes an answer apart and keeps what rests on something real.
///
/// The model adds; nothing here can remove a finding, make one milder or name an action outside of the library.
struct Grounding {
    let material: AnalysisMaterial
    let prompt: Prompt
    let playbooks: PlaybookOffer
    private var dropped: [DroppedStatement] = []
    private var cited: Set<String> = []
    /// Everything the model has seen of the host.
    private let seen: String
    private let carrying: Carrying

    init(_ material: AnalysisMaterial, _ prompt: Prompt, _ playbooks: PlaybookOffer) {
        self.material = material
        self.prompt = prompt
        self.playbooks = playbooks
        seen = prompt.evidence.values.joined(separator: "\n") + "\n" + material.host.name
        let subjects = material.findings.enumerated().compactMap { index, finding in
            finding.subject.map { ("F\(index + 1)", PromptFence.clean($0.raw, limit: 200)) }
        }
        carrying = Carrying(
            evidence: prompt.evidence, subjects: Dictionary(subjects) { first, _ in first }, host: material.host.name)
    }

    /// The analysis in `answer`, which has the shape ``AnswerShape/analysis(_:_:_:)``. `limit` is where the answer was cut.
    mutating func analysis(
        of answer: JSONValue, model: ModelName, cost: AnalysisCost, cutAt limit: Int?, now: Date
    ) -> Analysis {
        let statements = statements(answer["observations"]?.array ?? [])
        let cause = answer["root_cause"].flatMap { rootCause($0) }
        let suggestions = (answer["suggestions"]?.array ?? []).compactMap { suggestion($0) }
        let proposals = proposals(answer["proposals"]?.array ?? [], model)
        let isEmpty = statements.isEmpty && cause == nil && suggestions.isEmpty && proposals.isEmpty
        let isRefuted = isEmpty && !dropped.isEmpty
        let summary = summary(answer["summary"]?.string ?? "", isRefuted: isRefuted)
        if let limit {
            drop("", .cutShort, "the answer ended at its limit of \(limit) tokens; what was complete by then is kept")
        }
        let claimed = answer["status"]?.string.flatMap(Analysis.Verdict.init(rawValue:)) ?? .attention
        let own = ownVerdict(statements)
        return Analysis(
            host: material.host.name, takenAt: material.takenAt, madeAt: now, model: model.description,
            promptVersion: PromptText.version, verdict: isRefuted ? own : max(claimed, own),
            summary: UntrustedText(summary), statements: statements, rootCause: cause,
            proposals: proposals, suggestions: suggestions, dropped: dropped,
            evidence: prompt.evidence.filter { cited.contains($0.key) }.mapValues { UntrustedText($0) }, cost: cost,
            isAlone: !material.findings.contains { $0.severity > .info })
    }

    /// The summary, unless everything else was dropped or it speaks of what no line holds. It cites nothing, so all lines may
    /// carry it.
    private mutating func summary(_ text: String, isRefuted: Bool) -> String {
        let summary = PromptFence.clean(text, limit: 600)
        guard !summary.isEmpty else { return "" }
        if isRefuted {
            drop(summary, .notCarried, "nothing else that the model said is supported by a line")
        } else if let name = Citations.stranger(in: summary, evidence: seen) {
            drop(summary, .unknownName, "the summary names something unknown: \(name)")
        } else if let objection = carrying.objection(toSummary: summary) {
            drop(summary, .notCarried, "the summary: \(objection)")
        } else if material.findings.contains(where: { $0.severity > .info }), carrying.praises(summary) {
            drop(summary, .notCarried, "the summary says that all is well, and there are findings")
        } else {
            return summary
        }
        return ""
    }

    /// How the host is by what we know ourselves, and by what the model says in detail.
    private func ownVerdict(_ statements: [GroundedStatement]) -> Analysis.Verdict {
        switch max(
            material.findings.map(\.severity).max() ?? .info, statements.map(\.severity).max() ?? .info)
        {
        case .info: .healthy
        case .warning: .attention
        case .critical: .intervention
        }
    }

    private mutating func statements(_ items: [JSONValue]) -> [GroundedStatement] {
        var kept: [GroundedStatement] = []
        for item in items {
            let title = PromptFence.clean(item["title"]?.string ?? "", limit: 120)
            let detail = PromptFence.clean(item["detail"]?.string ?? "", limit: 500)
            guard let ids = evidence(for: title + " " + detail, in: item, .statement) else { continue }
            if kept.contains(where: { $0.title.raw == title && $0.evidence == ids }) {
                drop(title, .duplicate, "it says the same as another one")
                continue
            }
            let own = material.findings(citedBy: ids).map(\.severity).max() ?? .info
            let claimed = item["severity"]?.string.flatMap(Severity.init(rawValue:)) ?? .warning
            kept.append(
                GroundedStatement(
                    title: UntrustedText(title), detail: UntrustedText(detail), severity: max(own, claimed),
                    evidence: ids))
        }
        return kept
    }

    private mutating func rootCause(_ item: JSONValue) -> RootCause? {
        let text = PromptFence.clean(item["statement"]?.string ?? "", limit: 400)
        guard item != .null, let ids = evidence(for: text, in: item, .statement) else { return nil }
        return RootCause(
            statement: UntrustedText(text), confidence: min(1, max(0, item["confidence"]?.number ?? 0)), evidence: ids)
    }

    private mutating func suggestion(_ item: JSONValue) -> ConfigurationSuggestion? {
        // A change names files and options that do not exist yet, so only its reason is held against the evidence.
        let change = PromptFence.clean(item["change"]?.string ?? "", limit: 800)
        let reason = PromptFence.clean(item["reason"]?.string ?? "", limit: 300)
        guard let ids = evidence(for: reason.isEmpty ? change : reason, in: item, reason.isEmpty ? .novelty : .reason)
        else { return nil }
        return ConfigurationSuggestion(
            change: UntrustedText(change), reason: UntrustedText(reason), evidence: ids)
    }

    private mutating func proposals(_ items: [JSONValue], _ model: ModelName) -> [ModelProposal] {
        var kept: [ModelProposal] = []
        for item in items {
            let name = item["playbook"]?.string ?? ""
            let reason = PromptFence.clean(item["reason"]?.string ?? "", limit: 300)
            var parameters: [String: String] = [:]
            for parameter in item["parameters"]?.array ?? [] {
                guard let key = parameter["name"]?.string, let value = parameter["value"]?.string else { continue }
                parameters[key] = value
            }
            // Whether its parameters fit what is cited is the playbook's to say, and policy's.
            guard let ids = evidence(for: reason, in: item, .reason) else { continue }
            let claimed = item["risk"]?.string.flatMap(Risk.init(rawValue:)) ?? .low
            let wanted = ModelProposal(
                playbook: name, parameters: parameters, reason: UntrustedText(reason), claimedRisk: claimed,
                evidence: ids)
            switch playbooks.judge(wanted, material.findings(citedBy: ids), model: model) {
            case nil:
                if kept.contains(where: { $0.playbook == name && $0.parameters == parameters }) {
                    drop(reason, .duplicate, "\(name) is proposed already")
                } else {
                    kept.append(wanted)
                }
            case let objection?: drop(reason, objection.reason, objection.detail)
            }
        }
        return kept
    }

    /// The real ids that carry `text`; `nil`, and the statement counted as dropped, when nothing does.
    private mutating func evidence(
        for text: String, in item: JSONValue, _ measure: Carrying.Measure
    ) -> [String]? {
        let ids = Citations.real(in: item, among: prompt.evidence)
        guard !ids.isEmpty else {
            drop(text, .noEvidence, "it cites no line of the prompt")
            return nil
        }
        if measure != .novelty, let name = Citations.stranger(in: text, evidence: seen) {
            drop(text, .unknownName, "\(name) is unknown")
            return nil
        }
        if let objection = carrying.objection(to: text, citing: ids, measure) {
            drop(text, .notCarried, objection)
            return nil
        }
        cited.formUnion(ids)
        return ids
    }

    private mutating func drop(_ text: String, _ reason: DroppedStatement.Reason, _ detail: String) {
        dropped.append(
            DroppedStatement(
                text: UntrustedText(text.printable(limit: 200)), reason: reason,
                detail: UntrustedText(detail.printable(limit: 200))))
    }
}
