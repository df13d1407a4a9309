// SPDX-License-Identifier: MIT
import struct Foundation.Data

/// A server's public key.
package struct HostKey: Hashable, Sendable {
    /// As on the wire (RFC 4253, 6.6).
    package let bytes: [UInt8]
    /// `ssh-ed25519`, `ssh-rsa`, `ecdsa-sha2-nistp256`, …
    package let type: String

    /// `nil` when the bytes do not begin with the name of a key type.
    package init?(_ bytes: [UInt8]) {
        var reader = WireReader(bytes[...])
        guard let name = reader.string(), !name.isEmpty, name.count < 64,
            name.allSatisfy({ (0x21...0x7e).contains($0) })
        else { return nil }
        self.bytes = bytes
        type = String(decoding: name, as: UTF8.self)
    }

    /// As `ssh-keygen -l` shows it: `SHA256:` and the digest in unpadded Base64.
    package var fingerprint: String {
        let text = Data(Digest.sha256(bytes)).base64EncodedString()
        return "SHA256:" + text.prefix { $0 != "=" }
    }

    package var base64: String { Data(bytes).base64EncodedString() }
}
