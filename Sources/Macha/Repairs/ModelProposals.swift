// SPDX-License-Identifier: MIT
import MachaActions
import MachaAnalyst
import MachaFindings
import MachaModel
import MachaProbes
import MachaStore

/// What models want done, as proposals for policy: made by the library from its own playbooks, like everything else.
struct ModelProposals: Sendable {
    let store: Store
    let library: PlaybookLibrary

    /// The newest analysis of `latest`'s host, if it was made after that look and of the same problems. One of an older look
    /// was decided about then, unless it is `isJustMade`.
    func analysis(of latest: StoredSnapshot, isJustMade: Bool = false) throws(StoreError) -> Analysis? {
        guard let stored = try store.analysis(of: latest.snapshot.host),
            isJustMade || stored.analysis.madeAt >= latest.snapshot.takenAt,
            stored.state == Finding.state(of: latest.findings)
        else { return nil }
        return stored.analysis
    }

    /// What `analysis` wants done, as proposals of the library.
    func proposals(
        of analysis: Analysis, for latest: StoredSnapshot, on target: PlaybookTarget
    ) -> [Proposal] {
        let offer = PlaybookOffer(library, on: target)
        let slash = analysis.model.firstIndex(of: "/") ?? analysis.model.endIndex
        let model = ModelName(
            endpoint: String(analysis.model[..<slash]), model: String(analysis.model[slash...].dropFirst()))
        return analysis.proposals.compactMap { wanted in
            // What it cites by number are the findings in the order of the prompt: worst first.
            let ordered = latest.findings.sorted { $0.severity > $1.severity }
            let cited = wanted.evidence.compactMap { id -> Finding? in
                guard id.first == "F", let number = Int(id.dropFirst()), ordered.indices.contains(number - 1) else {
                    return nil
                }
                return ordered[number - 1]
            }
            // It fitted when it was made; if it does not any more there is nothing to propose.
            return (try? offer.proposal(wanted, cited, model: model)) ?? nil
        }
    }
}
