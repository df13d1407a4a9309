// SPDX-License-Identifier: MIT
import CLibCrypto

/// Digests of libcrypto's.
package enum Digest {
    /// For fingerprints and to compare files; 32 bytes.
    package static func sha256(_ message: [UInt8]) -> [UInt8] {
        make(32) { macha_sha256(message, message.count, $0) }
    }

    /// To find keys in a revocation list that names them so (PROTOCOL.krl, 4); 20 bytes.
    static func sha1(_ message: [UInt8]) -> [UInt8] {
        make(20) { macha_sha1(message, message.count, $0) }
    }

    /// For one purpose, which is no decision of security: hashed names in `known_hosts` (OpenSSH, sshd(8)); 20 bytes.
    static func hmacSHA1(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        make(20) { macha_hmac_sha1(key, key.count, message, message.count, $0) }
    }

    private static func make(_ count: Int, _ write: (UnsafeMutablePointer<UInt8>) -> CInt) -> [UInt8] {
        // Room for libcrypto's longest digest, whatever it thinks of `count`.
        let digest = [UInt8](unsafeUninitializedCapacity: 64) { buffer, filled in
            guard let start = buffer.baseAddress, write(start) == 1 else { return }
            filled = count
        }
        precondition(digest.count == count, "libcrypto has no memory, or not the digests that known_hosts needs")
        return digest
    }
}
