// SPDX-License-Identifier: MIT
import Foundation
import MachaModel
import MachaProbes
import MachaTestSupport
import Testing

/// How a host is asked to reach others.
struct TargetsProbeTests {
    private static let standIns = [
        "ping": #"[ "$7" != dead.lan ]"#, "bash": #"[ "$3/$4" != web.lan/81 ]"#,
    ]
    /// What OpenBSD's, Nmap's and the traditional one understand.
    private static let nc = #"[ "$1 $2 $3" = '-z -w 6' ] && [ "$4/$5" != web.lan/81 ]"#
    private static let targets = [
        "gate.lan", "dead.lan", "web.lan:80", "web.lan:81", "[2001:db8::1]:53", "[2001:db8::2]", "2001:db8::3",
    ]

    private func answers(
        _ targets: [String], in shell: Shell, _ standIns: [String: String] = standIns
    ) async throws -> Reading<TargetsState?> {
        var tools = standIns
        for tool in ["sh", "cat", "date", "head", "id", "wc", "sleep", "setsid", "kill", "mkdir", "rm", "od", "tr"] {
            tools[tool] = "exec /usr/bin/\(tool) \"$@\""
        }
        // The frame around a fragment asks `timeout` in its own way; only fragments give it a single number.
        tools["timeout"] = #"if [ "$1" = 8 ]; then shift; exec "$@"; fi; exec /usr/bin/timeout "$@""#
        let request = ProbeRequest(probes: [TargetsProbe.self], targets: targets)
        let run = try await ShellRun(ProbeScript.text(for: request), in: shell, standIns: tools, isBare: true)
        return TargetsProbe.read(try #require(run.section("targets")))
    }

    @Test(arguments: Shell.present)
    func `a host is pinged, and where a port is named, a connection is made`(shell: Shell) async throws {
        let state = try await answers(Self.targets, in: shell).value.flatMap { $0 }
        #expect(state?.answers.map(\.target) == Self.targets)
        #expect(state?.broken.map(\.target) == ["dead.lan", "web.lan:81"])
        #expect(state?.broken.allSatisfy { $0.outcome == .silent } == true)
    }

    @Test(arguments: Shell.present)
    func `where there is no bash, nc connects`(shell: Shell) async throws {
        let tools = ["ping": Self.standIns["ping"], "nc": Self.nc].compactMapValues { $0 }
        let state = try await answers(Self.targets, in: shell, tools).value.flatMap { $0 }
        #expect(state?.answers.map(\.target) == Self.targets)
        #expect(state?.broken.map(\.target) == ["dead.lan", "web.lan:81"])
    }

    @Test(arguments: Shell.present)
    func `without bash and nc a port is unknown, never silent, and the tool is named`(shell: Shell) async throws {
        let tools = ["ping": Self.standIns["ping"]].compactMapValues { $0 }
        let failure = try await answers(Self.targets, in: shell, tools).failure
        #expect(failure?.reason == .toolMissing)
        #expect(failure?.detail.raw.contains("nc: not found") == true)
    }

    @Test(.enabled(if: Shell.busybox.path != nil), arguments: Shell.present)
    func `busybox's own nc, which may lack -z, tells an open port from a closed one`(shell: Shell) async throws {
        let tools = ["nc": #"exec \#(Shell.busybox.path ?? "busybox") nc "$@""#, "true": "exit 0"]
        let listener = try Loopback.Listener()
        let (open, closed) = ("127.0.0.1:\(listener.port)", "127.0.0.1:\(try Loopback.freePort())")
        let state = try await answers([open, closed], in: shell, tools).value.flatMap { $0 }
        #expect(state?.answers.map(\.outcome) == [.answers, .silent])
        withExtendedLifetime(listener) {}
    }
}
