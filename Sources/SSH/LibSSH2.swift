// SPDX-License-Identifier: MIT
import CLibSSH2

/// The libssh2 that this process runs with, which may be newer than the one it was compiled with.
package enum LibSSH2 {
    /// `1.10.0`, `1.11.1`, …
    package static let version = libssh2_version(0).map { String(cString: $0) } ?? "unknown"

    /// Whether encrypt-then-MAC algorithms are there (1.11.0). A default NixOS sshd offers no other MACs since 2023
    /// (nixpkgs #231165), so an older libssh2 cannot connect to it.
    package static let speaksEncryptThenMAC = libssh2_version(0x01_0b_00) != nil

    /// Whether there are ciphers that authenticate by themselves (1.11.0). Without them a packet's length is trusted before it
    /// is authenticated, and 1.10 ends the process over a wrong one: such a libssh2 is for trusted networks only.
    package static let hasAuthenticatedCiphers = libssh2_version(0x01_0b_00) != nil

    /// Runs `libssh2_init` once. It is not thread-safe, so the reactor calls it before its thread starts.
    static let isInitialized: Bool = libssh2_init(0) == 0
}
