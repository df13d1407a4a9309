// SPDX-License-Identifier: MIT
import MachaInventory
import SSH

/// Which files are searched for a host's key, and which one `hosts trust` writes to: two decisions, not one.
///
/// The files of the whole system are read and never written. They are their administrator's; on NixOS they are made from
/// the system's configuration.
struct KnownHostsFiles: Hashable, Sendable {
    /// In the order of reading.
    private(set) var read: [String]
    /// The user's own file that takes new keys; `nil` when there is none.
    private(set) var target: String?

    /// What an inventory names. Its default stands for ssh's, which has a second file beside each: that one may revoke a key.
    init(_ endpoint: SSHEndpoint) {
        let files = endpoint.knownHosts
        read = endpoint.unset.contains(.knownHosts) ? files.flatMap { [$0, $0 + "2"] } : files
        target = files.first(where: Self.isOurs)
    }

    /// What ssh's configuration names, without /dev/null and none. Where nothing of the user's is left, it is the usual file: a
    /// person who keeps ssh from recording keys by itself may still put one on file by hand.
    init(user: [String], system: [String], home: String) {
        let usual = home + "/.ssh/known_hosts"
        let own = user.filter { Self.isOurs($0) && !system.contains($0) }
        read = user + (own.isEmpty ? [usual] : []) + system
        target = own.first ?? usual
    }

    private static func isOurs(_ file: String) -> Bool {
        file != "/dev/null" && file != "none" && !KnownHosts.isSystemWide(file)
    }
}
