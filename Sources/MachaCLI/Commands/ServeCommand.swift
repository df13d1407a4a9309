// SPDX-License-Identifier: MIT
public import ArgumentParser
import Foundation
public import Logging
import Macha
import MachaViews

/// The daemon.
struct ServeCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Look after the fleet day and night, as a service.",
        discussion: """
            Checks each host on its check-interval, repairs what its level allows, asks for the rest and has models \
            look, until it is ended. SIGHUP reads inventory, playbooks and configuration again. All other commands work \
            beside it. It speaks to systemd as a service of Type=notify-reload.
            """)

    @OptionGroup var options: GlobalOptions
    @OptionGroup var library: PlaybookOptions

    @Option(help: "Hosts asked at once; counts more than daemon.width of the configuration.")
    var width: Int?

    @Flag(help: "Only check: repair nothing, and request no approval.")
    var noAct = false

    @Flag(help: "Ask no model; detectors and playbooks do their work all the same.")
    var noModel = false

    @Option(help: "The least that is logged.")
    var logLevel = Logger.Level.info

    @Option(help: "How the log is written; json is one document a line.")
    var logFormat = DaemonLogFormat.text

    func validate() throws {
        guard (1...10_000).contains(width ?? 1) else { throw ValidationError("--width must be from 1 to 10000") }
        guard !options.json else {
            throw ValidationError("serve has no document to print; for its log in JSON: --log-format json")
        }
    }

    func execute() async throws {
        let environment = ProcessInfo.processInfo.environment
        let output = options.output
        let handler = DaemonLogHandler(
            level: logLevel, format: logFormat, environment: environment,
            file: OrchestratorLog(folder: StateDirectory.path(named: options.stateDir)), now: { Date() }
        ) { line in output.log(line) }
        let logger = Logger(label: "macha", factory: { _ in handler })
        let controller = options.controller(playbooks: library.playbooks, keepsConnections: true) { warning in
            for words in WarningPage.sentences(warning) { logger.warning("\(words)") }
        }
        let daemon = try Daemon(
            controller, DaemonRequest(width: width, acts: !noAct, asksModels: !noModel), logger: logger,
            manager: ServiceManager(environment: environment), sentence: { DaemonPage.sentence($0) })
        try await ServeRun(daemon, logger).run()
    }
}

extension DaemonLogFormat: ExpressibleByArgument {}

/// swift-log's own words: trace, debug, info, notice, warning, error, critical.
extension Logger.Level: @retroactive ExpressibleByArgument {}
