// SPDX-License-Identifier: MIT
package import MachaModel
package import struct Foundation.Date

/// What `macha serve` says of itself, for the commands that run beside it.
package struct DaemonRecord: Hashable, Codable, Sendable {
    /// What failed and was survived.
    package struct Fault: Hashable, Codable, Sendable {
        /// One sentence, safe to print.
        package var message: String
        package var count: Int
        package var since: Date
        package var last: Date
        /// What failed; `nil` where an earlier version wrote it.
        package var subject: String?

        package init(subject: String, message: String, count: Int, since: Date, last: Date) {
            self.subject = subject
            self.message = message
            self.count = count
            self.since = since
            self.last = last
        }
    }

    /// Something that is wrong with Macha itself.
    package struct Health: Hashable, Codable, Sendable {
        package var severity: Severity
        /// A word for programs.
        package var kind: String
        /// One sentence, safe to print.
        package var message: String
        /// What a person can do; empty when nothing is known.
        package var remedy: String

        package init(_ severity: Severity, _ kind: String, _ message: String, remedy: String) {
            self.severity = severity
            self.kind = kind
            self.message = message
            self.remedy = remedy
        }
    }

    /// The process, as ``WorkerProcess`` names it.
    package var process: String
    package var startedAt: Date
    /// When it last wrote this.
    package var beatAt: Date
    /// When it ended on purpose; `nil` while it runs, and after it was killed.
    package var endedAt: Date?
    /// When inventory, playbooks and configuration were last read.
    package var readAt: Date
    /// What is wrong in the files as they were then: those from before are in use. Each with file and line.
    package var mistakes: [String]
    /// What fails now.
    package var faults: [Fault]
    /// What is wrong with Macha itself, the worst first, where it is no row of the fleet; `nil` while it has not been looked at.
    package var health: [Health]?
    /// When the newest backup without faults was made; `nil` when none is known.
    package var lastBackup: Date?
    package var figures: Figures?

    /// What is known of it beside its problems; `nil` is unknown.
    package struct Figures: Hashable, Codable, Sendable {
        package var databaseBytes: UInt64?
        /// Of the disk that holds the state directory.
        package var freeBytes: UInt64?
        package var totalBytes: UInt64?
        /// When the analysis that waits longest was asked for.
        package var oldestWaiting: Date?

        package init(databaseBytes: UInt64?, freeBytes: UInt64?, totalBytes: UInt64?, oldestWaiting: Date?) {
            self.databaseBytes = databaseBytes
            self.freeBytes = freeBytes
            self.totalBytes = totalBytes
            self.oldestWaiting = oldestWaiting
        }
    }

    package init(
        process: String, startedAt: Date, beatAt: Date, endedAt: Date?, readAt: Date, mistakes: [String],
        faults: [Fault], health: [Health]?, lastBackup: Date?, figures: Figures?
    ) {
        self.process = process
        self.startedAt = startedAt
        self.beatAt = beatAt
        self.endedAt = endedAt
        self.readAt = readAt
        self.mistakes = mistakes
        self.faults = faults
        self.health = health
        self.lastBackup = lastBackup
        self.figures = figures
    }

    /// Whether it was killed: it has not said that it ended, and its process is gone.
    package var isLost: Bool { endedAt == nil && WorkerProcess.isGone(process) }

    /// The number of its process.
    package var pid: Int32? { process.split(separator: " ").dropFirst().first.flatMap { Int32($0) } }
}
