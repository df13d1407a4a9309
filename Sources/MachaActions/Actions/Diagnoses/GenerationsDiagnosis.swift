// SPDX-License-Identifier: MIT
import MachaModel

extension Diagnosis.Kind {
    /// The system's generations.
    static let generations = Self(
        "generations",
        .host(
            Command(
                "find", ["/nix/var/nix/profiles", "-maxdepth", "1", "-name", "system-*-link", "-printf", "%f %l\\n"],
                outputLimit: 64 << 10)))
}
