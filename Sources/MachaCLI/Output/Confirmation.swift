// SPDX-License-Identifier: MIT
import Foundation
import MachaViews

/// A question to the person at the terminal, before something is done that cannot be taken back by itself.
enum Confirmation {
    /// Whether somebody is there to be asked.
    static var isPossible: Bool { isatty(STDIN_FILENO) == 1 }

    /// Asks on standard error and waits for a line. Only `y` and `yes` agree.
    static func ask(_ question: String, _ output: Output) throws(OutputError) -> Bool {
        try output.note(Cell("\(question) [y/N]"))
        return ["y", "yes"].contains((readLine() ?? "").lowercased())
    }
}
