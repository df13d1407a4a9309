// SPDX-License-Identifier: MIT
import CLibSSH2

/// The algorithms we offer, best first. Those that this libssh2 does not know are left out, so one list serves every version.
///
/// Nothing here needs SHA-1, CBC, DSA or RC4. `chacha20-poly1305` precedes `aes*-gcm` because libssh2
/// 1.11.1 loses 96 bytes with every connection that uses the latter (seen with LeakSanitizer).
package enum Algorithms {
    package static let keyExchanges = [
        "mlkem768x25519-sha256", "curve25519-sha256", "curve25519-sha256@libssh.org", "ecdh-sha2-nistp256",
        "ecdh-sha2-nistp384", "ecdh-sha2-nistp521", "diffie-hellman-group-exchange-sha256",
        "diffie-hellman-group16-sha512", "diffie-hellman-group18-sha512", "diffie-hellman-group14-sha256",
    ]
    package static let hostKeys = [
        "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "rsa-sha2-512",
        "rsa-sha2-256",
    ]
    package static let ciphers = [
        "chacha20-poly1305@openssh.com", "aes256-gcm@openssh.com", "aes128-gcm@openssh.com", "aes256-ctr", "aes192-ctr",
        "aes128-ctr",
    ]
    package static let macs = [
        "hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256", "hmac-sha2-512",
    ]

    /// What of these lists this process's libssh2 speaks; the rest is never offered.
    package static let offered: AlgorithmOffer = {
        // A handle of its own, without a connection: the library tells its methods for a session only.
        guard let handle = SessionHandle(Socket(adopting: -1)) else { return AlgorithmOffer() }
        var offer = AlgorithmOffer()
        offer.keyExchanges = handle.supported(LIBSSH2_METHOD_KEX, of: keyExchanges)
        offer.hostKeys = handle.supported(LIBSSH2_METHOD_HOSTKEY, of: hostKeys)
        offer.ciphers = handle.supported(LIBSSH2_METHOD_CRYPT_CS, of: ciphers)
        offer.macs = handle.supported(LIBSSH2_METHOD_MAC_CS, of: macs)
        return offer
    }()

    /// The host key algorithms in order of preference when `known` key types (as `known_hosts` spells them) are on file:
    /// asking for another type first would present a trusted host with a key we have never seen.
    static func hostKeys(preferring known: Set<String>) -> [String] {
        let isKnown = { (algorithm: String) in known.contains(algorithm.hasPrefix("rsa-sha2-") ? "ssh-rsa" : algorithm)
        }
        return hostKeys.filter(isKnown) + hostKeys.filter { !isKnown($0) }
    }
}

/// What the two sides agreed on.
package struct NegotiatedAlgorithms: Hashable, Sendable {
    package var keyExchange: String
    package var hostKey: String
    package var cipher: String
    /// `INTEGRATED-AES-GCM` or the like when the cipher authenticates by itself.
    package var mac: String
}
