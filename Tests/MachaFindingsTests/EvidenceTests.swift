// SPDX-License-Identifier: MIT
import Foundation
import MachaModel
import MachaTestSupport
import Testing

@testable import MachaFindings

/// What a line of evidence keeps on its way through the database, and what programs see of it.
struct EvidenceTests {
    private static func all(_ text: String) -> [Evidence] {
        let line = UntrustedText(text)
        return [
            .seen(line), .logged(line, by: text), .lastWords(line),
            .unit(line, .init(result: "dependency", mountPoint: "/srv")),
            .unit(line, .init(result: nil, mountPoint: nil)),
            .missingMount(line, path: text), .silence(line, .noSystemd), .silence(line, .noJournalRight),
            .silence(line, .lacks(program: text)), .silence(line, .said(text)),
        ]
    }

    @Test(arguments: HostileTexts.all + ["", "| ", "| nginx: Result=oom-kill", "{\"lastWords\":\"x\"}"])
    func `evidence is the same after it was recorded, whatever it says`(text: String) throws {
        let evidence = Self.all(text)
        let recorded = try JSONEncoder().encode(evidence)
        #expect(try JSONDecoder().decode([Evidence].self, from: recorded) == evidence)
    }

    @Test func `what an earlier version recorded is read as it was meant`() throws {
        let recorded = #"["/dev/sda1 ext4 on /: full", "| fatal: no such table"]"#
        #expect(
            try JSONDecoder().decode([Evidence].self, from: Data(recorded.utf8)) == [
                .seen(UntrustedText("/dev/sda1 ext4 on /: full")), .lastWords(UntrustedText("fatal: no such table")),
            ])
    }

    @Test func `a line of a sort that only another version knows is still a line`() throws {
        let recorded = #"[{"line": "it hovers", "levitation": {"height": 3}}]"#
        #expect(
            try JSONDecoder().decode([Evidence].self, from: Data(recorded.utf8)) == [.seen(UntrustedText("it hovers"))])
    }

    @Test func `programs get evidence as texts, without lines that say nothing`() throws {
        let finding = Finding(
            .unitFailed, host: "web", subject: "a.service", .critical, "a.service has failed.",
            telling: [
                .unit(UntrustedText("a.service: Result=exit-code"), .init(result: "exit-code", mountPoint: nil)),
                .lastWords(UntrustedText("fatal")), .silence(UntrustedText(""), .noJournalRight),
            ], figures: [.inodesFree: 3])
        let json = try JSONSerialization.jsonObject(with: try JSONEncoder().encode(finding)) as? [String: Any]
        #expect(json?["evidence"] as? [String] == ["a.service: Result=exit-code", "| fatal"])
        #expect(json?["figures"] as? [String: Int] == ["inodesFree": 3])
        #expect(finding[.inodesFree] == 3 && finding[.size] == nil)
    }

    @Test(
        arguments: [
            (#"srv-media\x2dold.mount"#, "/srv/media-old"), ("srv.mount", "/srv"), ("srv.service", nil),
        ] as [(String, String?)])
    func `a failed mount unit tells what it was to mount`(unit: String, path: String?) throws {
        let body =
            "SystemState=degraded\nNow=1795247554\n\nId=\(unit)\nActiveState=failed\nSubState=failed\nResult=exit-code\n"
        let findings = Detectors.findings(in: try RecordedHost.named("healthy").answering("units", body))
        let finding = try #require(findings.first { $0.kind == .unitFailed })
        guard case .unit(_, let facts) = try #require(finding.evidence.first) else {
            Issue.record("\(finding.evidence)")
            return
        }
        #expect(facts == .init(result: "exit-code", mountPoint: path))
    }
}
