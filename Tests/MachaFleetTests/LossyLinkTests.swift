// SPDX-License-Identifier: MIT
import Foundation
import MachaFleet
import MachaModel
import MachaTestSupport
import Testing

/// A network of this process's own, in which each packet is lost with a chance of one in twenty. Needs root.
private enum LossyNetwork {
    /// Words before a program that is to run there. All of it is loopback, so one rule takes both ways.
    static let words = [
        "/usr/bin/env", "unshare", "--net", "sh", "-c",
        """
        ip link set lo up && nft 'add table inet loss; add chain inet loss in { type filter hook input priority 0; }
            add rule inet loss in numgen random mod 100 < 5 drop' && exec "$@"
        """, "sh",
    ]

    /// Why there can be none, or `nil`.
    static let obstacle: String? = {
        guard getuid() == 0 else { return "needs root" }
        let (status, output) = (try? run(words[0], words.dropFirst() + ["true"])) ?? (1, "no env")
        return status == 0 ? nil : "needs unshare, ip, nft and a kernel that lends a network of one's own: \(output)"
    }()
}

/// A bad network slows commands down; it neither loses nor repeats one.
@Suite(
    .enabled(if: LocalSSHD.isAvailable, "needs OpenSSH's server"),
    .enabled(if: OwnProcess.isAlone || LossyNetwork.obstacle == nil, "\(LossyNetwork.obstacle ?? "")"),
    .timeLimit(.minutes(20)))
struct LossyLinkTests {
    @Test(.disabled(if: OwnProcess.isAlone)) func `where 5 % of all packets are lost every command runs once`()
        async throws
    {
        let (status, output) = try await OwnProcess.runAlone("LossyLinkTests/`alone", through: LossyNetwork.words)
        #expect(status == 0, "\(output)")
    }

    @Test(.enabled(if: OwnProcess.isAlone)) func `alone: ten connections, twenty commands on each`() async throws {
        let server = try await LocalSSHD()
        let file = server.scratch.path("runs")
        let counted = ["-c", "echo \"$2\" >>\"$1\"; seq 1 5000", "sh", file]
        let wanted = (1...5000).map { "\($0)\n" }.joined()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for connection in 0..<10 {
                group.addTask {
                    let transport = try SSHTransport(server.target())
                    for number in 0..<20 {
                        let command = Command("sh", counted + ["\(connection) \(number)"])
                        let result = try await transport.run(command, until: .now + .seconds(60))
                        #expect(String(decoding: result.standardOutput, as: UTF8.self) == wanted)
                        #expect(result.outcome == .status(0))
                    }
                    await transport.close()
                }
            }
            try await group.waitForAll()
        }
        let runs = try server.scratch.read("runs").split(separator: "\n")
        #expect(runs.count == 200 && Set(runs).count == 200)
        // Otherwise next to nothing was lost, and this was no test.
        let (sent, again) = try (Self.count("OutSegs"), Self.count("RetransSegs"))
        #expect(again * 50 > sent, "\(again) of \(sent)")
    }

    /// What this network's TCP has counted so far (RFC 4022: tcpOutSegs, tcpRetransSegs).
    private static func count(_ name: String) throws -> Int {
        let text = try String(contentsOfFile: "/proc/net/snmp", encoding: .utf8)
        let lines = text.split(separator: "\n").filter { $0.hasPrefix("Tcp:") }.map { $0.split(separator: " ") }
        let place = try #require(lines.first?.firstIndex { $0 == name })
        return try #require(lines.last.flatMap { Int($0[place]) })
    }
}
