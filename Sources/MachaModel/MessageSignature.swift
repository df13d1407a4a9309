// SPDX-License-Identifier: MIT

/// HMAC with SHA-256 (rfc-editor.org/rfc/rfc2104), as webhooks are signed with.
package enum MessageSignature {
    /// 64 lower-case hex digits over `message`, which only somebody with `key` can make.
    package static func hex(of message: [UInt8], key: [UInt8]) -> String {
        let block = 64
        var padded = key.count > block ? SHA256.digest(key) : key
        padded += [UInt8](repeating: 0, count: block - padded.count)
        let inner = SHA256.digest(padded.map { $0 ^ 0x36 } + message)
        return SHA256.digest(padded.map { $0 ^ 0x5c } + inner).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
