// SPDX-License-Identifier: MIT
import MachaModel

extension Diagnosis.Kind {
    /// What runs, as whom, and how much it takes.
    static let processes = Self(
        "processes",
        .host(Command("ps", ["-e", "-o", "pid,user,pcpu,rss,etime,comm"], outputLimit: 256 << 10)))
}
