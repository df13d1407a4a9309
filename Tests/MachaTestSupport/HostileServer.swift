// SPDX-License-Identifier: MIT
import Foundation
package import SSH

/// The SSH servers of `Tests/Lab/hostile`: one port for each way to go wrong.
package final class HostileServer: Sendable {
    /// The port of each behaviour.
    package let ports: [String: UInt16]
    private let key: String
    private let credentials: SSHCredentials
    private let scratch: Scratch
    private let process: ChildProcess

    private static let root =
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let program = root.appending(path: "Tests/Lab/hostile/server").path
    private static let python: String? = {
        let own = root.appending(path: ".venv/bin/python").path
        return [own, which("python3")].compactMap { $0 }.first {
            FileManager.default.isExecutableFile(atPath: $0)
                && (try? run($0, ["-c", "import cryptography"]).status) == 0
        }
    }()

    /// Whether there is a Python with the package `cryptography`.
    package static let isAvailable = python != nil && which("ssh-keygen") != nil

    /// Starts the servers with `arguments`; without any, every behaviour there is.
    package init(_ arguments: [String] = []) async throws {
        scratch = try Scratch("macha-hostile")
        try LocalSSHD.makeKey("id", "ed25519", in: scratch)
        credentials = SSHCredentials(keys: [try PrivateKey.load(path: scratch.path("id"))])
        let output = scratch.path("output")
        process = try ChildProcess(
            Self.python ?? "python3", [Self.program] + arguments, output: output, errors: scratch.path("errors"))
        var lines: [Substring] = []
        for _ in 0..<3000 where lines.last != "ready" {
            try await Task.sleep(for: .milliseconds(10))
            lines = ((try? scratch.read("output")) ?? "").split(separator: "\n")
        }
        guard lines.last == "ready", let first = lines.first, first.hasPrefix("key ") else {
            throw Loopback.Failure(reason: "the hostile server did not start: \((try? scratch.read("errors")) ?? "")")
        }
        key = String(first.dropFirst(4))
        ports = Dictionary(
            uniqueKeysWithValues: lines.dropFirst().dropLast().map { line in
                let fields = line.split(separator: "\t")
                return (String(fields[0]), UInt16(fields[1]) ?? 0)
            })
    }

    /// A target that trusts the servers' key.
    package func target(_ behaviour: String, name: String = "hostile") throws -> SSHTarget {
        guard let port = ports[behaviour] else { throw Loopback.Failure(reason: "no behaviour '\(behaviour)'") }
        var known = KnownHosts()
        known.add("\(KnownHosts.name("127.0.0.1", port)) ssh-ed25519 \(key)", file: "known_hosts", line: 1)
        return SSHTarget(
            name: name, address: "127.0.0.1", port: port, user: "macha", knownHosts: known, credentials: credentials)
    }
}
