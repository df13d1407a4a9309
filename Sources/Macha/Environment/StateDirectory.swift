// SPDX-License-Identifier: MIT
import Foundation

/// Where Macha keeps what it knows.
package enum StateDirectory {
    /// The folder to use: `named` if given; `STATE_DIRECTORY`, which systemd sets for a service; `/var/lib/macha-autonomous`
    /// for root; otherwise the user's own, by the XDG base directory specification.
    package static func path(
        named: String?, environment: [String: String] = ProcessInfo.processInfo.environment,
        isRoot: Bool = geteuid() == 0
    ) -> String {
        if let named { return named }
        if let service = environment["STATE_DIRECTORY"], !service.isEmpty { return service }
        if isRoot { return "/var/lib/macha-autonomous" }
        let home = environment["HOME"] ?? NSHomeDirectory()
        let state = environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "\(home)/.local/state"
        return "\(state)/macha"
    }

    /// The database inside `folder`.
    package static func database(in folder: String) -> String { "\(folder)/macha.db" }
}
