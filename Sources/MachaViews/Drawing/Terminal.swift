// SPDX-License-Identifier: MIT

/// The terminal or pipe behind an output stream, as far as rendering has to know.
package struct Terminal: Hashable, Sendable {
    /// A person is looking at it now.
    package let isInteractive: Bool
    /// Columns that text is wrapped at; `nil` when nothing is wrapped: a pipe or a file gets one line a row, so that
    /// `grep` and `awk` find whole rows.
    package let width: Int?
    /// Colour may be added. Never the only carrier of a meaning.
    package let usesColor: Bool
    /// The cursor can be moved and the line erased.
    package let canErase: Bool

    /// Decides from what the system says; reads nothing itself.
    ///
    /// `COLUMNS` overrides the window, also for a pipe. `NO_COLOR` with any value but the empty one, and `TERM=dumb`,
    /// switch colour off (no-color.org).
    package init(isInteractive: Bool, windowColumns: Int?, environment: [String: String]) {
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
    /// A plain file: nothing is wrapped or coloured.
    package static let file = Terminal(isInteractive: false, windowColumns: nil, environment: [:])
}
