// SPDX-License-Identifier: MIT
import Foundation
import MachaAnalyst
package import MachaFindings
package import MachaModel

/// How far the analysis of a host is, as its job carries it: what was read must not be read, nor paid for, again.
struct AnalysisState: Codable, Sendable {
    /// Where the journal is between two steps of the job; one case, whose name is part of the job's document.
    enum Journal: Codable, Sendable {
        /// Jobs of their own read it.
        case parts(read: Int, shown: Int)
    }

    /// `nil` before it was cut into parts.
    var journal: Journal?
    /// The end of what was read.
    var coversUntil: Date?
    /// How often notes were merged.
    var level = 0
    var spent = AnalysisCost()
    /// Notes on parts that cited nothing real.
    var dropped = 0
}

/// What a job about a part of a journal carries.
enum AnalysisPart: Codable, Sendable {
    case chunk(DigestChunk)
    case batch([Note])

    /// What can be said of it when no model did.
    func unread(because reason: String) -> Notes {
        switch self {
        case .chunk(let chunk): chunk.unread(because: reason)
        case .batch(let notes): Notes(notes: NoteMerge.half(of: notes), dropped: 0, cost: AnalysisCost())
        }
    }

    /// Names its content and who is asked.
    func key(for model: ModelName) -> String {
        switch self {
        case .chunk(let chunk): return chunk.key(for: model)
        case .batch(let notes):
            let lines = notes.flatMap { [EvidenceLine("-", "\($0.severity.rawValue): \($0.text)")] + $0.evidence }
            return "merged " + DigestChunk(lines: lines).key(for: model)
        }
    }
}

/// Values of jobs as JSON documents.
enum JobDocument {
    static func text(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        // These values hold nothing that JSON lacks.
        return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    static func value<Value: Decodable>(_ type: Value.Type, _ text: String) -> Value? {
        try? JSONDecoder().decode(type, from: Data(text.utf8))
    }
}

/// When a host is analysed.
package enum AnalysisRequest {
    /// Seconds for which an analysis is valid while the host's problems are the same.
    package static let standsFor = 86_400.0

    package static func key(_ host: String) -> String { "analysis \(host)" }

    /// The job for a host with these findings. A newer one takes the place of one that waits.
    package static func job(for host: String, _ findings: [Finding], priority: Priority? = nil) -> JobRequest {
        let isUrgent = findings.contains { $0.severity == .critical }
        return JobRequest(
            .analysis, host: host, priority: priority ?? (isUrgent ? .urgent : .routine), payload: "{}", key: key(host))
    }
}
