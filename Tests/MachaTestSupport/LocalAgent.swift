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
        // The socket's file is there a moment before anybody listens on it, so the agent is asked: 2 is "no connection".
        for _ in 0..<500 {
            let status = try run(which("ssh-add") ?? "", ["-l"], environment: ["SSH_AUTH_SOCK": socket]).status
            if status != 2 { return }
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
