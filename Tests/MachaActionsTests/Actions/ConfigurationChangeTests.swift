// SPDX-License-Identifier: MIT
import Foundation
import MachaFindings
import MachaModel
import MachaTestSupport
import Testing

@testable import MachaActions

@Suite struct ConfigurationChangeTests {
    @Test(arguments: [
        ["nix": "a = 1;"], ["file": "hosts/web.nix", "before": "a = 1;", "after": "a = 2;"],
    ]) func `lines of a configuration come back the same`(lines: [String: String]) throws {
        let parameters = lines.merging(["text": "why"]) { first, _ in first }.mapValues { ActionValue.text($0) }
        let action = try Action(.suggestChange, parameters)
        #expect(action.parameters == parameters)
        #expect(action.footprint == .controller)
        #expect(try JSONDecoder().decode(Action.self, from: JSONEncoder().encode(action)) == action)
    }

    @Test(arguments: [
        ["file": "a.nix"], ["before": "a", "after": "b"], ["file": "a.nix", "before": "a"],
        ["file": "a.nix", "before": "a", "after": "a"], ["nix": "a", "file": "a.nix", "before": "a", "after": "b"],
        ["nix": ""], ["nix": "\u{1b}[2J"],
    ]) func `half a change is none`(lines: [String: String]) {
        let parameters = lines.merging(["text": "why"]) { first, _ in first }.mapValues { ActionValue.text($0) }
        #expect(throws: ParameterMistakes.self) { try Action(.suggestChange, parameters) }
    }

    @Test(arguments: [
        "/etc/passwd", "../secrets.nix", "a/../../b", "a//b", "", ".", "a/", "-p0", "a/-x", "a b", "a\nb", "~/x",
        "$HOME/x",
        "a\u{202e}b", "a\"b",
    ]) func `a change stays within the repository`(file: String) {
        #expect(throws: ValueValidationError.self) { try RepositoryPath(file) }
    }

    private func library(_ step: String) throws -> PlaybookLibrary {
        let text = """
            id: demo
            title: Suggest
            description: d
            when: mount-missing
            parameters: { x: { type: path, from: finding.subject } }
            steps:
              - action: suggest-change
                text: ${x} ${summary}
            """
        return try PlaybookLibrary.parse(folders: [[("demo.yaml", text + "\n    " + step)]])
    }

    @Test(arguments: HostileTexts.all)
    func `names from a host never become code in a suggested configuration`(text: String) throws {
        let library = try library(#"nix: fileSystems."${x}".options = [ ];"#)
        let finding = Finding(.mountMissing, host: "web", subject: "/" + text, .warning, "It is away.")
        for proposal in library.match([finding], on: Shipped.target(), now: Date()).proposals {
            guard case .suggest(let change) = proposal.steps[0].action.work, case .options(let code) = change.lines
            else {
                Issue.record("no lines")
                return
            }
            #expect(code.description == "fileSystems.\"/\(text)\".options = [ ];")
            #expect(text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "/._:@%+,=-".contains($0)) })
        }
    }

    @Test func `a playbook cannot put a finding's words into lines of a configuration`() {
        let error = #expect(throws: PlaybookError.self) { try library("nix: a = \"${summary}\";") }
        #expect(error?.description.contains("not a plain word") == true)
    }

    /// Two lines alike: only the whole block is the place that was meant.
    private static let file = """
        { ... }:
        {
          services.a = {
            enable = false;
          };
          services.b = {
            enable = false;
          };
        }

        """

    @Test(
        .enabled(if: which("patch") != nil, "needs patch"),
        arguments: [
            ("  services.b = {\n    enable = false;", "  services.b = {\n    enable = true;"),
            ("  services.b = {\n    enable = false;\n  };", "  services.b = {\n    enable = true;\n  };"),
            ("    enable = false;\n  };\n}", "    enable = true;\n  };\n}"),
        ])
    func `patch puts a change where it belongs`(before: String, after: String) async throws {
        let scratch = try Scratch()
        try scratch.write(Self.file, to: "repository/hosts/web.nix")
        let diff = UnifiedDiff.lines(
            before.components(separatedBy: "\n"), after.components(separatedBy: "\n"), in: "hosts/web.nix")
        let patch = try scratch.write("# a comment\n" + diff.joined(separator: "\n") + "\n", to: "change.patch")
        let child = try ChildProcess(
            try #require(which("patch")),
            ["-p1", "--batch", "--input=\(patch)", "--directory=\(scratch.path("repository"))"],
            output: scratch.path("out"))
        #expect(await child.finished() == 0)
        let patched = try scratch.read("repository/hosts/web.nix")
        #expect(patched == Self.file.replacing(before, with: after))
        #expect(patched.components(separatedBy: "enable = true;").count == 2)
    }

    @Test func `figures in a text for a person make no new question`() throws {
        let library = try library("nix: a = 1;")
        let questions = try ["91 %", "92 %"].map { figure in
            let finding = Finding(.mountMissing, host: "web", subject: "/srv", .warning, figure)
            return try #require(library.match([finding], on: Shipped.target(), now: Date()).proposals.first).question
        }
        #expect(questions[0] == questions[1])
    }

    @Test func `a clock that was set back makes no problem younger than new`() throws {
        let finding = Finding(.mountMissing, host: "web", subject: "/srv", .warning, "It is away.")
        let condition = FindingCondition(kinds: [.mountMissing])
        #expect(condition.fits(finding, age: -3600))
        #expect(condition.fits(finding, age: 0))
        var lasting = condition
        lasting.seenFor = try ActionSpan("10m")
        #expect(!lasting.fits(finding, age: -3600))
        #expect(lasting.fits(finding, age: 600))
    }
}
