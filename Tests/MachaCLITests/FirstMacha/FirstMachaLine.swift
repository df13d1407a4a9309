// SPDX-License-Identifier: MIT

/// A line of the first Macha's two documents, as a person would copy it.
struct FirstMachaLine: Sendable {
    /// What becomes of it.
    enum Meaning: Sendable {
        /// It works, and what it prints holds this.
        case prints(String)
        /// It never printed anything: the path in it was wrong. This does what was meant.
        case wrong(meant: String)
        /// A program of the system, which is not ours to test.
        case system
    }

    var text: String
    var meaning: Meaning

    /// Every command of the quick start and of the examples, each once, in an order in which a person would type them.
    static let all: [FirstMachaLine] = [
        .init(text: "macha-check", meaning: .prints("1 approval is waiting for you")),
        .init(
            text: "cat /var/lib/macha-autonomous/decisions.jsonl | tail -1 | jq .",
            meaning: .prints("\"host\"")),
        .init(text: "sudo nixos-rebuild switch --flake .#macha", meaning: .system),
        .init(text: "systemctl status macha-autonomous", meaning: .system),
        .init(text: "sudo systemctl status macha-autonomous", meaning: .system),
        .init(text: "journalctl -u macha-autonomous -f", meaning: .system),
        .init(text: "journalctl -u macha-autonomous -n 50", meaning: .system),
        .init(text: "macha-logs service", meaning: .prints("Started Macha.")),
        .init(text: "macha-logs decisions", meaning: .prints("Restart nginx.service")),
        .init(text: "macha-logs orchestrator", meaning: .prints("the daemon said this")),
        .init(text: "macha-approve list", meaning: .prints("Restart nginx.service")),
        .init(text: "cat /var/lib/macha-autonomous/approval_queue.json | jq .", meaning: .prints("nginx.service")),
        .init(text: "macha-approve approve 0", meaning: .prints("verified")),
        .init(text: "macha-logs actions", meaning: .prints("restart-unit nginx.service")),
        .init(text: "ls -lh /var/lib/macha-autonomous/snapshot_*.json", meaning: .prints("snapshot_wiki_")),
        .init(
            text:
                "cat /var/lib/macha-autonomous/snapshot_$(ls -t /var/lib/macha-autonomous/snapshot_*.json | head -1) | jq .",
            meaning: .wrong(
                meant: "cat \"$(ls -t /var/lib/macha-autonomous/snapshot_*.json | head -1)\" | jq .")),
        .init(text: "sudo -u macha-autonomous python3 /nix/store/.../monitor.py", meaning: .system),
        .init(text: "sudo -u macha-autonomous python3 /nix/store/.../agent.py test", meaning: .system),
        .init(text: "sudo systemctl restart macha-autonomous", meaning: .system),
        .init(text: "sudo systemctl stop macha-autonomous", meaning: .system),
        .init(text: "systemctl status ollama", meaning: .system),
        .init(
            text: "curl http://localhost:11434/api/generate -d '{\"model\": \"llama3.1:70b\", \"prompt\": \"test\"}'",
            meaning: .system),
    ]
}
