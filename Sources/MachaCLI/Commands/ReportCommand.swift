// SPDX-License-Identifier: MIT
import ArgumentParser
import Foundation
import Macha
import MachaModel
import MachaViews

extension ReportKind: ExpressibleByArgument {}

/// What became of the fleet in a day or a week.
struct ReportCommand: FleetCommand {
    /// How it is written.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, markdown, html, json
    }

    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Report what happened to the fleet in a day or a week, and what waits.",
        discussion: """
            Asks no host and no model. macha serve sends these reports at the times below notifications.reports in the \
            configuration.
            """)

    @OptionGroup var options: GlobalOptions

    @Argument(help: "daily or weekly.")
    var kind: ReportKind

    @Option(help: "Begin at this time instead of a day or a week ago: 2h, 3d, 08:00, 2026-11-20, '2026-11-20 08:00'.")
    var since: String?

    @Option(help: "text, markdown, html (as in a mail) or json; text unless given.")
    var format: Format?

    @Flag(help: "Send it to the receivers of reports instead of printing it.")
    var send = false

    func validate() throws {
        if options.json, let format, format != .json {
            throw ValidationError("--json and --format \(format.rawValue) cannot be combined")
        }
        if send, let format, format != .json {
            throw ValidationError("--send and --format cannot be combined: each receiver gets what it can show")
        }
    }

    func execute() async throws {
        let now = Date()
        let begin = try since.map { try TimeArgument.begin($0, now: now) }
        let controller = options.controller
        let report = try controller.periodReport(kind, since: begin)
        let isJSON = options.json || format == .json
        let out = Output(format: isJSON ? .json : .text)
        if send {
            let deliveries = try await controller.send(report)
            try out.show(deliveries) { NotifyPage.deliveries($0, isKept: true) }
            if deliveries.contains(where: { !$0.isSent }) { throw ExitCode(1) }
        } else {
            let zone = try controller.reportZone()
            try out.show(document: Self.document(report, isJSON ? .json : format ?? .text, zone))
        }
    }

    private static func document(
        _ report: PeriodReport, _ format: Format, _ zone: TimeZone
    ) throws(OutputError) -> String {
        switch format {
        case .text: PeriodPage.text(report, zone: zone)
        case .markdown: PeriodPage.markdown(report, zone: zone)
        case .html: PeriodPage.html(report, zone: zone)
        case .json: try JSONText.document(report)
        }
    }
}
