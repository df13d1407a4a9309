// SPDX-License-Identifier: MIT
import MachaViews
import ArgumentParser
import Foundation
import Macha

/// How a report is written.
enum ReportFormat: String, CaseIterable, ExpressibleByArgument {
    case table, json, markdown, html

    /// Whether the end of a file's name says what is in it; no ending, `.txt` and devices hold the table.
    static func isKnown(_ file: String) -> Bool {
        let name = file.split(separator: "/").last ?? ""
        return ReportFormat(file: file) != nil || !name.dropFirst().contains(".") || name.hasSuffix(".txt")
    }

    /// By the end of a file's name.
    init?(file: String) {
        switch file.split(separator: ".").last {
        case "html", "htm": self = .html
        case "md", "markdown": self = .markdown
        case "json": self = .json
        default: return nil
        }
    }
}

/// The fleet as it was last seen.
struct StatusCommand: FleetCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Report the last known state of the fleet, without asking any host.",
        discussion: """
            With one host, shows its page with all readings. With --since, shows what changed.
            """)

    @OptionGroup var options: GlobalOptions

    @Argument(help: "Hosts, by selector; all by default.")
    var selector: [String] = []

    @Option(help: "table, json, markdown or html (one page without scripts).")
    var format: ReportFormat?

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help:
            "Write the report to this file. Its extension (.html, .md, .json) sets the format unless --format is given."
    )
    var file: String?

    @Option(help: "Show what changed since this time: 2h, 3d, 08:00, 2026-11-20, '2026-11-20 08:00'.")
    var since: String?

    @Flag(help: "Exit with 0 (ok), 1 (warning), 2 (critical) or 3 (unknown), as monitoring systems expect.")
    var exitCode = false

    func validate() throws {
        if options.json, let format, format != .json {
            throw ValidationError("--json and --format \(format.rawValue) cannot be combined")
        }
        if let file, format == nil, !options.json, !ReportFormat.isKnown(file) {
            throw ValidationError(
                "cannot tell the format of \(file): name it .html, .md, .json or .txt, or choose one with --format")
        }
    }

    private var chosen: ReportFormat {
        format ?? (options.json ? .json : file.flatMap { ReportFormat(file: $0) } ?? .table)
    }

    func execute() async throws {
        let now = Date()
        let begin = try since.map { try TimeArgument.begin($0, now: now) }
        let controller = options.controller
        let scope = try controller.scope(selector)
        let exitStatus: Int32
        if let begin {
            exitStatus = try show(controller.changes(of: scope, since: begin))
        } else if scope.isItselfAlone {
            exitStatus = try show(controller.detailOfItself())
        } else if let host = scope.single, !selector.isEmpty, selector != ["all"] {
            exitStatus = try show(controller.detail(of: host))
        } else {
            exitStatus = try show(controller.status(scope, withTrends: chosen == .html))
        }
        if chosen == .table, file == nil {
            let page = RepairPage.waiting(try controller.waiting())
            if !page.blocks.isEmpty { try output.show(page) }
            let daemon = DaemonPage.page(try controller.daemon(), isRow: scope.isWithItself, now: now)
            if !daemon.blocks.isEmpty { try output.show(daemon) }
        }
        if exitCode { throw ExitCode(exitStatus) }
    }

    private func show(_ report: FleetReport) throws -> Int32 {
        try deliver(report, FleetPage.page, FleetMarkdown.page) { FleetHTML.page($0) }
        return report.exitCode
    }

    private func show(_ detail: StatusQuery.Detail) throws -> Int32 {
        let report = detail.fleet
        let document = HostDocument(
            generatedAt: report.generatedAt, summary: report.summary, host: detail.host, repairs: report.repairs,
            approvals: report.approvals, snapshot: detail.snapshot)
        try deliver(document, HostPage.page, FleetMarkdown.page) { HostHTML.page($0) }
        return report.exitCode
    }

    private func show(_ changes: ChangeReport) throws -> Int32 {
        try deliver(changes, ChangesPage.page, ChangesPage.markdown, ChangesPage.html)
        return changes.summary.exitCode
    }

    /// Hands `value` to the renderer in the chosen format, for standard output or the file.
    private func deliver<Value: Encodable>(
        _ value: Value, _ page: (Value) -> Page, _ markdown: (Value) -> String, _ html: (Value) -> String
    ) throws {
        let out = Output(format: chosen == .json ? .json : .text)
        let document: String? =
            switch chosen {
            case .table: file == nil ? nil : page(value).rendered(for: .file)
            case .json: file == nil ? nil : try JSONText.document(value)
            case .markdown: markdown(value)
            case .html: html(value)
            }
        guard let document else { return try out.show(value, compose: page) }
        guard let file else { return try out.show(document: document) }
        do throws(OutputError) {
            try out.write(document: document, to: file)
        } catch {
            throw Failure(.unavailable, error.description)
        }
    }
}
