// SPDX-License-Identifier: MIT
import MachaModel

extension Diagnosis.Kind {
    /// When each timer ran and runs next.
    static let timers = Self(
        "timers",
        .host(Command("systemctl", ["list-timers", "--all", "--no-pager", "--full"], outputLimit: 64 << 10)))
}
