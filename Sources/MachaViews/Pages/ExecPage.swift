// SPDX-License-Identifier: MIT
package import Macha
import MachaModel

/// What a command wrote on one host.
package enum ExecPage {
    /// What a command printed on one host, and how it ended.
    package static func page(_ result: HostExecution) -> Page {
        var page = Page()
        page.text(Cell(result.host, .heading), outcome(result))
        if let said = lines(result.shellOutput).first(where: { !$0.allSatisfy(\.isWhitespace) }) {
            page.text(Cell("the login shell prints before the command: \(said)", .dim, limit: 200), indent: 2)
        }
        page.lines(lines(result.standardOutput).map { Cell($0, limit: 100_000) })
        // Marked in words: off a terminal, in a log or without colour, the two would look the same.
        page.lines(lines(result.standardError).map { Cell("stderr: \($0)", .dim, limit: 100_000) })
        if let failure = result.failure {
            page.text(Cell(failure.message), indent: 2)
            RemedyLines.add(failure.advice, failure.commands, to: &page, indent: 2, role: .dim)
        }
        return page
    }

    private static func outcome(_ result: HostExecution) -> Cell {
        if let failure = result.failure { return Cell("failed at \(failure.stage)", .critical) }
        if result.isCut { return Cell("stopped: it exceeded the output limit", .warning) }
        if let signal = result.signal { return Cell("killed by signal \(signal)", .critical) }
        guard let status = result.status else { return Cell("ended without a status", .unknown) }
        return status == 0 ? Cell("ok", .ok) : Cell("status \(status)", .critical)
    }

    private static func lines(_ text: UntrustedText) -> [String] {
        var lines = text.raw.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }
}
