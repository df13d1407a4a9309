// SPDX-License-Identifier: MIT
import Foundation
package import SSH

/// A real OpenSSH server on loopback that logs the current user in, for one test.
package final class LocalSSHD: Sendable {
    /// How the server differs from a plain one.
    package struct Options: Sendable {
        package var listen = "127.0.0.1"
        /// Key types of the server, as `ssh-keygen -t` names them.
        package var hostKeys = ["ed25519"]
        /// Further lines of sshd_config.
        package var settings: [String] = []
        /// The algorithms a default NixOS sshd offers, as far as the installed OpenSSH knows them.
        package var isNixOSDefault = false

        package init() {}
    }

    package static let isAvailable = which("sshd") != nil && which("ssh-keygen") != nil

    package let scratch: Scratch
    package let port: UInt16
    package let options: Options
    package let user = NSUserName()
    private let process: ChildProcess

    package init(_ options: Options = Options()) async throws {
        self.options = options
        scratch = try Scratch("macha-sshd")
        try Self.makeKey("id", "ed25519", in: scratch)
        for type in options.hostKeys { try Self.makeKey("host_\(type)", type, in: scratch) }
        try scratch.write(try scratch.read("id.pub"), to: "authorized_keys")
        try FileManager.default.createDirectory(atPath: scratch.path("home"), withIntermediateDirectories: true)
        if geteuid() == 0 {
            try FileManager.default.createDirectory(atPath: "/run/sshd", withIntermediateDirectories: true)
        }
        (port, process) = try await Self.start(options, scratch)
    }

    /// Starts sshd on a port of its own. Between asking for a free one and listening there another test may take it, and its server
    /// would answer in our place; sshd's log tells, and then it is another port's turn.
    private static func start(_ options: Options, _ scratch: Scratch) async throws -> (UInt16, ChildProcess) {
        var log = ""
        for _ in 0..<5 {
            let port = try Loopback.freePort(options.listen)
            try scratch.write("", to: "sshd.log")
            try scratch.write(configuration(options, port, scratch), to: "sshd_config")
            let process = try ChildProcess(
                which("sshd") ?? "sshd", ["-D", "-f", scratch.path("sshd_config"), "-E", scratch.path("sshd.log")])
            for _ in 0..<500 where !log.contains("Address already in use") {
                if log.contains("Server listening on \(options.listen) port \(port)") { return (port, process) }
                try await Task.sleep(for: .milliseconds(20))
                log = try scratch.read("sshd.log")
            }
            process.stop()
            guard log.contains("Address already in use") else { break }
            log = ""
        }
        throw Loopback.Failure(reason: "sshd does not start: \(log)")
    }

    /// Ends the server and waits for it. Connections that are open stay.
    package func stop() { process.stop() }

    /// Ends every connection that is open; the server itself goes on.
    package func cutConnections() throws {
        // The processes of connections are children of the server, and theirs.
        var ended: Set<pid_t> = []
        for child in try children(of: process.pid) {
            for grandchild in try children(of: child) { ended.insert(grandchild) }
            ended.insert(child)
        }
        // A command that ended first would be reported over the connection, which is to break without a word.
        for pid in ended { kill(pid, SIGSTOP) }
        for pid in ended { kill(pid, SIGKILL) }
    }

    /// Stops every connection's process without ending it, as a host does that hangs; `false` lets them go on.
    package func freezeConnections(_ isFrozen: Bool = true) throws {
        for child in try children(of: process.pid) {
            for pid in try children(of: child) + [child] { kill(pid, isFrozen ? SIGSTOP : SIGCONT) }
        }
    }

    private func children(of pid: pid_t) throws -> [pid_t] {
        try String(contentsOfFile: "/proc/\(pid)/task/\(pid)/children", encoding: .utf8)
            .split(separator: " ").compactMap { pid_t($0) }
    }

    /// Connections that were made to it.
    package var connections: Int { log.components(separatedBy: "Connection from").count - 1 }

    package var log: String { (try? scratch.read("sshd.log")) ?? "" }

    /// The server's public key of one type as a `known_hosts` line.
    package func knownHostsLine(_ type: String = "ed25519") throws -> String {
        let fields = try scratch.read("host_\(type).pub").split(separator: " ")
        return "\(KnownHosts.name(options.listen, port)) \(fields[0]) \(fields[1])"
    }

    package func knownHosts() throws -> KnownHosts {
        var known = KnownHosts()
        for (index, type) in options.hostKeys.enumerated() {
            known.add(try knownHostsLine(type), file: "known_hosts", line: index + 1)
        }
        return known
    }

    /// A target that this server accepts, changed by `change`.
    package func target(_ change: (inout SSHTarget) -> Void = { _ in }) throws -> SSHTarget {
        var target = SSHTarget(
            name: "lab", address: options.listen, port: port, user: user, knownHosts: try knownHosts(),
            credentials: SSHCredentials(keys: [try PrivateKey.load(path: scratch.path("id"))]))
        change(&target)
        return target
    }

    package static func makeKey(_ name: String, _ type: String, passphrase: String = "", in scratch: Scratch) throws {
        try run(
            which("ssh-keygen") ?? "ssh-keygen",
            ["-q", "-t", type, "-N", passphrase, "-C", name, "-f", scratch.path(name)])
    }

    private static func configuration(_ options: Options, _ port: UInt16, _ scratch: Scratch) -> String {
        var lines = [
            "ListenAddress \(options.listen.contains(":") ? "[\(options.listen)]" : options.listen):\(port)",
            "PidFile none", "UsePAM no", "StrictModes no", "PasswordAuthentication no",
            "KbdInteractiveAuthentication no", "PermitRootLogin prohibit-password", "UseDNS no", "LogLevel VERBOSE",
            "AuthorizedKeysFile \(scratch.path("authorized_keys"))", "MaxStartups 500", "MaxSessions 100",
            // The account's own start files must not be part of what is tested.
            "SetEnv HOME=\(scratch.path("home"))",
        ]
        // For most keywords the first line counts; for this one the last.
        if options.settings.contains(where: { $0.hasPrefix("MaxStartups") }) {
            lines = lines.filter { !$0.hasPrefix("MaxStartups") }
        }
        lines += options.hostKeys.map { "HostKey \(scratch.path("host_\($0)"))" }
        if options.isNixOSDefault {
            lines += [
                "KexAlgorithms sntrup761x25519-sha512@openssh.com,curve25519-sha256,curve25519-sha256@libssh.org,"
                    + "diffie-hellman-group-exchange-sha256",
                "Ciphers chacha20-poly1305@openssh.com,aes256-gcm@openssh.com,aes128-gcm@openssh.com,aes256-ctr,"
                    + "aes192-ctr,aes128-ctr",
                "MACs hmac-sha2-512-etm@openssh.com,hmac-sha2-256-etm@openssh.com,umac-128-etm@openssh.com",
            ]
        }
        return (options.settings + lines).joined(separator: "\n") + "\n"
    }
}
