// SPDX-License-Identifier: MIT
import Foundation
import MachaInventory
import MachaModel
import MachaTestSupport
import SSH
import Testing

@testable import MachaFleet

/// Random configurations: what Macha would do beside what `ssh -G` prints, read here in a way of its own.
@Suite(.enabled(if: which("ssh") != nil, "needs OpenSSH's client"), .timeLimit(.minutes(30)))
struct SSHConfigurationDifferenceTests {
    private static let environment = ["MY_AGENT": "/run/my agent", "KEYS": "/srv/keys", "HOME": NSHomeDirectory()]

    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func `Macha takes from any configuration what ssh makes of it`() async throws {
        var random = SeededRandom(seed: SSHDifference.seed)
        var counts: [String: Int] = [:]
        for number in 0..<SSHDifference.configurations {
            let text = try configuration(&random)
            let name = random.pick([
                "nas", "web.lan", "NAS", "10.0.0.5", "::1", "0:0:0:0:0:0:0:1", "127.1", "db_1", "x",
            ])
            let difference = try await difference(text, name, &counts)
            if let difference {
                Issue.record("case \(number): \(difference)\nssh -G \(name), with:\n\(text)")
                if counts["different", default: 0] >= 5 { break }
                counts["different", default: 0] += 1
            }
        }
        print(
            "ssh -G: \(SSHDifference.configurations) cases from seed \(SSHDifference.seed): \(counts.sorted { $0.key < $1.key })"
        )
        #expect(counts["different"] == nil)
    }

    // MARK: Comparing

    private func difference(_ text: String, _ name: String, _ counts: inout [String: Int]) async throws -> String? {
        let file = try scratch.write(text, to: "config")
        let ssh = try #require(which("ssh"))
        let printed = try await SSHDifference.output(
            of: ssh, ["-G", "-F", file, "--", name], environment: Self.environment)
        let configuration = SSHConfiguration(
            home: NSHomeDirectory(), file: file, environment: Self.environment, runner: Runner())
        var endpoint = SSHEndpoint(
            address: name, port: 22, user: NSUserName(),
            knownHosts: ["\(NSHomeDirectory())/.ssh/known_hosts", "/etc/ssh/ssh_known_hosts"])
        endpoint.unset = SSHSetting.allCases
        var ours: Result<SSHLogin, ContactFailure>
        do throws(ContactFailure) {
            ours = .success(
                try await HostConnector(agentSocket: "/usual", configuration: configuration).login("host", endpoint))
        } catch {
            ours = .failure(error)
        }
        guard printed.status == 0 else {
            counts["ssh refuses the file", default: 0] += 1
            if case .failure = ours { return nil }
            return "ssh refuses the configuration, Macha does not"
        }
        let theirs = Printed(printed.output)
        switch ours {
        case .failure(let failure):
            counts["refused in words", default: 0] += 1
            return theirs.reasonToRefuse ? nil : "Macha refuses without a reason: \(failure.message.raw)"
        case .success(let login):
            counts["taken over", default: 0] += 1
            if theirs.reasonToRefuse { return "Macha does not refuse what it cannot keep" }
            return try await compare(login, theirs, name, file)
        }
    }

    private func compare(_ login: SSHLogin, _ theirs: Printed, _ name: String, _ file: String) async throws -> String? {
        var keys: [String] = []
        for template in theirs.all("identityfile") { keys.append(try await expanded(template, name, file)) }
        keys = keys.filter { key in
            let isUsual = SSHConfigurationAnswer.defaultIdentities.contains(
                String(key.split(separator: "/").last ?? ""))
            return !isUsual || FileManager.default.fileExists(atPath: key)
        }
        let agent: String? =
            switch theirs.one("identityagent") ?? "SSH_AUTH_SOCK" {
            case "SSH_AUTH_SOCK": "/usual"
            case "none": nil
            case "$MY_AGENT": Self.environment["MY_AGENT"]
            case "$UNSET": nil
            case let path: path
            }
        var own = theirs.files("userknownhostsfile")
        if own.allSatisfy({ $0.hasPrefix("/etc/ssh/") }) { own.append("\(NSHomeDirectory())/.ssh/known_hosts") }
        let pairs: [(String, String, String)] = [
            ("address", SSHTarget(theirs, login).address, SSHTarget(theirs, login).expected),
            ("port", "\(login.port)", theirs.one("port") ?? ""), ("user", login.user, theirs.one("user") ?? ""),
            ("keys", "\(login.identityFiles)", "\(keys)"),
            ("only these", "\(login.identitiesOnly)", "\(theirs.one("identitiesonly") == "yes")"),
            ("agent", login.agentSocket ?? "none", agent ?? "none"),
            ("known_hosts", "\(login.knownHosts.read)", "\(own + theirs.files("globalknownhostsfile"))"),
            ("revoked", "\(login.revokedHostKeys)", "\(theirs.files("revokedhostkeys"))"),
            ("alias", login.hostKeyAlias ?? "none", theirs.one("hostkeyalias") ?? "none"),
            ("jumps", login.jumps.map(\.text).joined(separator: ","), theirs.one("proxyjump") ?? ""),
            ("check address", "\(login.checksAddress)", "\(theirs.one("checkhostip") == "yes")"),
            ("family", "\(login.restrictions.addressFamily)", theirs.one("addressfamily") ?? "any"),
            ("RSA", "\(login.restrictions.shortestRSA)", theirs.one("requiredrsasize") ?? "1024"),
        ]
        let wrong = pairs.filter { $0.1 != $0.2 }.map { "\($0.0) is \($0.1), ssh has \($0.2)" }
        if !wrong.isEmpty { return wrong.joined(separator: "; ") }
        for (keyword, offered) in [
            ("ciphers", login.restrictions.offered.ciphers), ("kexalgorithms", login.restrictions.offered.keyExchanges),
            ("hostkeyalgorithms", login.restrictions.offered.hostKeys),
        ] where !Set(offered).isSubset(of: Set(theirs.list(keyword))) {
            return "\(keyword) offers \(offered), ssh has \(theirs.list(keyword))"
        }
        return nil
    }

    /// What ssh itself makes of a key's file name: it expands the same in UserKnownHostsFile, and prints that.
    private func expanded(_ template: String, _ name: String, _ file: String) async throws -> String {
        guard template.contains(where: { "%$~".contains($0) }) else { return template }
        let option = "UserKnownHostsFile=\"\(template)\""
        let printed = try await SSHDifference.output(
            of: try #require(which("ssh")), ["-G", "-F", file, "-o", option, "--", name], environment: Self.environment)
        return Printed(printed.output).one("userknownhostsfile") ?? ""
    }

    /// The lines of `ssh -G`, read without any of Macha's own code.
    struct Printed {
        private let lines: [(keyword: String, value: String)]

        init(_ text: String) {
            lines = text.split(separator: "\n").compactMap { line in
                guard let blank = line.firstIndex(of: " ") else { return nil }
                return (line[..<blank].lowercased(), String(line[line.index(after: blank)...]))
            }
        }

        func all(_ keyword: String) -> [String] {
            lines.filter { $0.keyword == keyword && $0.value != "none" }.map(\.value)
        }

        func one(_ keyword: String) -> String? { lines.first { $0.keyword == keyword }?.value }

        func list(_ keyword: String) -> [String] { (one(keyword) ?? "").split(separator: ",").map(String.init) }

        /// The generator's paths begin with `/` or `~`.
        func files(_ keyword: String) -> [String] {
            (one(keyword) ?? "").replacingOccurrences(of: " /", with: "\n/").replacingOccurrences(of: " ~", with: "\n~")
                .split(separator: "\n").map(String.init).filter { $0 != "none" && $0 != "/dev/null" }
                .map { $0.hasPrefix("~/") ? NSHomeDirectory() + $0.dropFirst() : $0 }
        }

        var reasonToRefuse: Bool {
            let isDirect = one("proxyjump") == nil
            return one("proxycommand").map { $0 != "none" } ?? false
                || one("knownhostscommand").map { $0 != "none" } ?? false
                || ["no", "false"].contains(one("pubkeyauthentication") ?? "")
                || one("preferredauthentications").map { !$0.split(separator: ",").contains("publickey") } ?? false
                || isDirect && one("bindaddress") == "localhost" || isDirect && one("bindinterface") != nil
                || list("ciphers").allSatisfy { !$0.hasPrefix("aes") }
                || list("hostkeyalgorithms") == ["ssh-dss"]
        }
    }

    /// `ssh` with the environment of the test.
    private struct Runner: Transport {
        func run(_ command: Command, until deadline: ContinuousClock.Instant) async throws(ContactFailure)
            -> CommandResult
        {
            do {
                let ssh = which("ssh") ?? "ssh"
                let result = try await SSHDifference.output(
                    of: ssh, Array(command.words.dropFirst()), environment: SSHConfigurationDifferenceTests.environment)
                return CommandResult(standardOutput: Array(result.output.utf8), outcome: .status(result.status))
            } catch {
                throw ContactFailure(.local, stage: "exec", message: "\(error)")
            }
        }

        func stream(
            _ command: Command, until deadline: ContinuousClock.Instant,
            receive: @escaping @Sendable (ArraySlice<UInt8>) -> Void
        ) async throws(ContactFailure) -> CommandResult { try await run(command, until: deadline) }

        func close() async {}
    }

    // MARK: Making configurations

    private func configuration(_ random: inout SeededRandom) throws -> String {
        var lines: [String] = []
        for _ in 0..<Int.random(in: 0...14, using: &random) {
            switch Int.random(in: 0..<10, using: &random) {
            case 0, 1: lines.append("Host \(patterns(&random))")
            case 2: lines.append("Match \(random.pick(Self.conditions))")
            default: lines.append(written(random.pick(Self.directives), &random))
            }
        }
        if random.chance(8) {
            let part = (0..<3).map { _ in written(random.pick(Self.directives), &random) }
            try scratch.write(part.joined(separator: "\n") + "\n", to: "part")
            lines.insert("Include \(scratch.path("part"))", at: Int.random(in: 0...lines.count, using: &random))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func patterns(_ random: inout SeededRandom) -> String {
        let all = ["nas", "web.lan", "*.lan", "*", "n?s", "!web.lan", "NAS", "10.*", "::1", "\"nas\"", "db_1"]
        return (0..<Int.random(in: 1...3, using: &random)).map { _ in random.pick(all) }.joined(separator: " ")
    }

    /// The same line as people write it.
    private func written(_ line: String, _ random: inout SeededRandom) -> String {
        let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return line }
        let keyword = random.pick([parts[0], parts[0].lowercased(), parts[0].uppercased()])
        return random.pick(["", "  ", "\t"]) + keyword + random.pick([" ", "\t", "=", " = ", "  "]) + parts[1]
            + random.pick(["", "", " ", "\r"])
    }

    private static let conditions = [
        "all", "host nas", "host *.lan,nas", "originalhost NAS", "user root", "localuser root", "exec true",
        "exec false",
        "!exec true", "host !nas,*", "canonical", "final", "final host nas",
    ]

    private static let directives = [
        "HostName %h.example.org", "HostName 192.0.2.9", "HostName 0:0:0:0:0:0:0:1", "HostName Big.Example.ORG",
        "HostName 127.1", "User joe", "User \"ann\"", "Port 2200", "Port 65535", "IdentityFile ~/.ssh/%u_ed25519",
        "IdentityFile /keys/%r-%h-%p-%n", "IdentityFile %d/k-%i-%L-%l-%C", "IdentityFile \"/my keys/%k\"",
        "IdentityFile ${KEYS}/id", "IdentityFile none", "IdentityFile ~root/id", "IdentityFile /100%%/id",
        "IdentityFile ~/.ssh/id_rsa", "IdentitiesOnly yes", "IdentityAgent none", "IdentityAgent SSH_AUTH_SOCK",
        "IdentityAgent $MY_AGENT", "IdentityAgent $UNSET", "IdentityAgent ${KEYS}/agent",
        "IdentityAgent \"~/my agent\"",
        "IdentityAgent /run/%u/%C", "UserKnownHostsFile /dev/null", "UserKnownHostsFile none",
        "UserKnownHostsFile ~/.ssh/kh /other/kh", "UserKnownHostsFile \"/with blank/%k\" /two",
        "UserKnownHostsFile ${KEYS}/kh-%h",
        "UserKnownHostsFile /etc/ssh/ssh_known_hosts", "GlobalKnownHostsFile /dev/null",
        "GlobalKnownHostsFile ~/global /etc/two",
        "GlobalKnownHostsFile none", "HostKeyAlias storage", "HostKeyAlias Storage.LAN", "ProxyJump bastion",
        "ProxyJump joe@bastion:2222,second", "ProxyJump none", "ProxyJump [2001:db8::1]:22", "ProxyCommand nc %h %p",
        "ProxyCommand none", "RevokedHostKeys /revoked", "RevokedHostKeys none", "CanonicalizeHostname no",
        "CanonicalizeHostname always", "CanonicalDomains invalid", "AddressFamily inet", "AddressFamily any",
        "BindAddress 127.0.0.1", "BindAddress localhost", "BindInterface lo", "Ciphers -aes128*", "Ciphers +aes128-cbc",
        "Ciphers chacha20-poly1305@openssh.com", "MACs ^hmac-sha2-256", "KexAlgorithms -diffie-hellman*",
        "HostKeyAlgorithms ssh-ed25519,rsa-sha2-512", "HostKeyAlgorithms ssh-dss", "PubkeyAcceptedAlgorithms +ssh-rsa",
        "PubkeyAuthentication no", "PubkeyAuthentication yes", "PreferredAuthentications password",
        "PreferredAuthentications publickey,password", "CheckHostIP yes", "RequiredRSASize 2048",
        "KnownHostsCommand /bin/true",
        "ServerAliveInterval 30", "Compression yes", "ForwardAgent yes", "# Port 1", "", "SendEnv LANG",
        "ControlPath ~/.ssh/c-%C",
        "StrictHostKeyChecking no", "Tag x", "IgnoreUnknown Macha*", "MachaUnknown x", "HashKnownHosts yes",
        "LogLevel QUIET",
    ]
}

extension JumpAddress {
    /// As `ssh -G` prints it.
    fileprivate var text: String {
        let isNumeric = host.contains(":") || host.allSatisfy { $0.isNumber || $0 == "." }
        return (user.map { $0 + "@" } ?? "") + (isNumeric ? "[\(host)]" : host) + (port.map { ":\($0)" } ?? "")
    }
}

extension SSHTarget {
    /// Where both would connect to: what is written in digits is the same whoever shortens it.
    fileprivate init(_ theirs: SSHConfigurationDifferenceTests.Printed, _ login: SSHLogin) {
        self.init(
            name: theirs.one("hostname") ?? "", address: login.address, port: 22, user: "", knownHosts: KnownHosts(),
            credentials: SSHCredentials())
        restrictions = login.restrictions
        address = KnownHosts.name(trustedAs.address, 22)
    }

    fileprivate var expected: String { name }
}
