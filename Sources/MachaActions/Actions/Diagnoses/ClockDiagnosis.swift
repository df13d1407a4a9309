// SPDX-License-Identifier: MIT
import MachaModel

extension Diagnosis.Kind {
    /// What systemd says of the clock.
    static let clock = Self(
        "clock",
        .host(Command("timedatectl", ["show"], outputLimit: 4 << 10)))
}
