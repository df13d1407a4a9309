// SPDX-License-Identifier: MIT
import Foundation
import MachaProbes
import MachaTestSupport
import Testing

/// `docs/probes.md` is what the code says.
struct ProbeTableTests {
    private static let page: String = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        return (try? String(contentsOf: root.appending(path: "docs/probes.md"), encoding: .utf8)) ?? ""
    }()

    /// The cells of the row that begins with `name`.
    private static func row(_ name: String) -> [String]? {
        page.split(separator: "\n").first { $0.hasPrefix("| \(name) |") }
            .map { $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
    }

    private static func counts(_ cases: [ProbeFixture]) -> [String] {
        ProbeFixture.Kind.allCases.map { kind in String(cases.count { $0.kind == kind }) }
    }

    @Test(arguments: ProbeCatalog.all.map { $0.name })
    func `a probe's row tells its rights, its rhythm and its fixtures`(name: String) throws {
        let probe = try #require(ProbeCatalog.all.first { $0.name == name })
        let cells = try #require(Self.row(name), "docs/probes.md has no row for \(name)")
        #expect(cells.count == 13)
        #expect(Array(cells[2...3]) == [probe.rights.rawValue, probe.rhythm.rawValue])
        #expect(Array(cells.suffix(8)) == Self.counts(ProbeFixture.all.filter { $0.probe == name }))
        let program = try #require(cells[1].split(whereSeparator: { "` ,/;".contains($0) }).first)
        #expect((SharedQuestion.functions + probe.script).contains(program), "\(name) does not run \(program)")
        #expect(!cells[4].isEmpty)
    }

    @Test func `the table has these probes and their sum, and no others`() throws {
        let rows = Self.page.split(separator: "\n").filter { $0.hasPrefix("| ") && !$0.hasPrefix("| probe |") }
        #expect(rows.count == ProbeCatalog.all.count + 1)
        #expect(try Array(#require(Self.row("all")).suffix(8)) == Self.counts(ProbeFixture.all))
    }

    @Test(arguments: ProbeCatalog.all.filter { $0.rights == .root }.map { $0.name })
    func `each root probe runs a command that the page lists`(name: String) throws {
        let probe = try #require(ProbeCatalog.all.first { $0.name == name })
        let program = try #require(probe.script.firstMatch(of: /MACHA_AS_ROOT ([a-z]+)/)).1
        #expect(Self.page.contains("\n\(program) "), "\(program)")
    }
}
