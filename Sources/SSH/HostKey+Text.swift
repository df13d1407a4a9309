// SPDX-License-Identifier: MIT
import struct Foundation.Data

extension HostKey {
    /// Why a public key in a text file cannot be used.
    enum TextFailure: Error { case malformed, tooShort }

    /// RSA keys below this are not even read by OpenSSH (sshkey.h, SSH_RSA_MINIMUM_MODULUS_SIZE).
    package static let shortestRSA = 1024

    /// Reads a type and its base64, as they stand in `known_hosts` and `.pub` files, as strictly as OpenSSH's `sshkey_read`.
    init(type name: Substring.UTF8View.SubSequence, base64: Substring.UTF8View.SubSequence) throws(TextFailure) {
        let text = String(decoding: base64, as: UTF8.self)
        guard let data = Data(base64Encoded: text), data.base64EncodedString() == text, let key = HostKey(Array(data)),
            key.type == Self.keyType(of: String(decoding: name, as: UTF8.self)), key.isWellFormed
        else { throw .malformed }
        if let bits = key.rsaBits, bits < Self.shortestRSA { throw .tooShort }
        self = key
    }

    /// The length of an RSA key's modulus; `nil` for other keys.
    package var rsaBits: Int? {
        guard type == "ssh-rsa" else { return nil }
        var reader = WireReader(bytes[...])
        guard reader.string() != nil, reader.string() != nil, let modulus = reader.string() else { return nil }
        let digits = modulus.drop { $0 == 0 }
        return digits.first.map { digits.count * 8 - $0.leadingZeroBitCount }
    }

    /// The key type behind a signature algorithm: `ssh-rsa` for `rsa-sha2-512`; the others have one name.
    package static func keyType(of name: String) -> String { name.hasPrefix("rsa-sha2-") ? "ssh-rsa" : name }

    /// Whether the fields of the key's type are all there, and nothing behind them. Certificates and keys on tokens are
    /// compared as they stand and not looked into.
    private var isWellFormed: Bool {
        var reader = WireReader(bytes[...])
        _ = reader.string()
        switch type {
        case "ssh-ed25519": return reader.string()?.count == 32 && reader.byte() == nil
        case "ssh-rsa":
            guard let exponent = reader.string(), let modulus = reader.string(), reader.byte() == nil else {
                return false
            }
            return [exponent, modulus].allSatisfy { $0.first.map { $0 < 0x80 } ?? false } && rsaBits != nil
        case "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521":
            let curve = type.dropFirst("ecdsa-sha2-".count)
            let length = ["nistp256": 65, "nistp384": 97, "nistp521": 133][curve]
            guard reader.string()?.elementsEqual(curve.utf8) == true, let point = reader.string() else { return false }
            return point.count == length && point.first == 4 && reader.byte() == nil
        default: return Self.otherTypes.contains(type)
        }
    }

    private static let otherTypes: Set<String> = [
        "ssh-dss", "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com", "ssh-xmss@openssh.com",
        "ssh-ed25519-cert-v01@openssh.com", "ssh-rsa-cert-v01@openssh.com", "ssh-dss-cert-v01@openssh.com",
        "ecdsa-sha2-nistp256-cert-v01@openssh.com", "ecdsa-sha2-nistp384-cert-v01@openssh.com",
        "ecdsa-sha2-nistp521-cert-v01@openssh.com", "sk-ssh-ed25519-cert-v01@openssh.com",
        "sk-ecdsa-sha2-nistp256-cert-v01@openssh.com", "ssh-xmss-cert-v01@openssh.com",
    ]
}
