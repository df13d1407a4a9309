// SPDX-License-Identifier: MIT
package import MachaAnalyst
package import MachaInventory

/// One model as `models` and `models test` show it.
package struct ModelReport: Encodable, Sendable {
    struct Speed: Encodable, Sendable {
        var firstPieceSeconds: Double?
        var totalSeconds: Double
        var promptTokens: Int?
        var answerTokens: Int?
        var promptTokensPerSecond: Double?
        var answerTokensPerSecond: Double?
        /// What an analysis would take at most: reading its prompt, and writing its answer.
        var analysisReadingSeconds: Double?
        var analysisWritingSeconds: Double?
    }

    struct Routing: Encodable, Sendable {
        var asked: Int
        var routed: Int
        var native: Int?
    }

    /// Why it does not work, and what helps.
    package struct Failure: Encodable, Sendable {
        var code: String
        var message: String
        var remedy: String
    }

    var endpoint: String
    var kind: ModelEndpoint.Kind
    var url: String
    var model: String
    var concurrency: Int
    var server: String?
    /// Tokens, and where the number comes from.
    var context: Int?
    var contextSource: ModelDescription.ContextSource?
    var trainedContext: Int?
    /// An unknown capability is missing.
    var capabilities: [String: Bool]?
    var parameters: String?
    var quantization: String?
    var speed: Speed?
    /// How many of the test's questions went to the right tool.
    var routing: Routing?
    /// Seconds until an answer must have begun, and the whole of one.
    var firstByteTimeout: Int
    var timeout: Int
    /// `nil` while nothing is wrong.
    package var failure: Failure?

    /// What a check of the endpoint found.
    package init(_ check: ModelCheck, _ endpoint: ModelEndpoint) {
        self.init(check.name.model, endpoint)
        if let description = check.description {
            server = description.server
            context = description.context
            contextSource = description.contextSource
            trainedContext = description.trainedContext
            let pairs = description.capabilities.map { ($0.key.rawValue, $0.value) }
            capabilities = Dictionary(pairs) { first, _ in first }
            parameters = description.parameters.isEmpty ? nil : description.parameters
            quantization = description.quantization.isEmpty ? nil : description.quantization
        }
        speed = check.speed.map { speed in
            Speed(
                firstPieceSeconds: speed.firstPiece.map { $0 / .seconds(1) },
                totalSeconds: speed.total / .seconds(1),
                promptTokens: speed.promptTokens, answerTokens: speed.answerTokens,
                promptTokensPerSecond: speed.promptTokensPerSecond,
                answerTokensPerSecond: speed.answerTokensPerSecond,
                analysisReadingSeconds: speed.reading.map { $0 / .seconds(1) },
                analysisWritingSeconds: speed.writing.map { $0 / .seconds(1) })
        }
        routing = check.routing.map { Routing(asked: $0.asked, routed: $0.routed, native: $0.native) }
        failure = check.failure.map { Failure($0) }
    }

    /// An endpoint that could not be asked at all.
    package init(_ error: ModelError, _ endpoint: ModelEndpoint) {
        self.init(error.model.model, endpoint)
        failure = Failure(error)
    }

    private init(_ model: String, _ endpoint: ModelEndpoint) {
        self.endpoint = endpoint.name
        self.model = model
        kind = endpoint.kind
        url = endpoint.url
        concurrency = endpoint.concurrency
        firstByteTimeout = endpoint.firstByteTimeout
        timeout = endpoint.timeout
    }
}

extension ModelReport.Failure {
    fileprivate init(_ error: ModelError) {
        self.init(code: error.code.word, message: error.message, remedy: error.remedy)
    }
}

/// The models, and whether they work.
package enum ModelsPage {
    /// One table of all, and below it what is wrong.
    package static func list(_ reports: [ModelReport]) -> Page {
        let hasSpeed = reports.contains { $0.speed != nil }
        var columns: [Table.Column] = [
            .init("model", minimum: 12, yields: 1), .init("server", yields: 2), .init("context", .right),
            .init("can", minimum: 6, yields: 1),
        ]
        if hasSpeed { columns += [.init("first", .right), .init("tokens/s", .right)] }
        columns.append(.init("state"))
        var table = Table(columns)
        for report in reports {
            var row = [
                Cell("\(report.endpoint)/\(report.model)"), Cell(report.server ?? report.url, .dim),
                context(report), Cell(capabilities(report)),
            ]
            if hasSpeed { row += speed(report.speed) }
            row.append(report.failure.map { Cell($0.code, .critical) } ?? Cell("ok", .ok))
            table.append(row)
        }
        var page = Page()
        page.table(table, orSay: "no models")
        let tested = reports.filter { $0.routing != nil }
        if !tested.isEmpty { page.gap() }
        for report in tested {
            page.text(Cell("\(report.endpoint)/\(report.model)", .heading), Cell(account(report)))
        }
        for report in reports {
            guard let failure = report.failure else { continue }
            page.gap()
            page.text(Cell(failure.message))
            if !failure.remedy.isEmpty { page.text(Cell("→ \(failure.remedy)"), indent: 2) }
        }
        return page
    }

    /// What an analysis would take against the endpoint's limits, and what `ask` can expect.
    private static func account(_ report: ModelReport) -> String {
        var parts: [String] = []
        if let speed = report.speed, let read = speed.analysisReadingSeconds,
            let write = speed.analysisWritingSeconds
        {
            parts.append(
                "an analysis takes up to \(HumanFormat.duration(seconds: read + write)): \(HumanFormat.duration(seconds: read)) to read, at most \(HumanFormat.duration(seconds: write)) to write"
            )
            if read > Double(report.firstByteTimeout) {
                parts.append(
                    "reading alone is longer than first-byte-timeout (\(report.firstByteTimeout) s): raise it"
                )
            }
        } else {
            parts.append("how long an analysis takes is unknown: the server does not report what it read")
        }
        if let routing = report.routing {
            let native = routing.native.map { "native \($0)/\(routing.asked)" } ?? "native: no tools"
            parts.append("tools: routed \(routing.routed)/\(routing.asked) · \(native)")
        }
        return parts.joined(separator: "; ")
    }

    /// A tilde marks an unconfirmed context.
    private static func context(_ report: ModelReport) -> Cell {
        guard let context = report.context else { return Cell("?", .unknown) }
        return Cell(report.contextSource == .allocated ? "\(context)" : "~\(context)")
    }

    private static func capabilities(_ report: ModelReport) -> String {
        guard let known = report.capabilities, report.context != nil else { return "" }
        let able = ModelCapability.allCases.map(\.rawValue).filter { known[$0] == true }
        return able.isEmpty ? "not reported" : able.joined(separator: ", ")
    }

    private static func speed(_ speed: ModelReport.Speed?) -> [Cell] {
        guard let speed else { return [Cell(""), Cell("")] }
        let first = speed.firstPieceSeconds ?? speed.totalSeconds
        return [
            Cell(HumanFormat.duration(seconds: first)),
            Cell(speed.answerTokensPerSecond.map { HumanFormat.decimal($0) } ?? ""),
        ]
    }
}
