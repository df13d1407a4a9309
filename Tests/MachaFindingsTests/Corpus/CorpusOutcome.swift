// SPDX-License-Identifier: MIT
import Foundation
import MachaFindings
import MachaInventory
import MachaModel

/// What was found in one case, beside what belongs there.
struct CorpusOutcome: Sendable {
    /// A deviation from the verdict. The list of known ones names them as `miss CASE KIND`.
    struct Fault: Hashable, Comparable, Sendable, CustomStringConvertible {
        enum Kind: String, Sendable { case alarm, miss, words }
        var kind: Kind
        var name: String
        var about: String

        var description: String { "\(kind.rawValue) \(name) \(about)" }

        static func < (left: Fault, right: Fault) -> Bool { left.description < right.description }
    }

    let item: CorpusCase
    let findings: [Finding]
    /// Kinds that belong there and are there.
    let right: [String]
    let faults: [Fault]

    init(_ item: CorpusCase, _ findings: [Finding]) {
        self.item = item
        self.findings = findings
        let met = item.expected.filter { wanted in findings.contains { wanted.matches($0) } }
        right = met.map(\.kind)
        let misses = item.expected.filter { !met.contains($0) }.map {
            Fault(kind: .miss, name: item.name, about: $0.kind)
        }
        let alarms = findings.filter { finding in !(item.expected + item.allowed).contains { $0.matches(finding) } }
            .map { Fault(kind: .alarm, name: item.name, about: $0.recordedKind.name) }
        let text = findings.map { finding in
            ([finding.summary, finding.remedy] + finding.lines.map(\.raw)).joined(separator: "\n")
        }.joined(separator: "\n")
        let unsaid = item.says.filter { !text.contains($0) } + item.never.filter { text.contains($0) }
        let words = unsaid.map { Fault(kind: .words, name: item.name, about: $0) }
        faults = Array(Set(misses + alarms + words)).sorted()
    }

    /// The outcomes of the cases whose names match `MACHA_CORPUS` (all of them without it), four at a time.
    static func all() async throws -> [CorpusOutcome] {
        let wanted = ProcessInfo.processInfo.environment["MACHA_CORPUS"].flatMap { Glob($0) }
        let items = try CorpusCase.all().filter { wanted?.matches($0.name) ?? true }
        return try await withThrowingTaskGroup(of: CorpusOutcome.self) { group in
            var rest = items.makeIterator()
            for _ in 0..<4 { if let item = rest.next() { group.addTask { try await outcome(of: item) } } }
            var outcomes: [CorpusOutcome] = []
            while let outcome = try await group.next() {
                outcomes.append(outcome)
                if let item = rest.next() { group.addTask { try await CorpusOutcome.outcome(of: item) } }
            }
            return outcomes.sorted { $0.item.name < $1.item.name }
        }
    }

    private static func outcome(of item: CorpusCase) async throws -> CorpusOutcome {
        let host = FleetHost(name: "host", connection: .local)
        let snapshot = try await CorpusHost(item).snapshot()
        return CorpusOutcome(item, HostJudgement(snapshot, of: host, history: HostHistory()).findings)
    }
}

/// `known.txt`: what is known to be wrong, each with a reason. It can only get shorter.
struct KnownFaults {
    var reasons: [String: String] = [:]

    init() throws {
        let text = try String(contentsOf: CorpusCase.folder.appending(path: "known.txt"), encoding: .utf8)
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let parts = line.split(separator: " # ", maxSplits: 1).map(String.init)
            reasons[parts[0]] = parts.count == 2 ? parts[1] : ""
        }
    }
}
