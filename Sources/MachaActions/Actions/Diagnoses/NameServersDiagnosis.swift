// SPDX-License-Identifier: MIT
import MachaModel

extension Diagnosis.Kind {
    /// Who is asked for names.
    static let nameServers = Self(
        "name-servers",
        .host(Command("cat", ["/etc/resolv.conf"], outputLimit: 16 << 10)))
}
