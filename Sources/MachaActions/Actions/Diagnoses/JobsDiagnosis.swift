// SPDX-License-Identifier: MIT
import MachaModel

extension Diagnosis.Kind {
    /// systemd's jobs that wait or run.
    static let jobs = Self(
        "jobs",
        .host(Command("systemctl", ["list-jobs", "--no-pager", "--full"], outputLimit: 64 << 10)))
}
