// SPDX-License-Identifier: MIT
import Foundation
import MachaTestSupport
import SSH
import Testing

/// Random `known_hosts` files: which lines speak of a host, beside `ssh-keygen -F`, and whether it is trusted, beside ssh.
@Suite(.enabled(if: LocalSSHD.isAvailable && which("ssh") != nil, "needs OpenSSH"), .timeLimit(.minutes(30)))
struct KnownHostsDifferenceTests {
    private let scratch: Scratch
    /// Public keys as `type base64`; the first is the server's.
    private let keys: [String]

    init() throws {
        scratch = try Scratch()
        for (index, type) in ["ed25519", "ed25519", "ecdsa", "rsa"].enumerated() {
            try LocalSSHD.makeKey("k\(index)", type, in: scratch)
        }
        var keys: [String] = []
        for index in 0..<4 {
            keys.append(try scratch.read("k\(index).pub").split(separator: " ").prefix(2).joined(separator: " "))
        }
        self.keys = keys
    }

    private static let names = ["nas", "web.lan", "NAS.Lan", "10.0.0.5", "::1", "fe80::2", "db_1", "a.b.c"]
    private static let ports: [UInt16] = [22, 22, 2201, 2222]

    @Test func `the lines that ssh-keygen finds for a host are those that count`() async throws {
        var random = SeededRandom(seed: SSHDifference.seed)
        let keygen = try #require(which("ssh-keygen"))
        var (different, found) = (0, 0)
        for number in 0..<SSHDifference.lookups where different < 5 {
            let (text, isHashed) = file(&random)
            let path = try scratch.write(text, to: "known_hosts")
            if isHashed { _ = try await SSHDifference.output(of: keygen, ["-H", "-f", path]) }
            let (name, port) = (random.pick(Self.names), random.pick(Self.ports))
            let asked = KnownHosts.name(name, port)
            let printed = try await SSHDifference.output(of: keygen, ["-F", asked, "-f", path]).output
            let lines = try scratch.read("known_hosts").split(
                omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            // ssh-keygen lists lines whose key ssh cannot read as well.
            let broken = lines.indices.filter { lines[$0].hasSuffix("AAAA") || lines[$0].hasSuffix("!") }.map { $0 + 1 }
            let theirs = printed.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("# Host ") }.compactMap {
                line in
                line.components(separatedBy: " found: line ").last?.split(separator: " ").first.flatMap { Int($0) }
            }.filter { !broken.contains($0) }
            let ours = try KnownHosts.load(files: [path]).entries(for: name, port: port).map(\.line)
            found += theirs.isEmpty ? 0 : 1
            guard ours != theirs else { continue }
            different += 1
            Issue.record(
                "case \(number): \(asked) is on lines \(ours), ssh-keygen has \(theirs), of:\n\(try scratch.read("known_hosts"))"
            )
        }
        print(
            "ssh-keygen -F: \(SSHDifference.lookups) cases from seed \(SSHDifference.seed): \(found) found, \(different) different"
        )
        #expect(different == 0)
    }

    @Test func `a host is trusted when ssh trusts it, and never otherwise`() async throws {
        var random = SeededRandom(seed: SSHDifference.seed &+ 1)
        let keygen = try #require(which("ssh-keygen"))
        let hostKey = try #require(key(keys[0]))
        try scratch.write(
            """
            HostKey \(scratch.path("k0"))
            UsePAM no
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            AuthorizedKeysFile none
            StrictModes no
            """, to: "sshd_config")
        var counts: [String: Int] = [:]
        for number in 0..<SSHDifference.verdicts {
            let (text, isHashed) = file(&random)
            let path = try scratch.write(text, to: "known_hosts")
            if isHashed { _ = try await SSHDifference.output(of: keygen, ["-H", "-f", path]) }
            let (name, port) = (random.pick(Self.names), random.pick(Self.ports))
            let alias = random.chance(6) ? random.pick(Self.names) : nil
            let revoked = random.chance(6) ? try scratch.write(random.pick(keys) + "\n", to: "revoked") : nil
            var target = SSHTarget(
                name: name, address: name, port: port, user: "x", knownHosts: try KnownHosts.load(files: [path]),
                credentials: SSHCredentials())
            target.hostKeyAlias = alias?.lowercased()
            target.knownHosts.revoked = try RevokedKeys.load(files: revoked.map { [$0] } ?? [])
            let refusal = target.knownHosts.refusal(of: hostKey, from: target)
            let isTrusted = try await isTrustedBySSH(name, port, path, alias, revoked)
            counts[isTrusted ? "trusted" : "refused", default: 0] += 1
            guard isTrusted != (refusal == nil) else { continue }
            counts["different", default: 0] += 1
            Issue.record(
                "case \(number): ssh \(isTrusted ? "trusts" : "refuses") \(name) port \(port) (alias \(alias ?? "none")), Macha says \(refusal?.message ?? "trusted"), of:\n\(try scratch.read("known_hosts"))"
            )
        }
        print(
            "ssh's verdict: \(SSHDifference.verdicts) cases from seed \(SSHDifference.seed): \(counts.sorted { $0.key < $1.key })"
        )
        #expect(counts["different"] == nil)
    }

    /// Lets ssh talk to an sshd of its own as far as the login, which cannot succeed.
    private func isTrustedBySSH(
        _ name: String, _ port: UInt16, _ known: String, _ alias: String?, _ revoked: String?
    ) async throws -> Bool {
        let sshd = try #require(which("sshd"))
        var words = [
            "-F", "none", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes", "-o", "UserKnownHostsFile=\(known)",
            "-o",
            "GlobalKnownHostsFile=/dev/null", "-o", "ProxyCommand=\(sshd) -i -f \(scratch.path("sshd_config"))", "-o",
            "IdentitiesOnly=yes", "-o", "IdentityFile=none", "-o", "HostKeyAlgorithms=ssh-ed25519", "-p", "\(port)",
        ]
        if let alias { words += ["-o", "HostKeyAlias=\(alias)"] }
        if let revoked { words += ["-o", "RevokedHostKeys=\(revoked)"] }
        let errors = scratch.path("errors")
        _ = try await ChildProcess(try #require(which("ssh")), words + ["--", "x@\(name)", "true"], errors: errors)
            .finished()
        let said = try scratch.read("errors")
        let isTrusted = said.contains("Permission denied")
        #expect(isTrusted || said.contains("Host key verification failed"), "\(said)")
        return isTrusted
    }

    private func key(_ text: String) -> HostKey? {
        text.split(separator: " ").last.flatMap { Data(base64Encoded: String($0)) }.flatMap { HostKey(Array($0)) }
    }

    // MARK: Making files

    private func file(_ random: inout SeededRandom) -> (text: String, isHashed: Bool) {
        let lines = (0..<Int.random(in: 0...7, using: &random)).map { _ in line(&random) }
        // ssh-keygen hashes plain names only, and leaves broken lines alone after a complaint.
        return (lines.joined(separator: "\n") + (random.chance(5) ? "" : "\n"), random.chance(4))
    }

    private func line(_ random: inout SeededRandom) -> String {
        let key = random.chance(3) ? keys[0] : random.pick(keys)
        let names = (0..<Int.random(in: 1...3, using: &random)).map { _ in pattern(&random) }.joined(separator: ",")
        switch Int.random(in: 0..<24, using: &random) {
        case 0: return "# \(names) \(key)"
        case 1: return "@revoked \(names) \(key)"
        case 2: return "@cert-authority \(names) \(key)"
        case 3: return "@unknown \(names) \(key)"
        case 4: return "  \(names)\t\(key) a comment\r"
        case 5:
            return random.pick([
                names, "\(names) ssh-ed25519", "\(names) ssh-ed25519 AAAA", "\(names) \(key)!", "", "\t",
            ])
        default: return "\(names) \(key)"
        }
    }

    private func pattern(_ random: inout SeededRandom) -> String {
        let name = random.pick(Self.names)
        switch Int.random(in: 0..<10, using: &random) {
        case 0: return "*"
        case 1: return "*.lan"
        case 2: return "!" + name
        case 3: return name.prefix(1) + "?" + name.dropFirst(2)
        case 4: return "[*]:2201"
        case 5, 6: return "[\(name)]:\(random.pick(Self.ports))"
        case 7: return name.uppercased()
        default: return name
        }
    }
}
