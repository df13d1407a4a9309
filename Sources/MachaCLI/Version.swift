// SPDX-License-Identifier: MIT
import MachaFleet

/// What `macha --version` says: the versions a bug report needs.
enum Version {
    static let number = "0.1.0"
    static let text = "macha \(number) (libssh2 \(SSHLibrary.version))"
}
