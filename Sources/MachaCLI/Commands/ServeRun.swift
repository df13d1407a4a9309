// SPDX-License-Identifier: MIT
import Dispatch
import Glibc
import Logging
import Macha
import MachaFindings
import MachaModel
import MachaStore
import MachaViews

/// The daemon with its signals, and the words for what it does.
struct ServeRun {
    private let daemon: Daemon
    private let logger: Logger

    /// Seconds after which something that was not met again counts as over. Nothing says that a file can be written again.
    private static let lapse = 1_800.0

    init(_ daemon: Daemon, _ logger: Logger) {
        self.daemon = daemon
        self.logger = logger
    }

    /// Runs until a signal ends it. The process is gone within two seconds of the first one, and at once after a second.
    func run() async throws {
        let ending = ServeEnding(daemon)
        let signals = CaughtSignals(
            [SIGTERM, SIGINT, SIGHUP], on: DispatchQueue(label: "macha.signals", qos: .userInteractive)
        ) { [daemon] number in
            if number == SIGHUP { daemon.reload() } else { ending.begin() }
        }
        defer { withExtendedLifetime(signals) {} }
        let changes = daemon.subscribe(.changes).changes
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                var news = WatchNews()
                for await event in changes { tell(event, &news) }
            }
            try await daemon.run()
            group.cancelAll()
        }
    }

    // MARK: What happens

    private func tell(_ event: ControllerEvent, _ news: inout WatchNews) {
        switch event.kind {
        case .observed(let observation):
            settle(observation.report.host)
            for change in observation.changes.sorted(by: { $0.rank < $1.rank }) {
                logger.log(
                    level: level(of: change), "\(DaemonPage.words(change))", metadata: ["host": "\(change.host)"])
            }
        case .trouble(let trouble):
            guard let host = trouble.host else {
                return report("\(trouble)", about: "the fleet", lapse: Self.lapse, .error)
            }
            report("\(host): \(trouble)", about: "host \(host)", lapse: nil, .error)
        case .warning(let words): report(words, about: "warning \(words)", lapse: Self.lapse, .warning)
        case .remediated, .analysed:
            for line in news.take(event, at: event.time).lines {
                logger.notice("\(line.dropFirst().map(\.text).filter { !$0.isEmpty }.joined(separator: " "))")
            }
        case .time(let gap): logger.warning("\(DaemonPage.words(gap))")
        case .reloaded, .tick: break
        }
    }

    private func level(of change: Change) -> Logger.Level {
        switch change.kind {
        case .found(let finding), .worse(let finding, _):
            switch finding.severity {
            case .critical: .error
            case .warning: .warning
            case .info: .notice
            }
        case .state(let from, let to, _): to > from ? .warning : .notice
        case .repaired, .resolved, .better, .rebooted, .generation, .revision, .firstLook: .notice
        }
    }

    private func settle(_ host: String) {
        guard let fault = daemon.faults.settle("host \(host)") else { return }
        logger.notice("\(host): recorded again, after \(fault.count) failures")
    }

    /// A failure that repeats is reported once.
    private func report(_ words: String, about subject: String, lapse: Double?, _ level: Logger.Level) {
        if daemon.faults.note(words, about: subject, lapse: lapse) { logger.log(level: level, "\(words)") }
    }
}

/// How the daemon ends after a signal.
final class ServeEnding: Sendable {
    private let daemon: Daemon
    private let queue = DispatchQueue(label: "macha.ending", qos: .userInteractive, attributes: .concurrent)
    private let isBegun = OnceFlag()

    /// What has begun on hosts has so long to end by itself.
    private static let patience = DispatchTimeInterval.milliseconds(1_200)
    /// The process is gone then, whatever the disk does.
    private static let limit = DispatchTimeInterval.milliseconds(1_800)

    init(_ daemon: Daemon) { self.daemon = daemon }

    func begin() {
        guard isBegun.raise() else { _exit(0) }
        queue.asyncAfter(deadline: .now() + Self.limit) { _exit(0) }
        queue.asyncAfter(deadline: .now() + Self.patience) { [daemon] in
            daemon.leave()
            _exit(0)
        }
        queue.async { [daemon] in daemon.stop() }
    }
}
