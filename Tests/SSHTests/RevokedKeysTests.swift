// SPDX-License-Identifier: MIT
import Foundation
import MachaTestSupport
import SSH
import Testing

/// Files of `RevokedHostKeys`, against ssh-keygen, which makes and reads them too.
@Suite(.enabled(if: LocalSSHD.isAvailable, "needs OpenSSH"), .timeLimit(.minutes(10)))
struct RevokedKeysTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        for (name, type) in [("host", "ed25519"), ("rsa", "rsa"), ("other", "ecdsa")] {
            try LocalSSHD.makeKey(name, type, in: scratch)
        }
    }

    private func key(_ name: String) throws -> HostKey {
        let fields = try scratch.read("\(name).pub").split(separator: " ")
        let bytes = try #require(Data(base64Encoded: String(fields[1])))
        return try #require(HostKey(Array(bytes)))
    }

    private func fingerprint(_ name: String, _ digest: String) throws -> String {
        let keygen = try #require(which("ssh-keygen"))
        return String(
            try run(keygen, ["-l", "-E", digest, "-f", scratch.path("\(name).pub")]).output.split(separator: " ")[1])
    }

    private func verdict(_ name: String, _ files: [String]) throws -> KnownHosts.Verdict {
        let key = try key(name)
        var known = KnownHosts()
        known.add("nas \(key.type) \(key.base64)", file: "known_hosts", line: 1)
        known.revoked = try RevokedKeys.load(files: files)
        return known.verdict(on: key, address: "nas", port: 22)
    }

    /// What ssh-keygen says of the same file and key: 0 for a key that is not revoked.
    private func isRevokedForKeygen(_ name: String, _ file: String) throws -> Bool {
        try run(try #require(which("ssh-keygen")), ["-Q", "-f", file, scratch.path("\(name).pub")]).status != 0
    }

    enum Form: String, CaseIterable, Sendable { case list, explicit, sha1, sha256, serials, mixed }

    @Test(arguments: Form.allCases)
    func `a revoked key is refused although a line trusts it, in every form a list can have`(form: Form) throws {
        let keygen = try #require(which("ssh-keygen"))
        let file = scratch.path("revoked")
        let isListed = form != .serials
        switch form {
        case .list:
            try scratch.write(
                "# ours\n\n  \(try scratch.read("host.pub"))\(try scratch.read("rsa.pub"))", to: "revoked")
        case .explicit: try run(keygen, ["-k", "-f", file, scratch.path("host.pub"), scratch.path("rsa.pub")])
        case .sha1, .sha256, .mixed, .serials:
            let text =
                switch form {
                case .sha1: "sha1: \(try scratch.read("host.pub"))sha1: \(try scratch.read("rsa.pub"))"
                case .sha256:
                    "hash: \(try fingerprint("host", "sha256"))\nhash: \(try fingerprint("rsa", "sha256"))\n"
                case .mixed:
                    "serial: 1-5\nid: x\nkey: \(try scratch.read("host.pub"))sha256: \(try scratch.read("rsa.pub"))"
                default: "serial: 1-5\nserial: 9\nid: someone\n"
                }
            try scratch.write(text, to: "spec")
            try run(keygen, ["-k", "-s", scratch.path("other.pub"), "-f", file, scratch.path("spec")])
        }
        for name in ["host", "rsa", "other"] {
            let isRevoked = isListed && name != "other"
            // ssh-keygen -Q reads the binary form only; ssh itself reads both.
            if form != .list { #expect(try isRevokedForKeygen(name, file) == isRevoked, "\(name)") }
            #expect((try verdict(name, [file]) == .revokedByFile(file)) == isRevoked, "\(name)")
        }
    }

    @Test func `a second file counts as well`() throws {
        let (one, two) = (
            try scratch.write(try scratch.read("other.pub"), to: "one"),
            try scratch.write(try scratch.read("host.pub"), to: "two")
        )
        #expect(try verdict("host", [one, two]) == .revokedByFile(two))
    }

    @Test(arguments: ["missing", "garbage", "options", "cut", "unknown-section", "critical", "folder"])
    func `a file that cannot be read or understood refuses every key`(kind: String) throws {
        let file = scratch.path(kind)
        switch kind {
        case "garbage": try scratch.write("not a key\n", to: kind)
        case "options": try scratch.write("no-pty \(try scratch.read("other.pub"))", to: kind)
        case "folder": try FileManager.default.createDirectory(atPath: file, withIntermediateDirectories: true)
        case "cut", "unknown-section", "critical":
            try run(try #require(which("ssh-keygen")), ["-k", "-f", file, scratch.path("other.pub")])
            var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
            if kind == "cut" { bytes.removeLast(3) }
            if kind == "unknown-section" { bytes += [77, 0, 0, 0, 0] }
            if kind == "critical" { bytes += [255, 0, 0, 0, 10, 0, 0, 0, 1, 0x78, 1, 0, 0, 0, 0] }
            try Data(bytes).write(to: URL(fileURLWithPath: file))
        default: break
        }
        let error = #expect(throws: SSHError.self) { try verdict("host", [file]) }
        #expect(error?.code == .localFile)
        #expect(error?.message.contains(file) == true)
        #expect(error?.message.contains("every host key counts as revoked") == true)
        #expect(try isRevokedForKeygen("host", file))
    }

    @Test func `an empty list revokes nothing`() throws {
        let file = try scratch.write("# none yet\n", to: "revoked")
        guard case .trusted = try verdict("host", [file, "/dev/null"]) else {
            Issue.record("the key is not trusted")
            return
        }
    }

    @Test func `each cut of a binary list is refused or revokes the key, and none crashes`() throws {
        let file = scratch.path("revoked")
        try run(
            try #require(which("ssh-keygen")), ["-k", "-f", file, scratch.path("host.pub"), scratch.path("rsa.pub")])
        let whole = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
        for length in 8..<whole.count {
            try Data(whole.prefix(length)).write(to: URL(fileURLWithPath: file))
            // A list that ends between two sections is whole; here that is behind the header only.
            if let verdict = try? verdict("host", [file]) { #expect(length < 60, "\(length): \(verdict)") }
        }
    }

    @Test func `a revoked host is refused before any login`() async throws {
        let server = try await LocalSSHD()
        let list = try scratch.write(try server.scratch.read("host_ed25519.pub"), to: "revoked")
        let target = try server.target {
            $0.knownHosts.revoked = (try? RevokedKeys.load(files: [list])) ?? RevokedKeys()
        }
        let error = await #expect(throws: SSHError.self) { try await SSHSession.connect(to: target) }
        #expect(error?.code == .hostKeyRevoked)
        #expect(error?.message.contains(list) == true)
        #expect(!server.log.contains("Accepted"))
    }
}
