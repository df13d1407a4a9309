// SPDX-License-Identifier: MIT
import MachaFleet

/// What `macha --version` says: the versions a bug report needs.
package enum Version {
    /// The one line of the file `VERSION` at the top of the repository, to which the one here links.
    static let number = String(decoding: PackageResources.VERSION.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    /// For `macha --version`.
    package static let text = "macha \(number) (libssh2 \(SSHLibrary.version))"
}
