// SPDX-License-Identifier: MIT
import Foundation
import MachaCore
import Testing

/// How a host is asked to reach others.
struct TargetsProbeTests {
    private static let standIns = [
        "ping": #"[ "$7" != dead.lan ]"#, "bash": #"[ "$3/$4" != web.lan/81 ]"#,
    ]
    private static let targets = [
        "gate.lan", "dead.lan", "web.lan:80", "web.lan:81", "[2001:db8::1]:53", "[2001:db8::2]", "2001:db8::3",
    ]

    private func answers(_ targets: [String], in shell: Shell) async throws
        -> Reading<TargetsState?>
    {
        var tools = Self.standIns
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
}
