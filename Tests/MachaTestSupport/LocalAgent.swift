// SPDX-License-Identifier: MIT
import Foundation
import Glibc

/// A real ssh-agent for one test.
package final class LocalAgent: Sendable {
    package let socket: String
    private let process: ChildProcess

    package init(in scratch: Scratch) async throws {
        socket = scratch.path("agent")
        process = try ChildProcess(which("ssh-agent") ?? "ssh-agent", ["-D", "-a", socket])
        for _ in 0..<500 where !FileManager.default.fileExists(atPath: socket) {
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    deinit { kill(process.pid, SIGCONT) }

    /// From now on connections are taken and nothing is answered.
    package func fallSilent() { kill(process.pid, SIGSTOP) }

    package func add(_ key: String) throws {
        let status = try run(which("ssh-add") ?? "", ["-q", key], environment: ["SSH_AUTH_SOCK": socket]).status
        guard status == 0 else { throw ChildProcess.Failure(reason: "ssh-add answered \(status)") }
    }
}
