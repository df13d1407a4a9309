// SPDX-License-Identifier: MIT

/// The parts of a private key file in OpenSSH's own format (PROTOCOL.key).
struct OpenSSHKeyFile {
    /// `none` when the private half is in clear.
    var cipher: String
    /// As on the wire; it stands in clear in encrypted files too.
    var publicKey: [UInt8]
    private var sealed: ArraySlice<UInt8>

    /// Takes apart what follows the magic; `nil` when that is no whole file with one key.
    init?(_ body: ArraySlice<UInt8>) {
        var reader = WireReader(body)
        guard let cipher = reader.string(), reader.string() != nil, reader.string() != nil, reader.uint32() == 1,
            let publicKey = reader.string(), let sealed = reader.string()
        else { return nil }
        self.cipher = String(decoding: cipher, as: UTF8.self)
        self.publicKey = Array(publicKey)
        self.sealed = sealed
    }

    /// `ssh-ed25519`, `sk-ssh-ed25519@openssh.com`, …
    var type: String {
        var reader = WireReader(publicKey[...])
        return reader.string().map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// The private part behind the two equal numbers that tell a key that was decrypted well.
    var secret: ArraySlice<UInt8>? {
        var reader = WireReader(sealed)
        guard let check = reader.uint32(), reader.uint32() == check else { return nil }
        return sealed.dropFirst(8)
    }
}
