// SPDX-License-Identifier: MIT
import Foundation
import MachaFleet
import MachaInventory
import MachaModel
import MachaTestSupport
import Testing

/// From an inventory and ssh's configuration to hosts behind hosts, on real servers.
@Suite(.enabled(if: LocalSSHD.isAvailable && which("ssh") != nil, "needs OpenSSH"), .timeLimit(.minutes(10)))
struct JumpRouteTests {
    private var soon: ContinuousClock.Instant { .now + .seconds(60) }

    /// Servers that log the connections they make, known to each other's clients.
    private struct Servers {
        let all: [LocalSSHD]
        let scratch: Scratch
        var keys: String { all.map { $0.scratch.path("id") }.joined(separator: ", ") }
        var known: String { scratch.path("known_hosts") }

        init(_ count: Int) async throws {
            var all: [LocalSSHD] = []
            var options = LocalSSHD.Options()
            options.settings = ["LogLevel DEBUG1"]
            for _ in 0..<count { all.append(try await LocalSSHD(options)) }
            self.all = all
            scratch = try Scratch()
            try scratch.write(try all.map { try $0.knownHostsLine() }.joined(separator: "\n") + "\n", to: "known_hosts")
        }

        /// An inventory with these lines under `hosts`, whose logins are right.
        func inventory(_ hosts: String, aliases: Set<String> = []) throws -> Inventory {
            let text = """
                defaults: { address: , identity-file: [\(keys)], known-hosts: \(known) }
                hosts:
                \(hosts)
                """.replacingOccurrences(of: "address: , ", with: "")
            return try Inventory.parse(
                sources: [("fleet.yaml", text)], home: scratch.url.path, user: NSUserName(), aliases: aliases)
        }

        /// An inventory without a word of how to log in.
        func bare(_ hosts: String, aliases: Set<String> = []) throws -> Inventory {
            try Inventory.parse(
                sources: [("fleet.yaml", "hosts:\n\(hosts)")], home: scratch.url.path, user: "nobody-here",
                aliases: aliases)
        }

        func configuration(_ text: String) throws -> SSHConfiguration {
            SSHConfiguration(home: scratch.url.path, file: try scratch.write(text, to: "ssh_config"))
        }

        func made(_ first: Int, for last: Int) -> Int {
            all[first].log.components(separatedBy: "target 127.0.0.1 port \(all[last].port)").count - 1
        }
    }

    private func run(_ host: String, in fleet: Inventory, _ reach: HostConnector) async throws -> CommandResult.Outcome
    {
        let transport = try reach.transport(to: try #require(fleet[host]))
        let outcome = try await transport.run(Command("true"), until: soon).outcome
        await transport.close()
        return outcome
    }

    @Test func `a chain of jumps in the inventory is followed, and shared by all hosts behind it`() async throws {
        let servers = try await Servers(4)
        let fleet = try servers.inventory(
            """
              a: { address: 127.0.0.1, port: \(servers.all[0].port) }
              b: { address: 127.0.0.1, port: \(servers.all[1].port), jump: a }
              c: { address: 127.0.0.1, port: \(servers.all[2].port), jump: b }
              d: { address: 127.0.0.1, port: \(servers.all[3].port), jump: b }
            """)
        let reach = HostConnector(agentSocket: nil)
        #expect(try await run("c", in: fleet, reach) == .status(0))
        #expect(try await run("d", in: fleet, reach) == .status(0))
        #expect(servers.made(0, for: 1) == 1)
        #expect(servers.made(1, for: 2) == 1 && servers.made(1, for: 3) == 1)
        await reach.close()
    }

    @Test func `a jump host may be an alias of ssh, or a user and an address`() async throws {
        let servers = try await Servers(2)
        let (first, last) = (servers.all[0], servers.all[1])
        let configuration = try servers.configuration("Host bastion\n  HostName 127.0.0.1\n  Port \(first.port)\n")
        let fleet = try servers.inventory(
            """
              one: { address: 127.0.0.1, port: \(last.port), jump: bastion }
              two: { address: 127.0.0.1, port: \(last.port), jump: "\(NSUserName())@127.0.0.1:\(first.port)" }
            """, aliases: ["bastion"])
        // ssh's own default identities are not those of the servers: the alias has to be told.
        try servers.scratch.write(
            try servers.scratch.read("ssh_config") + "Host *\n"
                + servers.all.map { "  IdentityFile \($0.scratch.path("id"))\n" }.joined()
                + "  UserKnownHostsFile \(servers.known)\n", to: "ssh_config")
        let reach = HostConnector(agentSocket: nil, configuration: configuration)
        #expect(try await run("one", in: fleet, reach) == .status(0))
        #expect(servers.made(0, for: 1) == 1)
        #expect(try await run("two", in: fleet, reach) == .status(0))
        #expect(servers.made(0, for: 1) == 2)
        await reach.close()
    }

    @Test func `an alias of ssh gives address, port, user, identity, known hosts and a chain of jumps`() async throws {
        let servers = try await Servers(3)
        let identities = servers.all.map { "  IdentityFile \($0.scratch.path("id"))\n" }.joined()
        let configuration = try servers.configuration(
            """
            Host far
              HostName 127.0.0.1
              Port \(servers.all[2].port)
              ProxyJump 127.0.0.1:\(servers.all[0].port),near
            Host near
              HostName 127.0.0.1
              Port \(servers.all[1].port)
            Host *
              User \(NSUserName())
              UserKnownHostsFile \(servers.known)
            \(identities)
            """)
        let fleet = try servers.bare("  far: {}")
        let reach = HostConnector(agentSocket: nil, configuration: configuration)
        #expect(try await run("far", in: fleet, reach) == .status(0))
        #expect(servers.made(0, for: 1) == 1)
        #expect(servers.made(1, for: 2) == 1)
        guard case .ssh(let endpoint) = try #require(fleet["far"]).connection else { return }
        let said = try await reach.saidBySSH("far", endpoint)
        #expect(said[.port] == "\(servers.all[2].port)")
        #expect(said[.user] == NSUserName())
        #expect(said[.jump] == "127.0.0.1, near")
        await reach.close()
    }

    @Test func `jumps of ssh's configuration that go in a circle are named`() async throws {
        let servers = try await Servers(1)
        let configuration = try servers.configuration("Host a\n  ProxyJump b\nHost b\n  ProxyJump a\n")
        let reach = HostConnector(agentSocket: nil, configuration: configuration)
        let fleet = try servers.bare("  a: {}")
        let failure = await #expect(throws: ContactFailure.self) { _ = try await run("a", in: fleet, reach) }
        #expect(failure?.kind == .local)
        #expect(failure?.message.raw.contains("a → b → a") == true, "\(failure.debugDescription)")
    }
}
