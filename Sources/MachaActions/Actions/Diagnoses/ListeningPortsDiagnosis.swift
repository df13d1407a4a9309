// SPDX-License-Identifier: MIT
import MachaModel

extension Diagnosis.Kind {
    /// The ports that something listens on.
    static let listeningPorts = Self(
        "listening-ports",
        .host(Command("ss", ["-H", "-t", "-u", "-l", "-n"], outputLimit: 64 << 10)))
}
