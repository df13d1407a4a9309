// SPDX-License-Identifier: MIT
import MachaModel

extension Diagnosis.Kind {
    /// Where the memory is.
    static let memory = Self(
        "memory",
        .host(Command("cat", ["/proc/meminfo"], outputLimit: 16 << 10)))
}

extension Diagnosis {
    package static let memory = Diagnosis(kind: .memory, unit: nil)
}
