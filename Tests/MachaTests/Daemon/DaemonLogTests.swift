// SPDX-License-Identifier: MIT
import Foundation
import Logging
import MachaTestSupport
import Synchronization
import Testing

@testable import Macha

/// The daemon's log on standard error and in `orchestrator.log`.
struct DaemonLogTests {
    private let scratch: Scratch
    private let noon = Date(timeIntervalSince1970: 1_800_000_000)

    init() throws { scratch = try Scratch() }

    private final class Lines: Sendable {
        let all = Mutex<[String]>([])
    }

    private func logger(
        _ lines: Lines, _ format: DaemonLogFormat, environment: [String: String] = [:], level: Logger.Level = .info,
        folder: String? = nil
    ) -> Logger {
        let noon = noon
        let handler = DaemonLogHandler(
            level: level, format: format, environment: environment,
            file: OrchestratorLog(folder: folder ?? scratch.url.path), now: { noon }
        ) { line in lines.all.withLock { $0.append(line) } }
        return Logger(label: "test", factory: { _ in handler })
    }

    @Test func `a line has its time and level, and the file has it for people`() throws {
        let lines = Lines()
        let logger = logger(lines, .text)
        logger.notice("nas is ok")
        logger.debug("nobody asked for this")
        logger.error("disk\u{1b}[2J full\nREADY=1")
        let all = lines.all.withLock { $0 }
        #expect(all.count == 2)
        #expect(all.first == "2027-01-15T08:00:00Z notice nas is ok\n")
        #expect(all.last?.split(separator: "\n").count == 1, "one line, whatever a host says")
        #expect(all.last?.contains("\u{1b}") == false)
        let file = try scratch.read("orchestrator.log")
        #expect(file.hasPrefix("[2027-01-15T08:00:00Z] nas is ok\n[2027-01-15T08:00:00Z] error: disk"))
    }

    @Test func `a document a line holds the message, the level and what it is about`() throws {
        let lines = Lines()
        logger(lines, .json).warning("it is \"hot\"", metadata: ["host": "nas"])
        let line = try #require(lines.all.withLock { $0.first })
        let document = try #require(
            try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String])
        #expect(
            document == [
                "host": "nas", "level": "warning", "message": "it is \"hot\"", "time": "2027-01-15T08:00:00Z",
            ])
    }

    @Test(arguments: [
        (Logger.Level.debug, "<7>"), (.info, "<6>"), (.notice, "<5>"), (.warning, "<4>"), (.error, "<3>"),
        (.critical, "<2>"),
    ])
    func `in the journal a line begins with its priority and leaves the time out`(level: Logger.Level, prefix: String) {
        var status = stat()
        fstat(STDERR_FILENO, &status)
        let lines = Lines()
        let logger = logger(
            lines, .text, environment: ["JOURNAL_STREAM": "\(status.st_dev):\(status.st_ino)"], level: .debug)
        logger.log(level: level, "hello")
        #expect(lines.all.withLock { $0 } == ["\(prefix)hello\n"])
    }

    @Test func `another stream than standard error is not the journal`() {
        let lines = Lines()
        logger(lines, .text, environment: ["JOURNAL_STREAM": "1:1"]).info("hello")
        #expect(lines.all.withLock { $0 } == ["2027-01-15T08:00:00Z info hello\n"])
    }

    @Test func `a file that cannot be written is reported once, and the log goes on`() {
        let lines = Lines()
        let logger = logger(lines, .text, folder: scratch.path("gone"))
        for _ in 0..<3 { logger.info("hello") }
        let all = lines.all.withLock { $0 }
        #expect(all.count { $0.contains("hello") } == 3)
        #expect(all.count { $0.contains("orchestrator.log") } == 1)
    }

    @Test func `a reader begins with the last lines and follows what comes, across a file put aside`() throws {
        let log = OrchestratorLog(folder: scratch.url.path)
        for number in 0..<5 { #expect(log.add("line \(number)", at: noon) == nil) }
        var reader = OrchestratorLog.Reader(folder: scratch.url.path, last: 2)
        #expect(reader.lines().map { $0.suffix(6) } == ["line 3", "line 4"])
        #expect(reader.lines().isEmpty)
        _ = log.add("line 5", at: noon)
        try FileManager.default.moveItem(
            atPath: scratch.path("orchestrator.log"), toPath: scratch.path("orchestrator.log.1"))
        _ = log.add("line 6", at: noon)
        #expect(reader.lines().map { $0.suffix(6) } == ["line 5", "line 6"])
        var late = OrchestratorLog.Reader(folder: scratch.url.path, last: 3)
        #expect(late.lines().map { $0.suffix(6) } == ["line 4", "line 5", "line 6"])
    }
}
