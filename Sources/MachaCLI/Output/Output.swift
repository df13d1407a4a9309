// SPDX-License-Identifier: MIT
import Macha
import MachaViews
import MachaModel

/// The one way a command speaks: a JSON document for programs or a page for people.
///
/// Commands hand over values. Only what this file renders is written to standard output, so neither escape sequences of
/// a host nor a second JSON document can slip in.
struct Output: Sendable {
    enum Format: Sendable { case text, json }

    let format: Format
    private let terminal: Terminal
    private let errorTerminal: Terminal
    private let standardOutput: Sink
    private let standardError: Sink

    /// What takes the finished bytes; tests collect them.
    typealias Sink = @Sendable (String) throws(OutputError) -> Void

    init(
        format: Format, terminal: Terminal = .standardOutput, errorTerminal: Terminal = .standardError,
        standardOutput: @escaping Sink = DescriptorSink.standardOutput,
        standardError: @escaping Sink = DescriptorSink.standardError
    ) {
        self.format = format
        self.terminal = terminal
        self.errorTerminal = errorTerminal
        self.standardOutput = standardOutput
        self.standardError = standardError
    }

    /// Shows `value` as one JSON document, or the page that `compose` makes of it.
    func show<Value: Encodable>(
        _ value: Value, compose: (Value) throws(OutputError) -> Page
    ) throws(OutputError) {
        switch format {
        case .json: try standardOutput(JSONText.document(value))
        case .text: try show(try compose(value))
        }
    }

    /// Shows a page to people. Says nothing in JSON, where the document is all there is.
    func show(_ page: Page) throws(OutputError) {
        guard format == .text else { return }
        try standardOutput(page.rendered(for: terminal))
    }

    /// Shows one line, however long: for what is read line by line.
    func show(line cells: [Cell]) throws(OutputError) {
        let words = cells.filter { !$0.text.isEmpty }.map { $0.rendered(color: terminal.usesColor) }
        try standardOutput(words.joined(separator: " ") + "\n")
    }

    /// Shows a document that a renderer elsewhere has made, text or JSON. Clean text goes out byte for byte; what could
    /// steer a terminal is replaced here once more.
    func show(document: String) throws(OutputError) {
        try standardOutput(format == .json ? JSONText.inert(document) : Self.harmless(document))
    }

    /// Writes such a document to a file instead, whole or not at all. One that is there keeps its mode; a new one is
    /// readable by its owner alone, for a report holds lines of journals.
    func write(document: String, to path: String) throws(OutputError) {
        let text = format == .json ? JSONText.inert(document) : Self.harmless(document)
        try DescriptorSink.replace(path, with: text)
    }

    /// The same on standard error.
    func note(document: String) throws(OutputError) { try standardError(Self.harmless(document)) }

    private static func harmless(_ document: String) -> String {
        document.split(separator: "\n", omittingEmptySubsequences: false)
            .map { String($0).printable(limit: 10_000_000) }.joined(separator: "\n")
    }

    /// Says something on standard error, in both formats: warnings, and what went wrong.
    func note(_ cells: Cell...) throws(OutputError) {
        try note(Page([.text(cells, indent: 0)]))
    }

    /// Writes a finished line of a log to standard error; one that cannot be written is lost.
    func log(_ line: String) { try? standardError(line) }

    /// The same of a whole page.
    func note(_ page: Page) throws(OutputError) { try standardError(page.rendered(for: errorTerminal)) }

    /// Says what a person should know though the work goes on. One that cannot be shown is no reason to stop it.
    func warn(_ warning: EnvironmentWarning) {
        for line in WarningPage.lines(warning) { try? note(Page([.text(line, indent: 0)])) }
    }

    /// A person looks at standard error, where a line can be erased.
    var isLive: Bool { errorTerminal.canErase }

    /// A progress line on standard error.
    func progress(_ verb: String) -> Progress { Progress(verb, terminal: errorTerminal, sink: standardError) }
}
