// SPDX-License-Identifier: MIT
package import Foundation
package import MachaProbes
import Testing

/// One recorded answer to one probe: `Fixtures/probes/<probe>/<case>.json`.
///
/// `{ "kind": "healthy", "status": 0, "body": "…", "truncated": false, "expected": {…} | "unknown": "reason" }`. A new case is a new file.
package struct ProbeFixture: CustomTestStringConvertible {
    /// What a case shows; ``ProbeTests`` demands one of most kinds for each probe.
    package enum Kind: String, CaseIterable {
        case healthy, faulty
        case toolMissing = "tool-missing"
        case permissionRefused = "permission-refused"
        case garbage
        /// Another version's form, or another way to be well.
        case variant
        /// In another language, which the script's LC_ALL=C rules out: it must not be misunderstood all the same.
        case translated
        /// Limits, empty answers, faults that are none of the above.
        case other
    }

    /// Which probe was asked.
    package var probe: String
    package var name: String
    /// What the case shows.
    package var kind: Kind
    package var section: ProbeSection
    /// The expected reading, as ``Canonical/text(_:)`` writes it.
    package var expected: String

    package var testDescription: String { "\(probe)/\(name)" }

    /// Every recorded answer that can be read.
    package static let all: [ProbeFixture] = Fixture.files(in: "probes").filter { $0.pathExtension == "json" }
        .compactMap { try? ProbeFixture(file: $0) }

    private init(file: URL) throws {
        probe = file.deletingLastPathComponent().lastPathComponent
        name = file.deletingPathExtension().lastPathComponent
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any], "\(file.path)")
        kind = try #require(Kind(rawValue: object["kind"] as? String ?? ""), "\(file.path)")
        section = ProbeSection(
            name: probe, status: try #require(object["status"] as? Int), body: try #require(object["body"] as? String),
            isTruncated: object["truncated"] as? Bool ?? false)
        if let reason = object["unknown"] as? String {
            expected = "unknown: \(reason)"
        } else {
            expected = try Canonical.text(try #require(object["expected"]))
        }
    }

    /// What `probe` makes of this section, in the form of ``expected``.
    package func reading<P: Probe>(by probe: P.Type) throws -> String {
        switch probe.read(section) {
        case .unknown(let failure): return "unknown: \(failure.reason.rawValue)"
        case .known(let value):
            let data = try JSONEncoder().encode([value])
            let list = try #require(try JSONSerialization.jsonObject(with: data) as? [Any])
            return try Canonical.text(list[0])
        }
    }
}

/// JSON in one spelling, so that two values can be compared as text.
enum Canonical {
    static func text(_ object: Any) throws -> String {
        let options: JSONSerialization.WritingOptions = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return String(decoding: try JSONSerialization.data(withJSONObject: [object], options: options), as: UTF8.self)
    }
}

/// The recorded files.
package enum Fixture {
    static let root = Bundle.module.bundleURL.appendingPathComponent("Fixtures")

    /// All files below `Fixtures/folder`, by path.
    package static func files(in folder: String) -> [URL] {
        let place = root.appendingPathComponent(folder)
        let found = FileManager.default.enumerator(at: place, includingPropertiesForKeys: nil)
        return (found?.compactMap { $0 as? URL } ?? []).filter { !$0.hasDirectoryPath }.sorted { $0.path < $1.path }
    }
}
