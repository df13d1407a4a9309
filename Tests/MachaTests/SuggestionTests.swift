// SPDX-License-Identifier: MIT
import Foundation
import MachaActions
import MachaFindings
import MachaFleet
import MachaInventory
import MachaModel
import MachaStore
import MachaTestSupport
import Testing

@testable import Macha

/// Suggested changes of the configuration: files for a person, and nothing that is applied.
@Suite(.timeLimit(.minutes(10))) struct SuggestionTests {
    private let scratch: Scratch
    private let store: Store
    private let noon = Date(timeIntervalSince1970: 1_800_000_000)

    init() throws {
        scratch = try Scratch()
        store = try Store.open(at: scratch.path("state/macha.db"))
    }

    private static let playbook = """
        id: suggest-limit
        title: Suggest a limit for ${unit}
        description: It fails again and again.
        when: unit-failed
        parameters: { unit: { type: text, from: finding.subject, description: The unit. } }
        steps:
          - action: suggest-change
            text: "${unit} on ${host}: ${summary}"
            nix: systemd.services.NAME.serviceConfig.MemoryMax = "1G";
        """

    /// One check of the host, with what follows from it.
    private func check(
        _ fake: FakeHost, _ level: AutonomyLevel = .observe, hours: Double = 0
    ) async throws -> RepairReport {
        let now = noon.addingTimeInterval(hours * 3600)
        let inventory = try Inventory.parse(
            sources: [("fleet.yaml", "hosts: { web1: { address: 192.0.2.1, autonomy: \(level.rawValue) } }")],
            home: "/home/me", user: "me")
        let host = try #require(inventory["web1"])
        let executor = Executor(
            store: store, situation: PolicyContextLoader(inventory, store: store), folder: scratch.path("state"),
            waiting: fake.waiting, now: { now }, connect: fake.connect)
        let snapshot = await Collector(now: { now }).collect(host, over: try fake.connect(host))
        try store.record(snapshot, findings: Detectors.findings(in: snapshot), now: now)
        let library = try PlaybookLibrary.parse(folders: [[("suggest.yaml", Self.playbook)]])
        return try await Remediator(executor, library, inventory).run([host])
    }

    private var files: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: scratch.path("state/suggestions"))) ?? []).sorted()
    }

    /// What could steer a terminal, but for the line breaks.
    private func active(_ text: String) -> [Unicode.Scalar] {
        text.unicodeScalars.filter { scalar in
            switch scalar.properties.generalCategory {
            case .control: scalar != "\n"
            case .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate: true
            default: false
            }
        }
    }

    @Test(arguments: AutonomyLevel.allCases)
    func `a suggestion becomes a file that report and audit name, and nothing is sent at any level`(
        level: AutonomyLevel
    ) async throws {
        let fake = FakeHost()
        fake["web.service"] = FakeHost.Unit()
        let report = try await check(fake, level)
        let file = try #require(report.entries.first?.run?.suggestions.first)
        #expect(files.map { scratch.path("state/suggestions/\($0)") } == [file])
        #expect(report.entries.first?.run?.note.contains(file) == true)
        let text = try String(contentsOfFile: file, encoding: .utf8)
        #expect(text.contains("# host: web1\n"))
        #expect(text.contains(/# finding: .*web\.service.* \([0-9a-f]{16}\)\n/))
        #expect(text.contains("# why: It fails again and again.\n"))
        #expect(text.hasSuffix("\n{\n  systemd.services.NAME.serviceConfig.MemoryMax = \"1G\";\n}\n"))
        #expect(
            try store.audit(kinds: [.decision]).contains {
                $0.payload.contains("suggested") && $0.payload.contains(file)
            })
        #expect(fake.sent.isEmpty)
        #expect(try store.approvals(open: true, at: noon).isEmpty)
    }

    @Test func `the same suggestion is written once a day at most, into the same file`() async throws {
        let fake = FakeHost()
        fake["web.service"] = FakeHost.Unit()
        _ = try await check(fake)
        let first = files
        #expect(try await check(fake, hours: 1).entries.first?.run == nil)
        #expect(try await check(fake, hours: 25).entries.first?.run != nil)
        #expect(files == first)
        #expect(first.count == 1)
    }

    @Test(
        arguments: HostileTexts.all + [
            "../../../etc/cron.d/x", "web1-0123456789abcdef.nix", String(repeating: "a", count: 5_000),
        ])
    func `no name of a host's things leaves the folder, names a file or steers a terminal`(text: String) async throws {
        let fake = FakeHost()
        fake[text] = FakeHost.Unit()
        _ = try await check(fake)
        for file in files {
            #expect(file.wholeMatch(of: /web1-[0-9a-f]{16}\.nix/) != nil)
            let content = try String(contentsOfFile: scratch.path("state/suggestions/\(file)"), encoding: .utf8)
            #expect(active(content).isEmpty)
            // Above the module there are comments alone, so the module is what the playbook says.
            let code = content.split(separator: "\n").drop { $0.hasPrefix("#") }
            #expect(
                code == [
                    "{ config, lib, pkgs, ... }:", "{", "  systemd.services.NAME.serviceConfig.MemoryMax = \"1G\";",
                    "}",
                ])
        }
        let state = try FileManager.default.contentsOfDirectory(atPath: scratch.path("state"))
        #expect(Set(state).isSubset(of: ["macha.db", "macha.db-wal", "macha.db-shm", "locks", "suggestions"]))
    }

    /// The file of `suggestion`, as text.
    private func written(_ suggestion: Suggestion) throws -> String {
        try String(contentsOfFile: try suggestion.write(in: scratch.path("state"), at: noon), encoding: .utf8)
    }

    @Test func `evidence in a suggestion has no secrets and no control characters`() throws {
        let proposal = try Proposal(
            host: "web1", title: "Suggest",
            actions: [
                .suggestChange(
                    ConfigurationChange(
                        try NoteText("password=hunter2secret99"),
                        .replacement(
                            of: try NoteText("a = 1;"),
                            by: try NoteText("a = 2; # token=ghp_0123456789abcdefghijABCDEFGHIJ012345"),
                            in: try RepositoryPath("hosts/web1.nix"))))
            ],
            evidence: [
                "it fails", UntrustedText("login: password=correct-horse-7\u{1b}]0;x\u{7}\u{202e}\n--- a/evil"),
            ],
            finding: Fingerprint(host: "web1", kind: "unit-failed", subject: "web.service"), requester: .macha,
            in: RiskContext())
        let text = try written(try #require(Suggestion.all(of: proposal).first))
        for secret in ["hunter2secret99", "correct-horse-7", "ghp_0123456789"] {
            #expect(!text.contains(secret), "\(text)")
        }
        #expect(text.contains("[secret]"))
        #expect(active(text).isEmpty)
        #expect(text.contains("\n--- a/hosts/web1.nix\n+++ b/hosts/web1.nix\n@@ -1,1 +1,1 @@\n-a = 1;\n+a = 2;"))
        #expect(text.split(separator: "\n").filter { $0.hasPrefix("--- ") }.count == 1)
    }

    @Test func `a model's suggestion stays text in a file, whatever its content`() async throws {
        let lab = try AnalysisLab()
        try await lab.look()
        let attack =
            #"nginx.service failed: \u001b[2J token=ghp_0123456789abcdefghijABCDEFGHIJ012345\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n}: evil"#
        let model = ScriptedModel { request in
            let ids = request.lines(with: "unit-failed").map(\.id)
            return .text(
                Answer.analysis(
                    suggestions:
                        #"[{"change":"\#(attack)","reason":"nginx.service failed, see ../../evil","evidence":\#(Answer.list(ids))}]"#
                ))
        }
        _ = try await lab.analyse(model)
        let report = try await lab.repair()
        let file = try #require(report.suggestions.first)
        let folder = lab.scratch.path("state/suggestions") + "/"
        #expect(file.hasPrefix(folder))
        #expect(String(file.dropFirst(folder.count)).wholeMatch(of: /web1-[0-9a-f]{16}\.txt/) != nil)
        let text = try String(contentsOfFile: file, encoding: .utf8)
        #expect(text.split(separator: "\n").allSatisfy { $0.hasPrefix("#") }, "\(text)")
        #expect(text.contains("A model wrote this"))
        #expect(!text.contains("ghp_"))
        #expect(active(text).isEmpty)
        #expect(try lab.store.audit(kinds: [.decision]).contains { $0.payload.contains(file) })
    }

    @Test func `the suggestion an approver sees is the one that is written`() throws {
        let proposal = try Proposal(
            host: "web1", title: "Suggest",
            actions: [
                .restartUnit(try UnitName("web.service")),
                .suggestChange(ConfigurationChange(try NoteText("why"), .options(try NoteText("a = 1;")))),
            ], requester: .macha, in: RiskContext())
        let suggestion = try #require(Suggestion.all(of: proposal).first)
        #expect(Suggestion.all(of: proposal).count == 1)
        let path = try suggestion.path(in: scratch.path("state"))
        let text = try written(suggestion)
        #expect(files.map { scratch.path("state/suggestions/\($0)") } == [path])
        #expect(text.contains(suggestion.body.joined(separator: "\n")))
        #expect(suggestion.why == ["why"])
    }

    @Test func `a suggestion that cannot be written fails the run with a message`() async throws {
        let fake = FakeHost()
        fake["web.service"] = FakeHost.Unit()
        try scratch.write("in the way", to: "state/suggestions")
        let report = try await check(fake)
        #expect(report.entries.first?.run?.isGood == false)
        #expect(report.entries.first?.run?.note.contains("suggestion") == true)
    }
}
