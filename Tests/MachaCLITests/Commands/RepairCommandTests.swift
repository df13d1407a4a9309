// SPDX-License-Identifier: MIT
import Foundation
import MachaInventory
import MachaTestSupport
import Testing

/// Repair, approval and audit as a person meets them, on light hosts of the lab with the same fault at three levels.
@Suite(.enabled(if: LightLab.isAvailable, "needs sshd, python3 and flock"), .timeLimit(.minutes(20)))
struct RepairCommandTests {
    private let lab: LightLab
    private let scratch: Scratch
    private let inventory: String

    init() async throws {
        lab = try await LightLab(
            """
            gitea  autonomy=auto-safe  failed-unit
            wiki   autonomy=suggest    failed-unit
            nas    autonomy=observe    failed-unit

            """)
        scratch = try Scratch()
        var lines = ["hosts:"]
        for host in lab.inventory.hosts {
            guard case .ssh(let endpoint) = host.connection else { continue }
            lines.append(
                "  \(host.name): { address: \(endpoint.address), port: \(endpoint.port), user: \(endpoint.user), "
                    + "identity-file: \(endpoint.identityFiles[0]), known-hosts: \(endpoint.knownHosts[0]), "
                    + "autonomy: \(host.autonomy.rawValue), check-interval: 2s }")
        }
        inventory = try scratch.write(lines.joined(separator: "\n") + "\n", to: "fleet.yaml")
    }

    private func macha(_ words: String...) async throws -> (status: Int32, output: String) { try await macha(words) }

    private func macha(_ words: [String]) async throws -> (status: Int32, output: String) {
        let status = await (try start(words, to: "out")).finished()
        return (status, try scratch.read("out") + (try scratch.read("err")))
    }

    private func start(_ words: [String], to output: String) throws -> ChildProcess {
        let playbooks = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "playbooks").path
        let environment = BuiltMacha.environment([
            "HOME": scratch.path("home"), "PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "MACHA_PLAYBOOKS": playbooks,
        ])
        return try ChildProcess(
            BuiltMacha.path, ["--inventory", inventory, "--state-dir", scratch.path("state")] + words,
            environment: environment,
            output: scratch.path(output), errors: scratch.path("err"))
    }

    private func json(_ text: String) throws -> Any { try JSONSerialization.jsonObject(with: Data(text.utf8)) }

    @Test func `the level decides: repaired, asked and then repaired, left alone; and the audit is whole`() async throws
    {
        let (_, checked) = try await macha("check", "--settle", "0")
        #expect(checked.contains(/Done\n.*\ngitea +Restart nginx.service +verified/), "\(checked)")
        #expect(
            checked.contains(/Waiting for your approval\n.*\nwiki +Restart nginx.service +low risk .*macha approve 0/))
        #expect(checked.contains(/Not done\n.*\nnas +Restart nginx.service +level: the host is set to observe/))
        #expect(checked.contains("1 approval is waiting for you:"))

        let (_, shown) = try await macha("approve", "show", "0")
        #expect(shown.contains("act: sudo -n -- systemctl restart -- nginx.service"))
        #expect(shown.contains("nginx.service is active and stays active"))
        let (_, queue) = try await macha("approve", "list", "--json")
        #expect((try json(queue) as? [[String: Any]])?.compactMap { $0["id"] as? Int } == [0])

        let (status, approved) = try await macha("approve", "approve", "0", "--settle", "0")
        #expect(status == 0, "\(approved)")
        #expect(approved.contains("verified"))
        let (again, refused) = try await macha("approve", "0")
        #expect(again == 1)
        #expect(refused.contains("cannot be approved"))

        let (verified, audit) = try await macha("audit", "verify")
        #expect(verified == 0)
        #expect(audit.contains("no fault found"))
        let (_, actions) = try await macha("logs", "actions")
        #expect(actions.contains("restart-unit nginx.service"))
        // What was left alone is written down too, with the rule.
        let (_, decisions) = try await macha("logs", "decisions")
        #expect(decisions.contains(/nas +decided Restart nginx.service refuse \(level\)/), "\(decisions)")
        for file in ["decisions.jsonl", "actions.jsonl", "approval_queue.json"] {
            #expect(FileManager.default.fileExists(atPath: scratch.path("state/\(file)")))
        }
    }

    @Test func `after a repair, every report shows the state afterwards`() async throws {
        let (status, checked) = try await macha("check", "gitea", "--settle", "0", "--exit-code")
        #expect(status == 0, "\(checked)")
        #expect(checked.contains("The host is healthy."))
        _ = try await macha("check", "gitea", "--json")
        #expect(
            ((try json(try scratch.read("out")) as? [String: Any])?["hosts"] as? [[String: Any]])?.first?["state"]
                as? String == "ok")
        #expect(try await macha("status", "gitea", "--exit-code").status == 0)
        for format in ["table", "markdown", "html", "json"] {
            let page = try await macha("status", "gitea", "--format", format).output
            #expect(page.contains("Restart nginx.service") && page.contains("verified"), "\(format): \(page)")
            #expect(try await macha("status", "--format", format).output.contains("Restart nginx.service"))
        }
        let (_, changes) = try await macha("status", "--since", "1h")
        #expect(changes.contains(/gitea +resolved +nginx.service/), "\(changes)")
        #expect(changes.contains(/gitea +repaired +Restart nginx.service: verified/), "\(changes)")

        // So does an approval, at once and without another check.
        _ = try await macha("check", "wiki")
        #expect(try await macha("status", "wiki", "--exit-code").status == 2)
        #expect(try await macha("approve", "0", "--settle", "0").status == 0)
        #expect(try await macha("status", "wiki", "--exit-code").status == 0)
    }

    @Test func `a unit that fails in spite of a repair is still reported as failed`() async throws {
        let (status, _) = try await macha("check", "nas", "--exit-code")
        #expect(status == 2)
        let (_, changes) = try await macha("status", "--since", "1h")
        #expect(!changes.contains("repaired") && !changes.contains("resolved"), "\(changes)")
    }

    @Test
    func `an approval while paused is refused and untouched, and one that was granted is begun by saying yes again`()
        async throws
    {
        _ = try await macha("check", "wiki")
        _ = try await macha("pause", "--reason", "backup")
        for words in [["approve", "0"], ["approve", "approve", "0", "--no-wait"]] {
            let (status, refused) = try await macha(words)
            #expect(status == 1 && refused.contains("backup") && refused.contains("macha resume"), "\(refused)")
        }
        let (_, told) = try await macha("status")
        #expect(told.contains("1 approval is waiting for you:") && told.contains("backup"), "\(told)")
        _ = try await macha("resume")
        _ = try await macha("approve", "0", "--no-wait").status
        let (_, granted) = try await macha("status")
        #expect(granted.contains("Approval 0 was approved") && !granted.contains("is waiting for you"), "\(granted)")
        let (status, begun) = try await macha("approve", "0", "--settle", "0")
        #expect(status == 0 && begun.contains("verified"), "\(begun)")
        #expect(try await macha("approve", "0").status == 1)
    }

    @Test func `a rejection, a pause and a check without acting change nothing`() async throws {
        let (_, looked) = try await macha("check", "--no-act")
        #expect(!looked.contains("approval"))
        let (_, paused) = try await macha("pause", "--reason", "backup")
        #expect(paused.contains("the whole fleet is paused"))
        let (_, checked) = try await macha("check")
        #expect(checked.contains(/gitea +Restart nginx.service +paused/), "\(checked)")
        _ = try await macha("resume")
        _ = try await macha("check", "wiki")
        let (status, rejected) = try await macha("approve", "reject", "0", "--reason", "on purpose")
        #expect(status == 0, "\(rejected)")
        let (_, again) = try await macha("check", "wiki")
        #expect(again.contains("rejected as approval 0: on purpose"), "\(again)")
    }

    @Test func `a person's own command is in the audit before it is sent, without secrets`() async throws {
        let (status, output) = try await macha(
            "exec", "nas", "--timeout", "20", "--", "true", "--password=hunter2secret99")
        #expect(status == 0, "\(output)")
        let (_, audit) = try await macha("audit", "show", "--json")
        let entries = try #require(try json(audit) as? [[String: Any]])
        #expect(entries.compactMap { $0["kind"] as? String } == ["exec"])
        #expect(audit.contains("true --password="))
        #expect(!audit.contains("hunter2secret99"))
    }

    @Test func `policy explain says what would be decided now`() async throws {
        func explain(_ host: String, _ more: String...) async throws -> [String] {
            let words = ["policy", "explain", host, "restart-unit", "unit=nginx.service", "--json"] + more
            let (status, output) = try await macha(words)
            #expect(status == 0, "\(output)")
            let line = try #require((try json(output) as? [[String: Any]])?.first)
            return [line["outcome"] as? String ?? "", line["rule"] as? String ?? ""]
        }
        #expect(try await explain("gitea") == ["refuse", "unknown-state"])
        _ = try await macha("check", "--settle", "0")
        // It was restarted a moment ago; a person may want it again all the same.
        #expect(try await explain("gitea") == ["refuse", "cooldown"])
        #expect(try await explain("gitea", "--person") == ["ask", "cooldown"])
        #expect(try await explain("wiki") == ["ask", "level"])
        #expect(try await explain("wiki", "--playbook", "restart-failed-service") == ["ask", "level"])
        #expect(try await explain("nas") == ["refuse", "level"])
        _ = try await macha("pause", "wiki")
        #expect(try await explain("wiki", "--person") == ["refuse", "paused"])
        let (wrong, complaint) = try await macha(
            "policy", "explain", "wiki", "reboot", "--playbook", "restart-failed-servic")
        #expect(wrong == 64)
        #expect(complaint.contains("did you mean 'restart-failed-service'"))
    }

    /// What a watch in a pipe has told when `words` have all come, and what it did on the hosts.
    private func watch(_ more: [String], until words: [Regex<Substring>]) async throws -> String {
        let watch = try start(["check", "--watch"] + more, to: "watched")
        var text = ""
        while !words.allSatisfy({ text.contains($0) }) {
            text = try scratch.read("watched")
            await Task.yield()
        }
        watch.stop()
        return text
    }

    @Test func `a watch acts as a check does, and reports each result once`() async throws {
        let text = try await watch(
            ["--settle", "0", "--no-model"],
            until: [
                /gitea Restart nginx.service — verified/, /wiki Restart nginx.service — waits as approval 0/,
                /nas Restart nginx.service — not done — level/, /gitea resolved/,
            ])
        for once in [/wiki Restart nginx.service — waits/, /nas Restart nginx.service — not done/] {
            #expect(text.matches(of: once).count == 1, "\(text)")
        }
        #expect(text.matches(of: /gitea Restart nginx.service — verified/).count == 1)
        let (_, queue) = try await macha("approve", "list", "--json")
        #expect((try json(queue) as? [[String: Any]])?.compactMap { $0["id"] as? Int } == [0])
        #expect(FileManager.default.fileExists(atPath: scratch.path("state/actions.jsonl")))
        #expect(try await macha("audit", "verify").status == 0)
    }

    @Test func `a watch with --no-act is read-only`() async throws {
        let watch = try start(["check", "--watch", "--no-act", "--no-model", "--settle", "0"], to: "watched")
        // After the third look at a host, what would have followed the first one has been told.
        var looks = 0
        while looks < 3 {
            let folder = scratch.path("state/snapshots/wiki")
            let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            looks = files.count { $0.hasPrefix("snapshot_wiki_") }
            await Task.yield()
        }
        watch.stop()
        let text = try scratch.read("watched")
        #expect(text.contains(/wiki new/))
        #expect(!text.contains("Restart nginx.service"))
        let (_, audit) = try await macha("audit", "show", "--json")
        #expect((try json(audit) as? [Any])?.isEmpty == true, "\(audit)")
    }

    @Test func `a suggestion that waits for approval is shown with its file, and written when it runs`() async throws {
        let own = try scratch.write(
            """
            id: limit-memory
            title: Restart ${unit} and suggest a limit
            description: It needs a limit.
            instead-of: [restart-failed-service]
            when: unit-failed
            parameters: { unit: { type: unit, from: finding.subject, description: The unit. } }
            steps:
              - action: restart-unit
                unit: ${unit}
              - action: suggest-change
                text: ${unit} grew.
                file: hosts/wiki.nix
                before: a.memory = 1;
                after: a.memory = 2;
            """, to: "own.yaml")
        _ = try await macha("check", "wiki", "--playbooks", own, "--settle", "0")
        let (_, shown) = try await macha("approve", "show", "0")
        let file = try #require(shown.firstMatch(of: /\/\S*suggestions\/wiki-[0-9a-f]{16}\.patch/)).output
        #expect(shown.contains("+a.memory = 2;"), "\(shown)")
        #expect(!FileManager.default.fileExists(atPath: String(file)))
        let (status, approved) = try await macha("approve", "approve", "0", "--playbooks", own, "--settle", "0")
        #expect(status == 0, "\(approved)")
        #expect(approved.contains(file))
        #expect(try String(contentsOfFile: String(file), encoding: .utf8).contains("+++ b/hosts/wiki.nix"))
        let (_, audit) = try await macha("audit", "show")
        #expect(audit.contains("suggested"))
    }

    @Test func `a run is shown first, and needs a yes`() async throws {
        let words = ["run", "restart-unit", "--on", "gitea,wiki,nas", "--set", "unit=nginx.service"]
        let (dry, shown) = try await macha(words[0], words[1], words[2], words[3], words[4], words[5], "--dry-run")
        #expect(dry == 1)
        #expect(shown.contains(/gitea Restart nginx.service may run/), "\(shown)")
        #expect(shown.contains(/nas Restart nginx.service refused/))
        let (unasked, refused) = try await macha(words[0], words[1], words[2], words[3], words[4], words[5])
        #expect(unasked == 64)
        #expect(refused.contains("--yes"))
        let (status, done) = try await macha(
            words[0], words[1], words[2], "gitea,wiki", words[4], words[5], "--yes", "--settle", "0")
        #expect(status == 0, "\(done)")
        #expect(done.contains("2 hosts: 2 succeeded"))
        let (wrong, complaint) = try await macha("run", "restart-unti", "--on", "gitea", "--dry-run")
        #expect(wrong == 64)
        #expect(complaint.contains("did you mean 'restart-unit'"))
    }
}
