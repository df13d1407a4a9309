// SPDX-License-Identifier: MIT
import MachaActions
import MachaInventory
import Testing

@Suite struct SudoRulesTests {
    private func rules(_ change: (inout FleetHost) -> Void = { _ in }) throws -> SudoRules {
        var host = FleetHost(
            name: "web", connection: .ssh(SSHEndpoint(address: "web", user: "macha")),
            managedUnits: ["jellyfin.service", "sshd.service"])
        change(&host)
        return SudoRules.needed(on: host, library: try Shipped.library).rules
    }

    @Test func `every line names one program and exact arguments, and none reaches a shell or a pager`() throws {
        let dangerous = ["sh", "bash", "less", "more", "vi", "env", "su", "sudo", "python3", "ssh"]
        for line in try rules().lines {
            #expect(line.program.hasPrefix("/") || line.program.hasPrefix("^/"), "\(line.text)")
            #expect(!dangerous.contains(line.program.split(separator: "/").last.map(String.init) ?? ""))
            let isExpression = line.arguments.hasPrefix("^")
            let bare = line.arguments.replacing("\\*", with: "")
            #expect(isExpression || !bare.contains("*"), "\(line.text)")
            #expect(!line.text.contains("status") && !line.text.contains("edit"), "\(line.text)")
            if isExpression {
                let open = line.arguments.replacing("[0-9]{1,6}", with: "").filter { "[{*+?.".contains($0) }
                #expect(open.isEmpty || line.arguments.contains("\\"), "\(line.text)")
            }
        }
    }

    @Test func `managed units may be restarted, protected ones not`() throws {
        let lines = try rules().lines.map(\.text)
        #expect(lines.contains("/run/current-system/sw/bin/systemctl restart -- jellyfin.service"))
        #expect(lines.contains("/run/current-system/sw/bin/systemctl stop -- jellyfin.service"))
        #expect(!lines.contains { $0.contains("sshd") })
        #expect(lines.contains("/run/current-system/sw/bin/systemctl restart -- systemd-resolved.service"))
        #expect(!lines.contains { $0.contains("stop -- systemd-") })
        #expect(lines.contains("/run/current-system/sw/bin/nix-collect-garbage \"\"") == false)
        #expect(lines.contains { $0.contains("systemd-run") && $0.hasSuffix("-- nix-collect-garbage") })
    }

    @Test func `a generation is digits and nothing else`() throws {
        let actions: [Action] = [.rollbackGeneration(try GenerationNumber("41"))]
        let lines = SudoRules(user: "macha", actions: actions).lines.map(\.text)
        #expect(
            lines.contains(
                "^/nix/var/nix/profiles/system-[0-9]{1,6}-link/bin/switch-to-configuration$ dry-activate"))
        #expect(
            lines.contains {
                $0.hasPrefix("/run/current-system/sw/bin/nix-env ^")
                    && $0.hasSuffix("/nix/var/nix/profiles/system --switch-generation [0-9]{1,6}$")
            })
    }

    @Test func `both forms hold every line once`() throws {
        let rules = try rules()
        #expect(Set(rules.lines.map(\.text)).count == rules.lines.count)
        #expect(rules.sudoers.split(separator: "\n").count == rules.lines.count)
        #expect(rules.nixos.split(separator: "\n").count { $0.contains("NOPASSWD") } == rules.lines.count)
        #expect(rules.sudoers.hasPrefix("macha ALL=(root) NOPASSWD: /"))
    }
}
