// SPDX-License-Identifier: MIT
import Foundation

/// Where Macha keeps what it knows.
package enum StateDirectory {
    /// The system's folder: root's, and of the account that the service works as.
    package static let ofSystem = "/var/lib/macha-autonomous"

    /// The folder to use: `named` if given; `STATE_DIRECTORY`, which systemd sets for a service; ``ofSystem`` for whom it
    /// belongs to, so that `sudo -u macha macha status` shows what the service knows; otherwise the user's own, by the XDG
    /// base directory specification.
    package static func path(
        named: String?, environment: [String: String] = ProcessInfo.processInfo.environment,
        ownsSystemFolder: Bool = Self.ownsSystemFolder
    ) -> String {
        if let named { return named }
        if let service = environment["STATE_DIRECTORY"], !service.isEmpty { return service }
        if ownsSystemFolder { return ofSystem }
        let home = environment["HOME"] ?? NSHomeDirectory()
        let state = environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "\(home)/.local/state"
        return "\(state)/macha"
    }

    /// Whether this process is root's, or that of the account to which the system's folder belongs.
    package static var ownsSystemFolder: Bool {
        var status = stat()
        return geteuid() == 0 || (lstat(ofSystem, &status) == 0 && status.st_uid == geteuid())
    }

    /// The database inside `folder`.
    package static func database(in folder: String) -> String { "\(folder)/macha.db" }
}
