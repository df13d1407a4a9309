// SPDX-License-Identifier: MIT
package import Foundation
package import MachaFindings
import MachaModel
package import MachaProbes
import Testing

/// The whole answer of a real host: `Fixtures/answers/<case>.txt` as it came over the wire, and beside it a `.json` with
/// what must be found in it.
package struct RecordedHost: CustomTestStringConvertible {
    private struct Expectation: Decodable {
        var takenAt: Double
        var level: HostState.Level
        var findings: [String]
    }

    var name: String
    /// What each probe was answered.
    package var sections: [ProbeSection]
    package var takenAt: Date
    /// The state it must get.
    package var level: HostState.Level
    /// `severity kind subject`, in order.
    package var findings: [String]

    package var testDescription: String { name }
    /// As it was recorded.
    package var snapshot: Snapshot { snapshot() }

    /// Every recorded host.
    package static let all: [RecordedHost] = Fixture.files(in: "answers").filter { $0.pathExtension == "txt" }
        .compactMap { try? RecordedHost(file: $0) }

    /// The recorded host `name`; fails the test when there is none.
    package static func named(_ name: String) throws -> RecordedHost { try #require(all.first { $0.name == name }) }

    private init(file: URL) throws {
        name = file.deletingPathExtension().lastPathComponent
        sections = ProbeScript.sections(from: [UInt8](try Data(contentsOf: file)))
        // A host that was recorded before a probe existed is well in what that probe asks.
        let present = Set(sections.map(\.name))
        sections += ProbeFixture.all.filter { $0.name == "healthy" && !present.contains($0.probe) }.map(\.section)
        let expected = try JSONDecoder().decode(
            Expectation.self, from: Data(contentsOf: file.deletingPathExtension().appendingPathExtension("json")))
        takenAt = Date(timeIntervalSince1970: expected.takenAt)
        level = expected.level
        findings = expected.findings
    }

    /// This host, with some sections answered differently or, for `nil`, not at all.
    package func snapshot(_ changes: [String: ProbeSection?] = [:]) -> Snapshot {
        let kept = sections.compactMap { section in
            changes.keys.contains(section.name) ? changes[section.name] ?? nil : section
        }
        return Snapshot(host: "web", takenAt: takenAt, duration: 2, sections: kept)
    }

    /// This host, where one probe answers with `body`.
    package func answering(_ probe: String, _ body: String) -> Snapshot {
        snapshot([probe: ProbeSection(name: probe, status: 0, body: body)])
    }
}

extension Finding {
    /// `severity kind subject`, for comparing with what a file or a test expects.
    package var label: String { "\(severity.rawValue) \(recordedKind.name)" + (subject.map { " \($0.raw)" } ?? "") }
}
