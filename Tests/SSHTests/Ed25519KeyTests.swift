// SPDX-License-Identifier: MIT
import Foundation
import MachaTestSupport
import Testing

@testable import SSH

/// The keys that we sign with ourselves.
@Suite struct Ed25519KeyTests {
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
        let key = try #require(Ed25519Key(openSSH: Self.file()[...]))
        #expect(key.publicKey == Self.string(Array("ssh-ed25519".utf8)) + Self.string(Self.point))
        #expect(key.signature(of: [0x72]) == Self.signature)
    }

    /// libssh2 then gets the file and says what is wrong with it.
    @Test func `a file that is encrypted, damaged, or of another key is none`() {
        let other = Array(Self.point.reversed())
        let files = [
            Self.file(cipher: "aes256-ctr"), Self.file(type: "ssh-ed448"), Self.file(checks: [1, 2, 3, 4, 1, 2, 3, 5]),
            Self.file(named: other), Self.file(named: other, point: other),
            Self.file(seed: Array(Self.seed.dropLast())),
            [],
        ]
        for file in files { #expect(Ed25519Key(openSSH: file[...]) == nil) }
        for length in 0..<Self.file().count { #expect(Ed25519Key(openSSH: Self.file().prefix(length)) == nil) }
    }

    @Test(.enabled(if: LocalSSHD.isAvailable)) func `what ssh-keygen writes is read`() throws {
        let scratch = try Scratch()
        try LocalSSHD.makeKey("id", "ed25519", in: scratch)
        let key = try PrivateKey.load(path: scratch.path("id"))
        let written = try #require(PrivateKey.publicKey(path: scratch.path("id.pub")))
        #expect(key.signer?.publicKey == written)
    }
}
