// SPDX-License-Identifier: MIT
import CLibCrypto

/// An Ed25519 private key, read once and ready to sign.
///
/// libssh2 reads a key's text again for each login, and asks libcrypto first for every format that libcrypto knows: with OpenSSL 3.0 and
/// libssh2 1.10 half of what a login costs (`perf`). So it gets its signatures from here, as it gets those of ssh-agent.
final class Ed25519Key: @unchecked Sendable {
    // @unchecked: the key never changes, and libcrypto signs with a context of each call's own.

    /// As on the wire: type and 32 bytes.
    let publicKey: [UInt8]
    private let key: OpaquePointer

    /// The key in an OpenSSH file that is not encrypted, given what follows its magic (PROTOCOL.key); `nil` for keys of other types
    /// and for what is no whole key.
    init?(openSSH body: ArraySlice<UInt8>) {
        var file = WireReader(body)
        guard file.string().map(Array.init) == Array("none".utf8), file.string() != nil, file.string() != nil,
            file.uint32() == 1, let publicKey = file.string(), let secret = file.string()
        else { return nil }
        var reader = WireReader(secret)
        let type = Array("ssh-ed25519".utf8)
        // Two equal numbers tell a key that was decrypted well; the private key is the seed and the public key.
        guard let check = reader.uint32(), reader.uint32() == check, reader.string().map(Array.init) == type,
            let point = reader.string(), let pair = reader.string(), pair.count == 64, pair.dropFirst(32) == point
        else { return nil }
        guard let key = Array(pair.prefix(32)).withUnsafeBufferPointer({ macha_ed25519_key($0.baseAddress) }) else {
            return nil
        }
        self.key = key
        self.publicKey = Array(publicKey)
        var derived = [UInt8](repeating: 0, count: 32)
        var named = WireReader(publicKey)
        guard macha_ed25519_public(key, &derived) == 1, derived[...] == point, named.string().map(Array.init) == type,
            named.string() == point
        else { return nil }
    }

    deinit { EVP_PKEY_free(key) }

    /// 64 bytes (RFC 8032); `nil` when libcrypto fails.
    func signature(of message: [UInt8]) -> [UInt8]? {
        var signature = [UInt8](repeating: 0, count: 64)
        return macha_ed25519_sign(key, message, message.count, &signature) == 1 ? signature : nil
    }
}
