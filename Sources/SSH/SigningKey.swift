// SPDX-License-Identifier: MIT
import CLibCrypto

/// A private key, read once and ready to sign: Ed25519, ECDSA on the three NIST curves, or RSA.
///
/// libssh2 never sees a private key; it asks for signatures, as it asks for those of ssh-agent. Its own code reads a key's text
/// again for each login, asking libcrypto first for every format that libcrypto knows, which was half of what a login costs
/// (OpenSSL 3.0, libssh2 1.10, `perf`); and signing with ECDSA, 1.11.1 frees a buffer of ours behind our back (libssh2 #1828).
final class SigningKey: @unchecked Sendable {
    // @unchecked: the key never changes, and libcrypto signs with a context of each call's own.

    /// As on the wire.
    let publicKey: [UInt8]
    /// `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa`…
    let type: String
    private let key: OpaquePointer

    /// Takes over `key`; `nil` for a type or curve that SSH does not sign with.
    private init?(owning key: OpaquePointer) {
        self.key = key
        guard let (type, publicKey) = Self.publicKey(of: key) else { return nil }
        self.type = type
        self.publicKey = publicKey
    }

    deinit { EVP_PKEY_free(key) }

    /// The key in a PEM file that is not encrypted: PKCS #1, SEC 1 or PKCS #8; `nil` for anything else.
    convenience init?(pem text: [UInt8]) {
        guard let key = text.withUnsafeBytes({ macha_pem_key($0.baseAddress, CInt($0.count)) }) else { return nil }
        self.init(owning: key)
    }

    /// The key in an OpenSSH file that is not encrypted, given what follows its magic (PROTOCOL.key); `nil` for types that we do
    /// not sign with and for what is no whole key.
    convenience init?(openSSH body: ArraySlice<UInt8>) {
        guard let file = OpenSSHKeyFile(body), file.cipher == "none", let secret = file.secret,
            let key = Self.key(secret)
        else { return nil }
        self.init(owning: key)
        // What the file says of itself must be what the private half gives.
        guard publicKey == file.publicKey else { return nil }
    }

    /// The signature without its algorithm's name, as SSH has it (RFC 4253, 6.6; RFC 5656, 3.1.2; RFC 8709, 6), of an
    /// authentication request, which names the hash for RSA; `nil` when libcrypto fails.
    func signature(of request: [UInt8]) -> [UInt8]? {
        var signature = [UInt8](repeating: 0, count: Int(macha_signature_size(key)))
        var length = signature.count
        let hash = Self.hash(type, SignatureRequest.algorithm(in: request))
        guard macha_sign(key, hash, request, request.count, &signature, &length) == 1 else { return nil }
        let whole = signature.prefix(length)
        return type.hasPrefix("ecdsa-") ? Self.pair(whole) : Array(whole)
    }

    private static func hash(_ type: String, _ algorithm: String) -> CInt {
        switch (type, algorithm) {
        case ("ecdsa-sha2-nistp256", _), ("ssh-rsa", "rsa-sha2-256"): 256
        case ("ecdsa-sha2-nistp384", _): 384
        case ("ecdsa-sha2-nistp521", _), ("ssh-rsa", "rsa-sha2-512"): 512
        // libssh2 1.10 knows no other for RSA.
        case ("ssh-rsa", _): 1
        default: 0
        }
    }

    /// Two numbers of a DER sequence as two of SSH, which writes an integer the same way.
    private static func pair(_ der: ArraySlice<UInt8>) -> [UInt8]? {
        var outer = DERReader(der)
        guard let sequence = outer.element(.sequence) else { return nil }
        var inner = DERReader(sequence)
        guard let r = inner.element(.integer), let s = inner.element(.integer) else { return nil }
        return Wire.string(r) + Wire.string(s)
    }

    // MARK: Public half

    private static func publicKey(of key: OpaquePointer) -> (String, [UInt8])? {
        let count = macha_public_key(key, nil)
        guard count > 0 else { return nil }
        var der = [UInt8](repeating: 0, count: Int(count))
        guard macha_public_key(key, &der) == count else { return nil }
        var outer = DERReader(der[...])
        guard let information = outer.element(.sequence) else { return nil }
        var fields = DERReader(information)
        guard let algorithm = fields.element(.sequence), let bits = fields.element(.bitString), bits.first == 0
        else { return nil }
        let point = bits.dropFirst()
        switch macha_key_type(key) {
        case EVP_PKEY_ED25519:
            return ("ssh-ed25519", Wire.string("ssh-ed25519".utf8) + Wire.string(point))
        case EVP_PKEY_EC:
            var names = DERReader(algorithm)
            guard names.element(.objectIdentifier) != nil, let oid = names.element(.objectIdentifier),
                let curve = EllipticCurve.allCases.first(where: { $0.objectIdentifier == Array(oid) }), point.first == 4
            else { return nil }
            let type = "ecdsa-sha2-\(curve.rawValue)"
            return (type, Wire.string(type.utf8) + Wire.string(curve.rawValue.utf8) + Wire.string(point))
        case EVP_PKEY_RSA:
            var sequence = DERReader(point)
            guard let numbers = sequence.element(.sequence) else { return nil }
            var reader = DERReader(numbers)
            guard let modulus = reader.element(.integer), let exponent = reader.element(.integer) else { return nil }
            return ("ssh-rsa", Wire.string("ssh-rsa".utf8) + Wire.string(exponent) + Wire.string(modulus))
        default: return nil
        }
    }

    // MARK: Private half

    /// What the private part of an OpenSSH file holds behind its check numbers.
    private static func key(_ secret: ArraySlice<UInt8>) -> OpaquePointer? {
        var reader = WireReader(secret)
        guard let type = reader.string() else { return nil }
        switch String(decoding: type, as: UTF8.self) {
        case "ssh-ed25519":
            // The private key is the seed and the public key.
            guard let point = reader.string(), let pair = reader.string(), pair.count == 64,
                pair.dropFirst(32) == point
            else { return nil }
            return macha_ed25519_key(Array(pair.prefix(32)))
        case let name where name.hasPrefix("ecdsa-sha2-"):
            guard let curve = EllipticCurve(rawValue: String(name.dropFirst(11))), reader.string() != nil,
                reader.string() != nil, let number = reader.string(),
                let der = curve.privateKey(number)
            else { return nil }
            return macha_ec_key(der, der.count)
        case "ssh-rsa":
            guard let n = reader.string(), let e = reader.string(), let d = reader.string(),
                let inverse = reader.string(), let p = reader.string(), let q = reader.string(),
                let first = exponent(d, p), let second = exponent(d, q)
            else { return nil }
            let numbers = [[0], n, e, d, p, q, first, second, inverse].flatMap { DER.integer($0) }
            let der = DER.element(.sequence, numbers)
            return macha_rsa_key(der, der.count)
        default: return nil
        }
    }

    /// The exponent for one of an RSA key's primes, which OpenSSH leaves out.
    private static func exponent(_ d: ArraySlice<UInt8>, _ prime: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard prime.count > 1, prime.count < 4096, d.count < 4096 else { return nil }
        var result = [UInt8](repeating: 0, count: prime.count)
        let count = macha_rsa_exponent(Array(d), CInt(d.count), Array(prime), CInt(prime.count), &result)
        return count < 0 ? nil : result.prefix(Int(count))
    }
}

/// The curves that SSH requires of who has ECDSA (RFC 5656, 10.1).
private enum EllipticCurve: String, CaseIterable {
    case p256 = "nistp256"
    case p384 = "nistp384"
    case p521 = "nistp521"

    /// The content of its DER form.
    var objectIdentifier: [UInt8] {
        switch self {
        case .p256: [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07]
        case .p384: [0x2b, 0x81, 0x04, 0x00, 0x22]
        case .p521: [0x2b, 0x81, 0x04, 0x00, 0x23]
        }
    }

    private var bytes: Int {
        switch self {
        case .p256: 32
        case .p384: 48
        case .p521: 66
        }
    }

    /// An ECPrivateKey without the public half, which libcrypto works out.
    func privateKey(_ number: ArraySlice<UInt8>) -> [UInt8]? {
        let digits = number.drop { $0 == 0 }
        guard !digits.isEmpty, digits.count <= bytes else { return nil }
        let padded = [UInt8](repeating: 0, count: bytes - digits.count) + digits
        let curve = DER.element(.context0, DER.element(.objectIdentifier, objectIdentifier))
        return DER.element(.sequence, DER.integer([1]) + DER.element(.octetString, padded) + curve)
    }
}
