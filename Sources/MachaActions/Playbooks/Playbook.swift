// SPDX-License-Identifier: MIT
package import MachaFindings
package import MachaInventory
package import MachaModel
package import MachaProbes

/// A known answer to a known problem: when it applies, what it does, what proves it, what undoes it.
package struct Playbook: Sendable, Identifiable {
    /// In kebab-case; unique in a library.
    package var id: String
    package var title: Template
    package var description: String
    /// The findings it answers, any of them; empty when only a person runs it.
    package var when: [FindingCondition] = []
    /// Findings on the same host that speak against it: the cause must go first.
    package var unless: [FindingCondition] = []
    package var hosts = HostCondition()
    /// In the order of the file.
    package var parameters: [PlaybookParameter] = []
    /// What an approver should look at before; questions only.
    package var evidence: [StepTemplate] = []
    package var steps: [StepTemplate] = []
    package var verify: [CheckTemplate] = []
    package var rollback: [StepTemplate] = []
    package var terms = Proposal.Terms()
    /// Playbooks that are not proposed for a finding that this one answers too.
    package var insteadOf: [String] = []
    package var position: SourcePosition

    /// An empty one, to be filled by the reader.
    init(position: SourcePosition) {
        id = ""
        title = Template.empty
        description = ""
        self.position = position
    }
}

/// Which findings are meant.
package struct FindingCondition: Hashable, Sendable {
    /// Any of these kinds.
    package var kinds: [FindingKind]
    /// The subject fits one of these; empty means any subject, or none.
    package var subjects: [SubjectPattern] = []
    /// The subject fits none of these.
    package var notSubjects: [SubjectPattern] = []
    /// At least so severe.
    package var severity: Severity = .info
    /// The problem has been known for so long.
    package var seenFor: ActionSpan?
    /// Some line of the evidence fits one of these; empty means whatever the evidence is.
    package var evidence: [SubjectPattern] = []
    /// No line of the evidence fits any of these.
    package var notEvidence: [SubjectPattern] = []

    /// Whether `finding` is meant, when it has been known for `age` seconds; less than none, after a clock was set back, is
    /// none.
    package func fits(_ finding: Finding, age: Double) -> Bool {
        let subject = finding.subject?.raw ?? ""
        // What a program said of itself chooses no repair: it could say anything.
        let lines = finding.evidence.compactMap { line -> String? in
            if case .lastWords = line { nil } else { line.line.raw }
        }
        return finding.isAny(of: Set(kinds)) && finding.severity >= severity
            && (subjects.isEmpty || subjects.contains { $0.glob.matches(subject) })
            && !notSubjects.contains { $0.glob.matches(subject) }
            && max(0, age) >= Double(seenFor?.seconds ?? 0)
            && (evidence.isEmpty || evidence.contains { pattern in lines.contains { pattern.glob.matches($0) } })
            && !notEvidence.contains { pattern in lines.contains { pattern.glob.matches($0) } }
    }
}

/// A pattern as it was written.
package struct SubjectPattern: Hashable, Sendable {
    package let text: String
    package let glob: Glob

    /// - Throws: when a `[` is not closed, or a range runs backwards.
    package init(_ text: String) throws(ValueValidationError) {
        guard let glob = Glob(text), !text.isEmpty else {
            throw ValueValidationError("\(text.quoted) is not a valid pattern; write a set as [a-z]")
        }
        self.text = text
        self.glob = glob
    }
}

/// Which hosts are meant.
package struct HostCondition: Hashable, Sendable {
    /// Only hosts that are known to run NixOS (or, for `false`, known not to).
    package var isNixOS: Bool?
    /// In any of these groups; empty means all hosts.
    package var groups: [String] = []
    /// With any of these tags; empty means all hosts.
    package var tags: [String] = []

    /// What speaks against `host`; `nil` when nothing does.
    package func objection(to host: FleetHost, _ facts: HostFacts) -> String? {
        if let isNixOS, facts.isNixOS != isNixOS {
            return isNixOS ? "the host is not known to run NixOS" : "it is not for NixOS"
        }
        if !groups.isEmpty, Set(groups).isDisjoint(with: host.groups) {
            return "the host is not in any of the groups \(groups.joined(separator: ", "))"
        }
        if !tags.isEmpty, Set(tags).isDisjoint(with: host.tags) {
            return "the host has none of the tags \(tags.joined(separator: ", "))"
        }
        return nil
    }
}

/// What a snapshot tells beside its findings.
package struct HostFacts: Hashable, Sendable {
    /// `nil` when unknown.
    package var isNixOS: Bool?
    /// The generation that the profile names.
    package var generation: Int?
    /// The greatest generation below ``generation``.
    package var previousGeneration: Int?
    /// The machine that said so.
    package var machine = MachineIdentity(hostKey: nil, machineID: nil)

    package init(isNixOS: Bool? = nil, generation: Int? = nil, previousGeneration: Int? = nil) {
        self.isNixOS = isNixOS
        self.generation = generation
        self.previousGeneration = previousGeneration
    }

    package init(_ snapshot: Snapshot) {
        machine = snapshot.machine
        guard case .known(let state) = snapshot[NixOSProbe.self] else { return }
        isNixOS = state != nil
        generation = state?.profileGeneration
        previousGeneration = generation.flatMap { own in state?.generations.map(\.number).filter { $0 < own }.max() }
    }
}
