// SPDX-License-Identifier: MIT
import CLibSSH2

/// The algorithms we offer, best first. Those that this libssh2 does not know are left out, so one list serves every version.
///
/// Nothing here needs SHA-1, CBC, DSA or RC4, and nothing lets a server set the reactor's thread a sum that takes long:
/// diffie-hellman-group-exchange with the server's own group of 16,384 bits (libssh2 takes those) and group18 would.
package enum Algorithms {
    package static let keyExchanges = [
        "mlkem768x25519-sha256", "curve25519-sha256", "curve25519-sha256@libssh.org", "ecdh-sha2-nistp256",
        "ecdh-sha2-nistp384", "ecdh-sha2-nistp521", "diffie-hellman-group16-sha512", "diffie-hellman-group14-sha256",
    ]
    package static let hostKeys = [
        "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "rsa-sha2-512",
        "rsa-sha2-256",
    ]
    /// Ciphers that authenticate by themselves, wherever libssh2 has them (1.11). With the others the length of a packet is
    /// used before it is authenticated, and libssh2 *aborts the process* when it is no multiple of the block (the assertion in
    /// transport.c, `decrypt`): one flipped bit on the way would do. Up to 1.11.1 it also takes the padding of an
    /// encrypt-then-MAC packet without comparing it with the length, and then reads far behind the packet.
    /// And with `chacha20-poly1305` a packet whose tag is wrong makes 1.11 go round for ever (crypt.c answers 1, which
    /// transport.c takes for a message), within one call and thus with all sessions. Every OpenSSH since 6.2 offers `aes*-gcm`,
    /// a default NixOS sshd too. 1.11.1 loses 96 bytes with every connection that uses it (seen with LeakSanitizer).
    package static let ciphers =
        LibSSH2.hasAuthenticatedCiphers
        ? ["aes256-gcm@openssh.com", "aes128-gcm@openssh.com"]
        : ["aes256-ctr", "aes192-ctr", "aes128-ctr"]
    /// For the ciphers of libssh2 1.10; the others need none.
    package static let macs = ["hmac-sha2-256", "hmac-sha2-512"]

    /// Whether a cipher authenticates by itself, so that no MAC is negotiated.
    static func needsNoMAC(_ cipher: String) -> Bool { cipher.contains("-gcm@") || cipher.contains("poly1305") }

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
