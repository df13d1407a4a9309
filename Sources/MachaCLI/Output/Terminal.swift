// SPDX-License-Identifier: MIT
import Foundation

/// What stands behind one output stream, as far as rendering has to know.
struct Terminal: Hashable, Sendable {
    /// A person is looking at it now.
    let isInteractive: Bool
    /// Columns that text is wrapped at; `nil` when nothing is wrapped: a pipe or a file gets one line a row, so that
    /// `grep` and `awk` find whole rows.
    let width: Int?
    /// Colour may be added. Never the only carrier of a meaning.
    let usesColor: Bool
    /// The cursor can be moved and the line erased.
    let canErase: Bool

    /// Decides from what the system says; reads nothing itself.
    ///
    /// `COLUMNS` overrides the window, also for a pipe. `NO_COLOR` with any value but the empty one, and `TERM=dumb`,
    /// switch colour off (no-color.org).
    init(isInteractive: Bool, windowColumns: Int?, environment: [String: String]) {
        let isDumb = environment["TERM"] == "dumb"
        let wish = environment["COLUMNS"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
        let window = windowColumns.flatMap { $0 > 0 ? $0 : nil }
        self.isInteractive = isInteractive
        width = (wish ?? (isInteractive ? window ?? 80 : nil)).map { max(20, $0) }
        usesColor = isInteractive && !isDumb && environment["NO_COLOR", default: ""].isEmpty
        canErase = isInteractive && !isDumb
    }
}

extension Terminal {
    static var standardOutput: Terminal { Terminal(descriptor: STDOUT_FILENO) }
    static var standardError: Terminal { Terminal(descriptor: STDERR_FILENO) }

    /// A plain file: nothing is wrapped or coloured.
    static let file = Terminal(isInteractive: false, windowColumns: nil, environment: [:])

    /// Asks the system about `descriptor`.
    init(descriptor: CInt, environment: [String: String] = ProcessInfo.processInfo.environment) {
        var size = winsize()
        let hasSize = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0
        self.init(
            isInteractive: isatty(descriptor) == 1, windowColumns: hasSize ? Int(size.ws_col) : nil,
            environment: environment)
    }
}
