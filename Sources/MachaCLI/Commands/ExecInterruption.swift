// SPDX-License-Identifier: MIT
import MachaViews
import Dispatch
import Glibc
import Macha

/// What `exec` says when it is ended by Ctrl-C or a signal: what was heard, and on which hosts the command may go on.
final class ExecInterruption {
    private let signals: CaughtSignals

    init(_ running: RunningCommands, _ output: Output) {
        signals = CaughtSignals([SIGINT, SIGTERM], on: DispatchQueue(label: "macha.exec")) { number in
            Self.say(running, output)
            // As if nobody had caught it, so that a shell sees what ended us.
            CaughtSignals.letAct([number])
            kill(getpid(), number)
        }
    }

    /// The work is done: signals end the program as usual.
    func ignore() { signals.restore() }

    private static func say(_ running: RunningCommands, _ output: Output) {
        let (finished, unfinished) = running.interrupted()
        // Nothing can be done about a reader that has gone.
        if output.format == .json {
            try? output.show(finished + unfinished) { _ in Page() }
        } else {
            for execution in unfinished { try? output.show(ExecPage.page(execution)) }
        }
        let names = unfinished.prefix(20).map(\.host).joined(separator: ", ")
        let more = unfinished.count > 20 ? " and \(unfinished.count - 20) more" : ""
        guard !unfinished.isEmpty else { return }
        try? output.note(Cell("interrupted: the command may still be running on \(names)\(more)", .warning))
    }
}
