// SPDX-License-Identifier: MIT
package import MachaInventory
package import MachaModel
import SSH

/// A connection made to see whether it can be made.
package struct HostTest: Sendable, Encodable {
    package var host: String
    /// What to say of the connection when it works; empty otherwise.
    package var server = ""
    /// The key that was let in.
    package var identity = ""
    package var hostKey = ""
    package var address = ""
    package var algorithms: [String: String] = [:]
    /// libssh2's version on this side.
    package var library = SSHLibrary.version
    /// Milliseconds spent in each stage; `exec` is a command that says one word.
    package var latency: [String: Double] = [:]
    /// What ssh's configuration says and Macha does not do.
    package var notes: [String] = []
    package var failure: ContactFailure?
    /// What the account may do there; `nil` when it could not be asked.
    package var rights: HostRights?
    /// What the account's shell prints before each command; empty for a quiet one.
    package var shellOutput = UntrustedText("")

    /// Tests all `hosts`; returns results in their order. `commands` are what playbooks want root for on a host.
    /// `heard` is told after each.
    package static func run(
        _ hosts: [FleetHost], reach: HostConnector, width: Int, commands: @escaping @Sendable (FleetHost) -> [[String]],
        heard: (FleetProgress) -> Void
    ) async -> [HostTest] {
        var done: [String: HostTest] = [:]
        var progress = FleetProgress(hosts)
        await FanOut.run(hosts, width: width) {
            await attempt($0, reach, commands($0))
        } receive: { test in
            done[test.host] = test
            progress.heard(test.host)
            heard(progress)
        }
        return hosts.compactMap { done[$0.name] }
    }

    private static func attempt(
        _ host: FleetHost, _ reach: HostConnector, _ commands: [[String]]
    ) async -> HostTest {
        var test = HostTest(host: host.name)
        do throws(ContactFailure) {
            if case .ssh(let endpoint) = host.connection { test.notes = try await reach.notes(host.name, endpoint) }
            let transport = try reach.transport(to: host)
            let result: CommandResult
            do throws(ContactFailure) {
                if let ssh = transport as? SharedTransport, let details = try await ssh.details() { test.take(details) }
                let begun = ContinuousClock.now
                result = try await transport.run(Self.echo, until: .now + .seconds(15))
                test.latency["exec"] = begun.duration(to: .now) / .milliseconds(1)
                // The account's rights are reported where they are known; not knowing them does not make the connection
                // bad.
                if result.outcome == .status(0) {
                    test.rights = try? await HostRights.ask(transport, commands, host: host)
                }
            } catch {
                await transport.close()
                throw error
            }
            await transport.close()
            test.shellOutput = UntrustedText(String(decoding: result.preamble, as: UTF8.self))
            guard result.outcome == .status(0), result.standardOutput == Array("\(Self.word)\n".utf8) else {
                throw Self.noEcho(host, result)
            }
        } catch {
            test.failure = error
        }
        return test
    }

    private static let word = "macha"
    /// Status 0 of a program that does nothing would prove little: this one must also say what it was told to say.
    private static let echo = Command("sh", ["-c", "echo \"$1\"", "sh", word], outputLimit: 4 << 10)

    private static func noEcho(_ host: FleetHost, _ result: CommandResult) -> ContactFailure {
        let said = String(decoding: result.standardError.prefix(300), as: UTF8.self).split(whereSeparator: \.isNewline)
        return ContactFailure(
            .broken, stage: .exec, delivery: .maybeSent,
            message: "\(host.name): after login, sh did not print the expected output"
                + (said.isEmpty ? "" : " (\(said.joined(separator: "; ")))"),
            remedy: "the account needs a POSIX shell: check its login shell and /bin/sh on the host")
    }

    private mutating func take(_ details: SSHSession.Details) {
        server = details.serverVersion
        identity = details.identity
        hostKey = "\(details.hostKey.type) \(details.hostKey.fingerprint)"
        address = details.address
        algorithms = [
            "cipher": details.algorithms.cipher, "host-key": details.algorithms.hostKey,
            "key-exchange": details.algorithms.keyExchange, "mac": details.algorithms.mac,
        ]
        for (stage, time) in details.latency { latency[stage.rawValue] = time / .milliseconds(1) }
    }
}
