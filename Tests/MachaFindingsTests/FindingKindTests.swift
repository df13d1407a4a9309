// SPDX-License-Identifier: MIT
import Foundation
import MachaModel
import MachaTestSupport
import Testing

@testable import MachaFindings

/// The kinds, what is said of them, and the code that reports them.
struct FindingKindTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")

    private static let page: String = {
        (try? String(contentsOf: root.appending(path: "docs/findings.md"), encoding: .utf8)) ?? ""
    }()

    /// The text of everything that makes findings, comments left out.
    private static let source: String = {
        let folders = ["Sources/MachaFindings", "Sources/Macha/Itself"].map { root.appending(path: $0) }
        let files = folders.flatMap { folder in
            FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
        }
        let texts = files.filter {
            $0.pathExtension == "swift"
                && ($0.path.contains("/Detectors/") || $0.path.contains("/Trends/") || $0.path.contains("/Itself/")
                    || $0.lastPathComponent == "Away.swift")
        }.compactMap { try? String(contentsOf: $0, encoding: .utf8) }
        return texts.joined(separator: "\n").split(separator: "\n")
            .filter { !$0.trimmingPrefix(while: \.isWhitespace).hasPrefix("//") }.joined(separator: "\n")
    }()

    private static func row(_ kind: FindingKind) -> String {
        let entry = kind.entry
        let why = entry.reasons.map { "**\($0.severity.rawValue)**: \($0.why)" }.joined(separator: "; ")
        return "| `\(kind.rawValue)` | \(entry.meaning) | \(why) | \(entry.source) |"
    }

    @Test func `docs/findings.md lists every kind as its entry says, and no other`() {
        let rows = FindingKind.allCases.map { Self.row($0) }
        let listed = Self.page.split(separator: "\n").map(String.init).filter { $0.hasPrefix("| `") }
        let lacking = rows.filter { !listed.contains($0) }
        #expect(lacking.isEmpty, "docs/findings.md lacks:\n\(lacking.joined(separator: "\n"))")
        #expect(listed == rows, "the page has the order of the enum")
    }

    @Test(arguments: FindingKind.allCases)
    func `a kind's entry tells what it means, what it is found from and why`(kind: FindingKind) {
        let entry = kind.entry
        #expect(entry.meaning.hasSuffix(".") && !entry.source.isEmpty && !entry.reasons.isEmpty)
        #expect(entry.reasons.map(\.severity) == entry.reasons.map(\.severity).sorted(by: >))
    }

    @Test func `every kind is reported by a detector, a rule or a sign`() {
        let words = Set(Self.source.matches(of: /\.([a-zA-Z]+)\b/).map { String($0.1) })
        let unreported = FindingKind.allCases.filter { !words.contains("\($0)") && !FindingKind.signs.contains($0) }
        #expect(unreported == [])
    }

    @Test func `every finding of a recorded host has a severity that its kind gives a reason for`() throws {
        for host in RecordedHost.all {
            for finding in Detectors.findings(in: host.snapshot) {
                let kind = try #require(finding.kind)
                #expect(kind.entry.reasons.contains { $0.severity == finding.severity }, "\(finding.label)")
            }
        }
    }

    @Test(arguments: FindingKind.allCases)
    func `a kind is recorded under its own name`(kind: FindingKind) {
        #expect(RecordedKind(kind.rawValue) == .known(kind) && RecordedKind.known(kind).name == kind.rawValue)
    }

    @Test(arguments: ["", "unit-levitates", "Unit-Failed", "unit-failed "])
    func `a name that is no kind stays the name that it is`(name: String) {
        #expect(RecordedKind(name) == .unknown(name))
        #expect(RecordedKind(name).name == name && RecordedKind(name).known == nil)
    }
}
