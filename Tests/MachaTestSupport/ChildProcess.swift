// SPDX-License-Identifier: MIT
import Foundation
package import Glibc
import Synchronization

/// A program this test started.
///
/// Foundation's `Process` notices the end of a child by a descriptor that any other child started meanwhile inherits, so
/// tests that start servers side by side hang; hence posix_spawn and waitpid.
package final class ChildProcess: Sendable {
    package let pid: pid_t
    private let status = Mutex<Int32?>(nil)

    /// Starts `program`. `input`, `output` and `errors` are files, or nothing and nowhere.
    package init(
        _ program: String, _ arguments: [String], environment: [String: String]? = nil, input: String = "/dev/null",
        output: String = "/dev/null", errors: String = "/dev/null"
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        for (descriptor, file) in [(CInt(1), output), (2, errors)] {
            posix_spawn_file_actions_addopen(&actions, descriptor, file, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        }
        // Threads of the test runner block signals, and a child inherits that: it could not be ended.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        // And it inherits what is ignored: a program that writes into a closed pipe must end, as it does elsewhere.
        var pipe = sigset_t()
        sigemptyset(&pipe)
        sigaddset(&pipe, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &pipe)
        // A group of its own, as a login gives: a program that ends its group must not end its neighbours.
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
        posix_spawnattr_setflags(&attributes, Int16(flags))
        let variables = (environment ?? ProcessInfo.processInfo.environment).map { "\($0)=\($1)" }
        pid = try Self.withCStrings([program] + arguments) { argv in
            try Self.withCStrings(variables) { envp in
                var pid = pid_t()
                let failure = posix_spawn(&pid, program, &actions, &attributes, argv, envp)
                guard failure == 0 else { throw Failure(reason: "cannot start \(program): errno \(failure)") }
                return pid
            }
        }
    }

    /// A program could not be started or did not do its work.
    package struct Failure: Error {
        package var reason: String

        package init(reason: String) { self.reason = reason }
    }

    deinit { stop() }

    /// Sends SIGTERM and waits for the end.
    package func stop() {
        status.withLock { status in
            guard status == nil else { return }
            kill(pid, SIGTERM)
            status = Self.wait(for: pid)
        }
    }

    /// Waits for the end and answers the exit status, or 128 and the signal.
    @discardableResult
    package func wait() -> Int32 {
        status.withLock { status in
            let code = status ?? Self.wait(for: pid)
            status = code
            return code
        }
    }

    /// ``wait()`` without blocking a thread of the concurrency pool, of which there are as few as processors: for all that
    /// takes longer than a moment.
    package func finished() async -> Int32 { await onThread { self.wait() } }

    private static func wait(for pid: pid_t) -> Int32 {
        var raw: CInt = 0
        while waitpid(pid, &raw, 0) < 0 && errno == EINTR {}
        return raw & 0x7f == 0 ? (raw >> 8) & 0xff : 128 + (raw & 0x7f)
    }

    private static func withCStrings<R>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) throws -> R
    ) rethrows -> R {
        let copies = strings.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        return try body(copies + [nil])
    }
}

/// Runs a program to its end and answers its status and standard output; standard error is dropped.
@discardableResult
package func run(_ program: String, _ arguments: [String], environment: [String: String]? = nil) throws -> (
    status: Int32, output: String
) {
    let scratch = try Scratch("macha-run")
    let file = scratch.path("output")
    let status = try ChildProcess(program, arguments, environment: environment, output: file).wait()
    return (status, try scratch.read("output"))
}

/// Where a program is, in the PATH or where system programs live.
package func which(_ name: String) -> String? {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return (path.split(separator: ":").map(String.init) + ["/usr/sbin", "/usr/bin", "/sbin", "/bin"])
        .map { "\($0)/\(name)" }
        .first { FileManager.default.isExecutableFile(atPath: $0) }
}
