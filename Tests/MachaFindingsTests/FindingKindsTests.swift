// SPDX-License-Identifier: MIT
import Foundation
import MachaFindings
import Testing

/// The list of kinds and the code that reports them say the same.
struct FindingKindsTests {
    /// The text of everything that makes findings, comments left out.
    private static let source: String = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources")
        let files = ["MachaFindings", "MachaProbes/Journal"].flatMap { folder in
            FileManager.default.enumerator(at: root.appending(path: folder), includingPropertiesForKeys: nil)?
                .compactMap { $0 as? URL } ?? []
        }
        let texts = files.filter {
            $0.pathExtension == "swift" && $0.lastPathComponent != "FindingKinds.swift"
                && !$0.path.contains("/Folding/")
        }.compactMap { try? String(contentsOf: $0, encoding: .utf8) }
        return texts.joined(separator: "\n").split(separator: "\n")
            .filter { !$0.trimmingPrefix(while: \.isWhitespace).hasPrefix("//") }.joined(separator: "\n")
    }()

    /// What stands where a kind stands: first in a finding, beside a severity, or named `kind`.
    private static let reported: Set<String> = {
        let kind =
            /\b(?:Finding|finding)\(\s*"([a-z-]+)"|\bkind:? (?:= )?"([a-z-]+)"|\("([a-z-]+)", \.(?:info|warning|critical),/
        let found = source.matches(of: kind).compactMap { $0.1 ?? $0.2 ?? $0.3 }
        return Set(found.map(String.init))
    }()

    @Test func `every kind that is reported can be named in a playbook`() {
        #expect(Self.reported.count > 60)
        #expect(Self.reported.subtracting(FindingKinds.known).sorted() == [])
    }

    @Test func `every kind that can be named is reported by something`() {
        let words = Set(Self.source.matches(of: /"([a-z]+(?:-[a-z]+)*)"/).map { String($0.1) })
        let unusual = FindingKinds.known.filter { kind in
            kind.hasPrefix("unusual-") && Metric.allCases.contains { kind == "unusual-\($0.rawValue)" }
        }
        #expect(FindingKinds.known.subtracting(words).subtracting(unusual).sorted() == [])
    }
}
