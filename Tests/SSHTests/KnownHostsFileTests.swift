// SPDX-License-Identifier: MIT
import Foundation
import MachaTestSupport
import SSH
import Testing

/// What is written when a key is trusted, and where it never is.
@Suite(.enabled(if: LocalSSHD.isAvailable, "needs OpenSSH")) struct KnownHostsFileTests {
    private let scratch: Scratch
    private let key: HostKey

    init() throws {
        scratch = try Scratch()
        try LocalSSHD.makeKey("host", "ed25519", in: scratch)
        let field = try scratch.read("host.pub").split(separator: " ")[1]
        let bytes = try #require(Data(base64Encoded: String(field)))
        key = try #require(HostKey(Array(bytes)))
    }

    private func append(to path: String, isHashed: Bool = false) throws {
        try KnownHosts.append(key, address: "NAS.lan", port: 2222, isHashed: isHashed, to: path)
    }

    private func mode(_ path: String) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    private func isTrusted(in path: String) throws -> Bool {
        if case .trusted = try KnownHosts.load(files: [path]).verdict(on: key, address: "nas.lan", port: 2222) {
            return true
        }
        return false
    }

    @Test func `a new file and its folder are for their owner only`() throws {
        let path = scratch.path("home/.ssh/known_hosts")
        try FileManager.default.createDirectory(atPath: scratch.path("home"), withIntermediateDirectories: true)
        try append(to: path)
        #expect(try mode(path) == 0o600)
        #expect(try mode(scratch.path("home/.ssh")) == 0o700)
        #expect(try isTrusted(in: path))
    }

    @Test func `a name that is written hashed is found again, by ssh-keygen too`() throws {
        let path = scratch.path("known_hosts")
        try append(to: path, isHashed: true)
        #expect(try scratch.read("known_hosts").hasPrefix("|1|"))
        #expect(try isTrusted(in: path))
        let found = try run(try #require(which("ssh-keygen")), ["-F", "[nas.lan]:2222", "-f", path])
        #expect(found.status == 0)
    }

    @Test func `a link to a file of one's own is followed, and stays a link`() throws {
        try scratch.write("# mine", to: "dotfiles/known_hosts", permissions: 0o644)
        let link = scratch.path("known_hosts")
        try FileManager.default.createSymbolicLink(
            atPath: link, withDestinationPath: scratch.path("dotfiles/known_hosts"))
        try append(to: link)
        #expect(try scratch.read("dotfiles/known_hosts").hasPrefix("# mine\n[nas.lan]:2222 ssh-ed25519 "))
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == scratch.path("dotfiles/known_hosts"))
        #expect(try mode(scratch.path("dotfiles/known_hosts")) == 0o644)
    }

    @Test(arguments: ["/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2", "/etc/ssh/anything"])
    func `a file of the whole system is never written, not by root and not through a link`(path: String) throws {
        let wasThere = FileManager.default.fileExists(atPath: path)
        let link = scratch.path("known_hosts")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
        for place in [path, link] {
            let error = #expect(throws: SSHError.self) { try append(to: place) }
            #expect(error?.remedy.contains("writable") == false)
        }
        try FileManager.default.removeItem(atPath: link)
        try FileManager.default.createSymbolicLink(atPath: scratch.path("ssh"), withDestinationPath: "/etc/ssh")
        #expect(throws: SSHError.self) { try append(to: scratch.path("ssh/known_hosts")) }
        #expect(FileManager.default.fileExists(atPath: path) == wasThere)
        #expect(!FileManager.default.fileExists(atPath: "/etc/ssh/known_hosts"))
    }

    @Test(arguments: ["/dev/null", "/dev/full", "folder", "fifo", "dangling", "no/folder/known_hosts"])
    func `a known_hosts path that is no regular file is refused`(kind: String) throws {
        let path = kind.hasPrefix("/") ? kind : scratch.path(kind)
        switch kind {
        case "folder": try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        case "fifo": #expect(mkfifo(path, 0o600) == 0)
        case "dangling":
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: scratch.path("nowhere/file"))
        default: break
        }
        let error = #expect(throws: SSHError.self) { try append(to: path) }
        #expect(error?.code == .localFile)
        #expect(error?.message.contains(path) == true)
    }

    @Test(.enabled(if: geteuid() == 0, "needs root")) func `a file of another account is not written`() throws {
        let path = try scratch.write("", to: "known_hosts")
        #expect(chown(path, 65_534, 65_534) == 0)
        let error = #expect(throws: SSHError.self) { try append(to: path) }
        #expect(error?.message.contains("another account") == true)
        #expect(try scratch.read("known_hosts").isEmpty)
    }
}
