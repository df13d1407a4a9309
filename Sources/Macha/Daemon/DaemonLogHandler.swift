// SPDX-License-Identifier: MIT
package import Foundation
package import Logging
import MachaModel

/// How the daemon's log is written to standard error.
package enum DaemonLogFormat: String, Sendable, CaseIterable {
    case text, json
}

/// swift-log's way to standard error and to `orchestrator.log`.
///
/// Where standard error is the journal, each line begins with its priority (sd-daemon(3)) and leaves the time to it.
package struct DaemonLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var logLevel: Logger.Level
    private let format: DaemonLogFormat
    private let isJournal: Bool
    private let file: OrchestratorLog
    private let now: @Sendable () -> Date
    private let sink: @Sendable (String) -> Void

    /// `sink` takes finished lines, each with its line break. `environment` says whether they go to the journal.
    package init(
        level: Logger.Level, format: DaemonLogFormat, environment: [String: String], file: OrchestratorLog,
        now: @escaping @Sendable () -> Date, sink: @escaping @Sendable (String) -> Void
    ) {
        logLevel = level
        self.format = format
        isJournal = Self.isJournal(environment)
        self.file = file
        self.now = now
        self.sink = sink
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let time = now()
        let text = event.message.description.printable(limit: 2_000)
        sink(line(event.level, text, metadata.merging(event.metadata ?? [:]) { $1 }, time))
        // What is wrong with the file is said where it can be said.
        if let failure = file.add((Self.word(event.level).map { "\($0): " } ?? "") + text, at: time) {
            sink(line(.warning, failure.printable(limit: 400), [:], time))
        }
    }

    private func line(_ level: Logger.Level, _ text: String, _ metadata: Logger.Metadata, _ time: Date) -> String {
        let priority = isJournal ? "<\(Self.priority(level))>" : ""
        switch format {
        case .text:
            guard !isJournal else { return "\(priority)\(text)\n" }
            return "\(time.formatted(.iso8601)) \(level.rawValue) \(text)\n"
        case .json:
            var document: [String: String] = metadata.mapValues { "\($0)".printable(limit: 400) }
            document["time"] = time.formatted(.iso8601)
            document["level"] = level.rawValue
            document["message"] = text
            let bytes = (try? DocumentJSON.encoder(isPretty: false).encode(document)) ?? Data()
            return priority + String(decoding: bytes, as: UTF8.self) + "\n"
        }
    }

    /// The word for people; what is merely news needs none.
    private static func word(_ level: Logger.Level) -> String? {
        switch level {
        case .trace, .debug, .info, .notice: nil
        case .warning, .error, .critical: level.rawValue
        }
    }

    /// As syslog counts (sd-daemon(3)).
    private static func priority(_ level: Logger.Level) -> Int {
        switch level {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }

    /// Whether standard error is the socket that `JOURNAL_STREAM` names by device and inode (systemd.exec(5)).
    private static func isJournal(_ environment: [String: String]) -> Bool {
        var status = stat()
        guard let stream = environment["JOURNAL_STREAM"], fstat(STDERR_FILENO, &status) == 0 else { return false }
        return stream == "\(status.st_dev):\(status.st_ino)"
    }
}
