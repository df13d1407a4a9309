// SPDX-License-Identifier: MIT
package import MachaFindings
package import MachaModel
package import struct Foundation.Date

/// How the hosts were when a report was made.
package struct ReportMark: Hashable, Codable, Sendable {
    package struct Host: Hashable, Codable, Sendable {
        package var state: HostState.Level
        /// `nil` is unknown, here and below.
        package var generation: Int?
        package var revision: UntrustedText?
        package var kernel: UntrustedText?

        package init(state: HostState.Level, generation: Int?, revision: UntrustedText?, kernel: UntrustedText?) {
            self.state = state
            self.generation = generation
            self.revision = revision
            self.kernel = kernel
        }
    }

    package var takenAt: Date
    /// By name: the inventory of that time.
    package var hosts: [String: Host]

    package init(takenAt: Date, hosts: [String: Host]) {
        self.takenAt = takenAt
        self.hosts = hosts
    }
}

/// A report that was made.
package struct StoredReport: Hashable, Sendable {
    package var kind: ReportKind
    /// The time of its schedule.
    package var dueAt: Date
    /// What it told of ends here, and the next one begins.
    package var madeAt: Date
    package var mark: ReportMark

    package init(kind: ReportKind, dueAt: Date, madeAt: Date, mark: ReportMark) {
        self.kind = kind
        self.dueAt = dueAt
        self.madeAt = madeAt
        self.mark = mark
    }
}
