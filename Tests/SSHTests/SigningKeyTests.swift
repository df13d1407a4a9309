// SPDX-License-Identifier: MIT
import Foundation
import MachaTestSupport
import Testing

@testable import SSH

/// The keys that we sign with ourselves.
@Suite struct SigningKeyTests {
    /// RFC 8032, 7.1, test 2: seed, public key, and the signature of the one byte 0x72.
    private static let seed = bytes("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    private static let point = bytes("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    private static let signature = bytes(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")

    private static func bytes(_ hex: String) -> [UInt8] {
        stride(from: 0, to: hex.count, by: 2).compactMap { UInt8(hex.dropFirst($0).prefix(2), radix: 16) }
    }

    private static func string(_ bytes: [UInt8]) -> [UInt8] {
        withUnsafeBytes(of: UInt32(bytes.count).bigEndian) { Array($0) } + bytes
    }

    /// What an OpenSSH key file holds behind its magic (PROTOCOL.key).
    private static func file(
        cipher: String = "none", type: String = "ssh-ed25519", checks: [UInt8] = [1, 2, 3, 4, 1, 2, 3, 4],
        named: [UInt8] = point, seed: [UInt8] = seed, point: [UInt8] = point
    ) -> [UInt8] {
        let secret = checks + string(Array(type.utf8)) + string(point) + string(seed + point) + string([])
        return string(Array(cipher.utf8)) + string(Array("none".utf8)) + string([]) + [0, 0, 0, 1]
            + string(string(Array("ssh-ed25519".utf8)) + string(named)) + string(secret)
    }

    @Test func `a signature is the one that the standard tells`() throws {
        let key = try #require(SigningKey(openSSH: Self.file()[...]))
        #expect(key.publicKey == Self.string(Array("ssh-ed25519".utf8)) + Self.string(Self.point))
        #expect(key.signature(of: [0x72]) == Self.signature)
    }

    @Test func `a file that is encrypted, damaged, or of another key is none`() {
        let other = Array(Self.point.reversed())
        let files = [
            Self.file(cipher: "aes256-ctr"), Self.file(type: "ssh-ed448"), Self.file(checks: [1, 2, 3, 4, 1, 2, 3, 5]),
            Self.file(named: other), Self.file(named: other, point: other),
            Self.file(seed: Array(Self.seed.dropLast())),
            [],
        ]
        for file in files { #expect(SigningKey(openSSH: file[...]) == nil) }
        for length in 0..<Self.file().count { #expect(SigningKey(openSSH: Self.file().prefix(length)) == nil) }
    }

    /// Types as ssh-keygen names them, with bits where that matters.
    private static let types = [
        ["ed25519"], ["ecdsa", "-b", "256"], ["ecdsa", "-b", "384"], ["ecdsa", "-b", "521"], ["rsa", "-b", "2048"],
        ["rsa", "-b", "4096"],
    ]

    private static func keygen(_ arguments: [String]) throws {
        try run(which("ssh-keygen") ?? "ssh-keygen", ["-q"] + arguments)
    }

    @Test(
        .enabled(if: LocalSSHD.isAvailable), arguments: types, [[], ["-m", "PEM"], ["-m", "PKCS8"]])
    func `a key that ssh-keygen writes gives its public half and a signature that differs each time only where it must`(
        type: [String], format: [String]
    ) throws {
        let scratch = try Scratch()
        let path = scratch.path("id")
        try Self.keygen(["-t"] + type + ["-N", "", "-f", path])
        let written = try #require(PrivateKey.publicKey(path: scratch.path("id.pub")))
        if !format.isEmpty { try Self.keygen(["-p", "-N", "", "-P", "", "-f", path] + format) }
        let key = try PrivateKey.load(path: path)
        #expect(key.publicKey == written)
        let message = Array("what is to be signed".utf8)
        let (one, other) = (try #require(key.signer.signature(of: message)), key.signer.signature(of: message))
        #expect((one == other) == (type[0] != "ecdsa"))
    }

    @Test(.enabled(if: LocalSSHD.isAvailable), arguments: types)
    func `every key type and format logs in to sshd`(type: [String]) async throws {
        let server = try await LocalSSHD()
        for format in [[], ["-m", "PEM"], ["-m", "PKCS8"]] {
            let name = "id_\(format.last ?? "OpenSSH")"
            let path = server.scratch.path(name)
            try Self.keygen(["-t"] + type + ["-N", "", "-f", path])
            if !format.isEmpty { try Self.keygen(["-p", "-N", "", "-P", "", "-f", path] + format) }
            try server.scratch.write(try server.scratch.read("\(name).pub"), to: "authorized_keys")
            let key = try PrivateKey.load(path: path)
            let target = try server.target { $0.credentials = SSHCredentials(keys: [key]) }
            // libssh2 1.10 signs with SHA-1, which OpenSSH refuses.
            if type[0] == "rsa", !LibSSH2.speaksEncryptThenMAC { continue }
            for _ in 0..<3 {
                let session = try await SSHSession.connect(to: target)
                let result = try await session.execute(["echo", "in"], until: .now + .seconds(60))
                #expect(result.standardOutput == Array("in\n".utf8), "\(type) as \(name)")
                await session.close()
            }
        }
    }

    @Test(.enabled(if: LocalSSHD.isAvailable), arguments: [0o644, 0o640, 0o604, 0o660])
    func `a private key that others may read is refused, as ssh refuses it`(mode: Int) throws {
        let scratch = try Scratch()
        try LocalSSHD.makeKey("id", "ed25519", in: scratch)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: scratch.path("id"))
        let failure = #expect(throws: PrivateKey.Failure.self) { try PrivateKey.load(path: scratch.path("id")) }
        #expect(failure?.reason.contains("open to others") ?? false, "\(failure?.reason ?? "")")
    }

    @Test(.enabled(if: LocalSSHD.isAvailable), arguments: [[], ["-m", "PEM"], ["-m", "PKCS8"]])
    func `an encrypted key is refused with what to do, in every format`(format: [String]) throws {
        let scratch = try Scratch()
        try Self.keygen(["-t", "ecdsa", "-N", "secret", "-f", scratch.path("id")] + format)
        let failure = #expect(throws: PrivateKey.Failure.self) { try PrivateKey.load(path: scratch.path("id")) }
        #expect(failure?.reason.contains("is encrypted") ?? false)
    }
}
