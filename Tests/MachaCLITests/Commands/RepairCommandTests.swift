// SPDX-License-Identifier: MIT
import Foundation
import MachaCore
import MachaTestSupport
import Testing

/// Repair, approval and audit as a person meets them, on light hosts of the lab with the same fault at three levels.
@Suite(.enabled(if: LightLab.isAvailable, "needs sshd, python3 and flock"), .timeLimit(.minutes(5)))
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
                    + "autonomy: \(host.autonomy.rawValue) }")
        }
        inventory = try scratch.write(lines.joined(separator: "\n") + "\n", to: "fleet.yaml")
    }

    private func macha(_ words: String...) async throws -> (status: Int32, output: String) {
        let built = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        let beside = Bundle.main.bundleURL.deletingLastPathComponent().appending(path: "macha").path
        let program =
            FileManager.default.isExecutableFile(atPath: beside) ? beside : built.appending(path: "macha").path
        let playbooks = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "playbooks").path
        var environment = [
            "HOME": scratch.path("home"), "PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "MACHA_PLAYBOOKS": playbooks,
        ]
        for name in ["LD_LIBRARY_PATH", "TSAN_OPTIONS", "LSAN_OPTIONS", "ASAN_OPTIONS"] {
            environment[name] = ProcessInfo.processInfo.environment[name]
        }
        let status = await
            (try ChildProcess(
                program, ["--inventory", inventory, "--state-dir", scratch.path("state")] + words,
                environment: environment, output: scratch.path("out"), errors: scratch.path("err"))).finished()
        return (status, try scratch.read("out") + (try scratch.read("err")))
    }

    private func json(_ text: String) throws -> Any { try JSONSerialization.jsonObject(with: Data(text.utf8)) }

    @Test func `the level decides: repaired, asked and then repaired, left alone; and the audit is whole`() async throws
    {
        let (_, checked) = try await macha("check", "--settle", "0")
        #expect(checked.contains(/gitea Restart nginx.service verified/), "\(checked)")
        #expect(checked.contains(/wiki Restart nginx.service waits as approval 0/))
        #expect(checked.contains(/nas Restart nginx.service left alone level/))
        #expect(checked.contains("1 approval waits"))

        let (_, shown) = try await macha("approve", "show", "0")
        #expect(shown.contains("act: sudo -n -- systemctl restart -- nginx.service"))
        #expect(shown.contains("nginx.service is active and stays so"))
        let (_, queue) = try await macha("approve", "list", "--json")
        #expect((try json(queue) as? [[String: Any]])?.compactMap { $0["id"] as? Int } == [0])

        let (status, approved) = try await macha("approve", "approve", "0", "--settle", "0")
        #expect(status == 0, "\(approved)")
        #expect(approved.contains("verified"))
        let (again, refused) = try await macha("approve", "approve", "0")
        #expect(again == 1)
        #expect(refused.contains("cannot be approved"))

        let (verified, audit) = try await macha("audit", "verify")
        #expect(verified == 0)
        #expect(audit.contains("all as they were written"))
        let (_, actions) = try await macha("logs", "actions")
        #expect(actions.contains("restart-unit nginx.service"))
        for file in ["decisions.jsonl", "actions.jsonl", "approval_queue.json"] {
            #expect(FileManager.default.fileExists(atPath: scratch.path("state/\(file)")))
        }
    }

    @Test func `a rejection, a pause and a look change nothing`() async throws {
        let (_, looked) = try await macha("check", "--no-act")
        #expect(!looked.contains("approval"))
        let (_, paused) = try await macha("pause", "--reason", "backup")
        #expect(paused.contains("the whole fleet is paused"))
        let (_, checked) = try await macha("check")
        #expect(checked.contains(/gitea Restart nginx.service left alone paused/), "\(checked)")
        _ = try await macha("resume")
        _ = try await macha("check", "wiki")
        let (status, rejected) = try await macha("approve", "reject", "0", "--reason", "on purpose")
        #expect(status == 0, "\(rejected)")
        let (_, again) = try await macha("check", "wiki")
        #expect(again.contains("not asked again: rejected as approval 0"), "\(again)")
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
        #expect(done.contains("2 hosts: 2 good"))
        let (wrong, complaint) = try await macha("run", "restart-unti", "--on", "gitea", "--dry-run")
        #expect(wrong == 64)
        #expect(complaint.contains("did you mean 'restart-unit'"))
    }
}
