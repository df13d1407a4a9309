// SPDX-License-Identifier: MIT

/// What a later look is compared with, to tell whether an action happened.
package struct ActionBaseline: Hashable, Codable, Sendable {
    /// `/proc/sys/kernel/random/boot_id`; `nil` when it was not asked.
    package var boot: String?
    /// Of the unit acted upon.
    package var invocation: String?
    package var active: String?
    /// Store path of the running system, where that may change.
    package var system: String?

    package init(boot: String? = nil, invocation: String? = nil, active: String? = nil, system: String? = nil) {
        self.boot = boot
        self.invocation = invocation
        self.active = active
        self.system = system
    }
}
