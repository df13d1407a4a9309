// SPDX-License-Identifier: MIT
import Foundation
import MachaFindings
import MachaInventory
import MachaModel
import MachaTestSupport
import Testing

@testable import MachaActions

@Suite struct PlaybookMatchTests {
    private let now = Date(timeIntervalSince1970: 1_790_000_000)

    private func library(_ text: String) throws -> PlaybookLibrary {
        try PlaybookLibrary.parse(folders: [[("demo.yaml", "id: demo\ntitle: Do ${x}\ndescription: d\n" + text)]])
    }

    private let restart = """
        when: unit-failed
        parameters:
          x: { type: unit, from: finding.subject }
        steps:
          - action: restart-unit
            unit: ${x}
        """

    @Test func `a finding without a matching playbook has no proposal`() throws {
        let none = Finding(.shuttingDown, host: "web", .info, "It shuts down.")
        #expect(try Shipped.library.match([none], on: Shipped.target(), now: now) == PlaybookMatches())
    }

    @Test func `the same input gives the same proposals in the same order`() throws {
        let findings = RecordedFinding.all.map(\.right)
        let library = try Shipped.library
        let first = library.match(findings, on: Shipped.target(), now: now)
        #expect(first == library.match(findings, on: Shipped.target(), now: now))
        #expect(
            first.proposals.map(\.contentHash)
                == library.match(findings, on: Shipped.target(), now: now).proposals.map(\.contentHash))
    }

    @Test func `a program's output chooses no playbook`() throws {
        var finding = RecordedFinding.unit("jellyfin.service")
        let chosen = try Shipped.proposed(for: [finding], age: 100_000)
        finding.evidence.append(.lastWords(UntrustedText("jellyfin.service: Result=oom-kill NRestarts=0")))
        #expect(try Shipped.proposed(for: [finding], age: 100_000) == chosen)
        #expect(!chosen.isEmpty)
    }

    /// Whatever a unit is called: either nothing is proposed, or the name is one argument of a command of ours.
    @Test(arguments: HostileTexts.all)
    func `a hostile name changes no command line`(text: String) throws {
        let finding = RecordedFinding.unit(text)
        for library in [try library(restart), try Shipped.library] {
            for kind: FindingKind in [
                .unitFailed, .unitCrashLoop, .mountMissing, .containerUnhealthy, .certificateExpiring,
            ] {
                var hostile = finding
                hostile.recordedKind = .known(kind)
                hostile.summary = text
                hostile.evidence.append(.seen(UntrustedText(text)))
                let seen = [hostile.fingerprint: now.addingTimeInterval(-1_000_000)]
                for proposal in library.match([hostile], on: Shipped.target(), firstSeen: seen, now: now).proposals {
                    for line in proposal.steps.flatMap(\.commands) {
                        #expect(
                            ["systemctl", "journalctl", "sudo"].contains(line.words.first ?? "") || line.role == "act")
                        let others = line.words.filter { $0 != text && $0 != text + ".service" }
                        for word in others where !text.isEmpty && text.count > 3 && !["demo.service"].contains(text) {
                            #expect(!word.contains(text) || word.hasPrefix("--unit="), "\(line.words)")
                        }
                    }
                }
            }
        }
    }

    @Test func `a proposal carries what an approver needs`() throws {
        let finding = RecordedFinding.unit("jellyfin.service")
        let match = try #require(try Shipped.library.match([finding], on: Shipped.target(), now: now).matches.first)
        let proposal = match.proposal
        #expect(proposal.title == "Restart jellyfin.service")
        #expect(proposal.evidence.map(\.raw).contains { $0.contains("ExecMainStatus=1") })
        #expect(proposal.finding == finding.fingerprint)
        #expect(
            proposal.steps.map { $0.commands.map(\.words) } == [
                [
                    ["sudo", "-n", "--", "systemctl", "restart", "--", "jellyfin.service"],
                    ["sudo", "-n", "--", "systemctl", "stop", "--", "jellyfin.service"],
                ]
            ])
        #expect(proposal.verify.map(\.kind) == [.unitActive, .findingGone])
        #expect(proposal.look.count == 2)
        #expect(match.recentAttempts == 0)
    }

    @Test func `earlier attempts are counted in the match`() throws {
        let finding = RecordedFinding.unit("jellyfin.service")
        let history = [60.0, 1200, 5000].map { age in
            ActionRecord(
                host: "web", kind: .restartUnit, target: "jellyfin.service", footprint: .changes, isAutomatic: true,
                startedAt: now.addingTimeInterval(-age), outcome: .failed)
        }
        let match = try #require(
            try Shipped.library.match([finding], on: Shipped.target(), history: history, now: now).matches.first)
        #expect(match.recentAttempts == 2)
        #expect(match.lastAttempt == now.addingTimeInterval(-60))
    }

    @Test func `findings of the same cause share a proposal`() throws {
        let findings = ["/", "/nix"].map { RecordedFinding.finding(.diskSpace, $0, .warning) }
        let matches = try Shipped.library.match(findings, on: Shipped.target(), now: now).matches
        let collecting = matches.filter { $0.proposal.playbook == "free-store-space" }
        #expect(collecting.map(\.findings) == [findings.map(\.fingerprint)])
    }

    @Test func `a value that is missing or none is a refusal that says so`() throws {
        let library = try Shipped.library
        let rollback = try #require(library["roll-back-generation"])
        var target = Shipped.target()
        #expect(try rollback.proposal(on: target, requester: .person("anna")).steps.map(\.action.target) == ["system"])
        target.facts.previousGeneration = nil
        #expect(throws: PlaybookRefusal.self) { try rollback.proposal(on: target, requester: .person("anna")) }
        #expect(throws: PlaybookRefusal.self) {
            try rollback.proposal(on: target, given: ["generation": "41; reboot"], requester: .person("anna"))
        }
        #expect(throws: PlaybookRefusal.self) {
            try rollback.proposal(on: target, given: ["generatoin": "41"], requester: .person("anna"))
        }
        let given = try rollback.proposal(on: target, given: ["generation": "40"], requester: .person("anna"))
        #expect(given.steps.map(\.action) == [.rollbackGeneration(try GenerationNumber("40"))])
    }

    @Test func `an optional value is left out, or comes from the host's variables`() throws {
        let rebuild = try #require(try Shipped.library["switch-rebuild"])
        let plain = try rebuild.proposal(on: Shipped.target(), requester: .person("anna"))
        #expect(plain.steps.map(\.action) == [.rebuild(Rebuild(.switch))])
        let target = Shipped.target { $0.vars["flake"] = "github:me/fleet#web" }
        let flake = try FlakeReference("github:me/fleet#web")
        #expect(
            try rebuild.proposal(on: target, requester: .macha).steps.map(\.action) == [
                .rebuild(Rebuild(.switch, flake: flake))
            ])
    }

    @Test func `a claim raises the risk of a proposal and never lowers it`() throws {
        let playbook = try #require(try library(restart)["demo"])
        func risk(_ claimed: Risk) throws -> Risk {
            try playbook.proposal(
                on: Shipped.target(), given: ["x": "demo"], requester: .model("m"), claimedRisk: claimed
            ).risk
        }
        #expect(try Risk.allCases.map(risk) == [.low, .medium, .high])
    }
}
