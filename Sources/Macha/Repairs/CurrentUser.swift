// SPDX-License-Identifier: MIT
import Foundation

/// Who gives an order at this machine.
package enum CurrentUser {
    /// The login name, behind `sudo` the one who called it; never empty.
    ///
    /// `SUDO_USER` counts only for root, where sudo sets it: anybody may set a variable.
    package static func name(
        environment: [String: String] = ProcessInfo.processInfo.environment, isRoot: Bool = geteuid() == 0,
        user: String = NSUserName()
    ) -> String {
        if isRoot, let caller = environment["SUDO_USER"], !caller.isEmpty { return caller }
        return user.isEmpty ? "uid \(getuid())" : user
    }
}
