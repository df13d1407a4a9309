// SPDX-License-Identifier: MIT
import MachaTestSupport
import Testing

import struct Foundation.Data

@testable import SSH

@Suite struct KnownHostsTests {
    private static let blob = [0, 0, 0, 11] + Array("ssh-ed25519".utf8) + [0, 0, 0, 32]
    private func key(_ fill: UInt8) throws -> HostKey {
        try #require(HostKey(Self.blob + [UInt8](repeating: fill, count: 32)))
    }

    private func known(_ lines: String...) -> KnownHosts {
        var known = KnownHosts(files: ["known_hosts"])
        for (index, line) in lines.enumerated() { known.add(line, file: "known_hosts", line: index + 1) }
        return known
    }

    private func isTrusted(_ verdict: KnownHosts.Verdict) -> Bool {
        if case .trusted = verdict { return true }
        return false
    }

    @Test(arguments: [
        ("nas", "nas", UInt16(22), true), ("nas", "NAS", 22, true), ("nas", "nas", 2222, true),
        ("[nas]:2222", "nas", 2222, true), ("[nas]:2222", "nas", 22, false), ("nas,10.0.0.1", "10.0.0.1", 22, true),
        ("web-*", "web-17", 22, true), ("web-*,!web-3", "web-3", 22, false), ("web-?", "web-17", 22, false),
        ("[fe80::1]:2200", "fe80::1", 2200, true), ("*.lan", "nas.lan", 22, true), ("*", "anything", 22, true),
    ]) func `a name pattern matches as OpenSSH's does`(pattern: String, address: String, port: UInt16, expected: Bool)
        throws
    {
        let key = try key(1)
        let verdict = known("\(pattern) ssh-ed25519 \(key.base64) comment").verdict(
            on: key, address: address, port: port)
        #expect(isTrusted(verdict) == expected)
    }

    @Test(.enabled(if: LocalSSHD.isAvailable)) func `names that ssh-keygen hashed are found`() throws {
        let scratch = try Scratch()
        let key = try key(7)
        try scratch.write("[nas.lan]:2222 ssh-ed25519 \(key.base64)\n", to: "known_hosts")
        try run(try #require(which("ssh-keygen")), ["-H", "-f", scratch.path("known_hosts")])
        #expect(try scratch.read("known_hosts").hasPrefix("|1|"))
        let known = try KnownHosts.load(files: [scratch.path("known_hosts")])
        #expect(isTrusted(known.verdict(on: key, address: "nas.lan", port: 2222)))
        #expect(known.verdict(on: key, address: "nas.lan", port: 22) == .unknown)
    }

    @Test func `a line without a port vouches for another port only while no line with that port knows the host`()
        throws
    {
        let (one, two) = (try key(1), try key(2))
        let portless = known("nas ssh-ed25519 \(one.base64)")
        #expect(isTrusted(portless.verdict(on: one, address: "nas", port: 2222)))
        #expect(portless.keyTypes(for: "nas", port: 2222) == ["ssh-ed25519"])
        // It proves nothing about another machine behind another port of the same router.
        #expect(portless.verdict(on: two, address: "nas", port: 2222) == .unknown)
        let both = known("nas ssh-ed25519 \(one.base64)", "[nas]:2222 ssh-ed25519 \(two.base64)")
        guard case .changed = both.verdict(on: one, address: "nas", port: 2222) else {
            Issue.record("the line with the port does not count")
            return
        }
        let revoked = known("@revoked nas ssh-ed25519 \(one.base64)")
        guard case .revoked = revoked.verdict(on: one, address: "nas", port: 2222) else {
            Issue.record("a revoked key is not refused on another port")
            return
        }
    }

    @Test func `an alias is looked up verbatim, an address in ssh's form`() throws {
        var target = SSHTarget(
            name: "x", address: "0:0:0:0:0:0:0:1", port: 22, user: "x", knownHosts: KnownHosts(),
            credentials: SSHCredentials())
        #expect(target.trustedAs == ("::1", 22))
        // As ssh has it with AddressFamily inet; behind a jump host such an address can still be meant.
        target.restrictions.addressFamily = .inet
        #expect(target.trustedAs == ("0:0:0:0:0:0:0:1", 22))
        target.address = "127.1"
        #expect(target.trustedAs.address == "127.0.0.1")
        target.hostKeyAlias = "127.1"
        #expect(target.trustedAs.address == "127.1")
    }

    @Test func `CheckHostIP refuses a key when another is on file for the address, but not on loopback`() throws {
        let known = known(
            "nas ssh-ed25519 \(try key(1).base64)", "192.0.2.9 ssh-ed25519 \(try key(2).base64)",
            "127.0.0.1 ssh-ed25519 \(try key(2).base64)")
        var target = SSHTarget(
            name: "nas", address: "nas", port: 22, user: "x", knownHosts: known, credentials: SSHCredentials())
        #expect(known.refusal(of: try key(1), at: "192.0.2.9", from: target) == nil)
        target.checksAddress = true
        #expect(known.refusal(of: try key(1), at: "192.0.2.9", from: target)?.code == .hostKeyChanged)
        #expect(known.refusal(of: try key(2), at: "192.0.2.9", from: target) == nil)
        #expect(known.refusal(of: try key(1), at: "192.0.2.8", from: target) == nil)
        #expect(known.refusal(of: try key(1), at: "127.0.0.1", from: target) == nil)
    }

    @Test func `another key on file means changed, and names the line`() throws {
        let known = known("# ours", "nas ssh-ed25519 \(try key(1).base64)")
        guard case .changed(let entries) = known.verdict(on: try key(2), address: "nas", port: 22) else {
            Issue.record("not seen as changed")
            return
        }
        #expect(entries.map(\.place) == ["known_hosts:2"])
    }

    @Test func `a revoked key is refused although another line trusts it`() throws {
        let key = try key(1)
        let known = known("nas ssh-ed25519 \(key.base64)", "@revoked * ssh-ed25519 \(key.base64)")
        guard case .revoked(let entry) = known.verdict(on: key, address: "nas", port: 22) else {
            Issue.record("not seen as revoked")
            return
        }
        #expect(entry.line == 2)
    }

    @Test func `several keys of one host are all trusted, and their types asked for first`() throws {
        let known = known("nas ssh-ed25519 \(try key(1).base64)", "nas ssh-ed25519 \(try key(2).base64)")
        #expect(isTrusted(known.verdict(on: try key(2), address: "nas", port: 22)))
        #expect(known.keyTypes(for: "nas", port: 22) == ["ssh-ed25519"])
    }

    @Test(arguments: [
        "nas", "nas ssh-ed25519", "nas ssh-ed25519 %%%", "nas ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIA==", "@odd nas x y",
        "|1|bad ssh-ed25519 AAAA", "nas ssh-ed25519 AAAA",
    ]) func `a malformed line trusts no host and is counted`(line: String) throws {
        let known = known(line)
        #expect(known.ignored == ["known_hosts:1"])
        #expect(known.entries(for: "nas", port: 22).isEmpty)
    }

    @Test func `a file that is not there holds no keys`() throws {
        let known = try KnownHosts.load(files: ["/nonexistent/known_hosts"])
        #expect(known.entries(for: "nas", port: 22).isEmpty)
    }

    @Test(.enabled(if: LocalSSHD.isAvailable)) func `the fingerprint is what ssh-keygen prints`() throws {
        let scratch = try Scratch()
        try LocalSSHD.makeKey("id", "ed25519", in: scratch)
        let field = try #require(try scratch.read("id.pub").split(separator: " ").dropFirst().first)
        let bytes = try #require(Data(base64Encoded: String(field)))
        let key = try #require(HostKey(Array(bytes)))
        let listed = try run(try #require(which("ssh-keygen")), ["-lf", scratch.path("id.pub")]).output
        #expect(listed.contains(key.fingerprint))
    }
}
