// SPDX-License-Identifier: MIT
import SSH

/// The SSH library this process runs with, for those who do not speak SSH themselves.
package enum SSHLibrary {
    /// libssh2's version: `1.11.1`.
    package static let version = LibSSH2.version
    /// Whether it can connect to an sshd with NixOS's default algorithms (libssh2 1.11).
    package static let reachesDefaultNixOS = LibSSH2.speaksEncryptThenMAC
}
