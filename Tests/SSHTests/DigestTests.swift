// SPDX-License-Identifier: MIT
import Glibc
import Testing

@testable import SSH

@Suite struct DigestTests {
    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// FIPS 180-4's examples.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ]) func `SHA-256 agrees with the standard's examples`(message: String, digest: String) {
        #expect(hex(Digest.sha256(Array(message.utf8))) == digest)
    }

    /// RFC 2202, test case 2.
    @Test func `HMAC-SHA1 agrees with its RFC`() {
        let digest = Digest.hmacSHA1(key: Array("Jefe".utf8), Array("what do ya want for nothing?".utf8))
        #expect(hex(digest) == "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79")
    }

    /// A handler that runs after those that libcrypto adds at its first use stands for a session that is busy at that time.
    @Test func `libcrypto works until the process has ended`() async {
        await #expect(processExitsWith: .exitCode(7)) {
            atexit { _exit(Digest.sha256([]).first == 0xe3 ? 7 : 1) }
            _ = Digest.sha256([])
            exit(0)
        }
    }
}
