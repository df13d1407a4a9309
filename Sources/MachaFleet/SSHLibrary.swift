// SPDX-License-Identifier: MIT
import SSH

/// The SSH library this process runs with, for those who do not speak SSH themselves.
package enum SSHLibrary {
    /// libssh2's version: `1.11.1`.
    package static let version = LibSSH2.version
    /// The algorithms we offer, best first, as far as this library speaks them.
    package static let offered: [(kind: String, names: [String])] = [
        ("key exchange", Algorithms.offered.keyExchanges), ("host key", Algorithms.offered.hostKeys),
        ("cipher", Algorithms.offered.ciphers), ("mac", Algorithms.offered.macs),
    ]
    /// Whether it can connect to an sshd with NixOS's default algorithms (libssh2 1.11).
    package static let reachesDefaultNixOS = LibSSH2.speaksEncryptThenMAC
}
