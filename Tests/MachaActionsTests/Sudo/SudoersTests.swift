// SPDX-License-Identifier: MIT
import Foundation
import MachaActions
import MachaInventory
import MachaModel
import MachaTestSupport
import Testing

/// What an account may do with the rules that Macha prints, judged by sudo itself: the printed file stands in the place of
/// `/etc/sudoers` within a mount namespace of the question's own.
@Suite(
    .enabled(
        if: geteuid() == 0 && which("sudo") != nil && which("unshare") != nil, "needs root, sudo and unshare"),
    .timeLimit(.minutes(30)))
struct SudoersTests {
    private let scratch: Scratch
    private let sudoers: String
    private let host: FleetHost
    private static let programs = [
        "systemctl", "journalctl", "nix-collect-garbage", "nix-env", "nixos-rebuild", "systemd-run", "systemd-tmpfiles",
        "tee", "sh", "cat", "less", "vi", "cp", "env",
    ]

    init() throws {
        scratch = try Scratch()
        for program in Self.programs {
            let path = try scratch.write("#!/bin/sh\n", to: "bin/\(program)")
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        }
        host = FleetHost(
            name: "web", connection: .ssh(SSHEndpoint(address: "web", user: "nobody")),
            managedUnits: ["jellyfin.service", "sshd.service"])
        let rules = SudoRules.needed(on: host, library: try Shipped.library, folder: scratch.path("bin")).rules
        sudoers = try scratch.write(rules.sudoers, to: "sudoers")
        try FileManager.default.setAttributes([.posixPermissions: 0o440], ofItemAtPath: sudoers)
    }

    /// Whether the account may run `words` as root; the first is a program of the folder.
    private func mayRun(_ words: [String]) async throws -> Bool {
        let script = #"mount --bind "$1" /etc/sudoers && shift && exec sudo -n -l -U nobody -- "$@""#
        let path = try #require(which("unshare"))
        let program = words[0].hasPrefix("/") ? words[0] : scratch.path("bin/\(words[0])")
        let child = try ChildProcess(
            path,
            ["--mount", "--propagation", "private", "sh", "-c", script, "sh", sudoers, program] + words.dropFirst(),
            output: scratch.path("out"), errors: scratch.path("err"))
        return await child.finished() == 0
    }

    @Test func `the account may do exactly what the actions send`() async throws {
        let unit = try UnitName("jellyfin.service")
        let actions: [Action] = [
            .restartUnit(unit), .stopUnit(unit), .resetFailedUnit(unit), .collectGarbage(keeping: nil), .rotateJournal,
            .cleanTemporaryFiles, .rebuild(Rebuild(.switch)), .reboot, .rollbackGeneration(try GenerationNumber("41")),
        ]
        for action in actions {
            for (_, planned) in try action.plan(in: RiskContext(host: host)).commands where planned.asRoot {
                let sent = planned.isDetached ? DetachedRun.start(planned).command : planned.command
                guard !sent.program.hasPrefix("/") else { continue }
                #expect(try await mayRun(sent.words), "\(sent.words)")
            }
        }
    }

    @Test(arguments: [
        // Another unit, more units, a pattern, an option, a verb of its own.
        ["systemctl", "restart", "--", "sshd.service"], ["systemctl", "stop", "--", "sshd.service"],
        ["systemctl", "restart", "--", "jellyfin.service", "sshd.service"],
        ["systemctl", "restart", "--", "jellyfin.service sshd.service"], ["systemctl", "restart", "--", "*"],
        ["systemctl", "restart", "jellyfin.service"], ["systemctl", "restart", "--force", "--", "jellyfin.service"],
        ["systemctl", "mask", "--", "jellyfin.service"], ["systemctl", "disable", "--", "sshd.service"],
        ["systemctl", "edit", "jellyfin.service"], ["systemctl", "status", "jellyfin.service"],
        ["systemctl", "poweroff"],
        ["systemctl", "--root=/", "restart", "--", "jellyfin.service"], ["systemctl"],
        // A pager, all of the journal, all generations, another profile.
        ["journalctl"], ["journalctl", "--rotate", "--vacuum-size=1"], ["nix-collect-garbage", "-d"],
        ["nix-env", "--profile", "/nix/var/nix/profiles/system", "--delete-generations", "old"],
        ["nix-env", "--profile", "/nix/var/nix/profiles/system", "--switch-generation", "41 --set /tmp/x"],
        ["nix-env", "--profile", "/root/.nix-profile", "--switch-generation", "41"],
        ["nixos-rebuild", "switch", "--flake", "github:evil/fleet"], ["nixos-rebuild", "switch"],
        ["systemd-run", "sh"], ["systemd-run", "--unit=macha-action", "--", "sh", "-c", "id"],
        // Files, shells, homes.
        ["tee", "/etc/passwd"], ["cp", "/tmp/x", "/etc/shadow"], ["sh"], ["sh", "-c", "id"],
        ["cat", "/root/.ssh/id_ed25519"],
        ["less", "/var/log/messages"], ["vi"], ["env", "sh"], ["/bin/sh"], ["/usr/bin/env"],
    ]) func `everything else is refused`(words: [String]) async throws {
        #expect(try await !mayRun(words))
    }
}
