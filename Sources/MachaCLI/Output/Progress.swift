// SPDX-License-Identifier: MIT
import MachaViews
import MachaFleet
import MachaModel
import Synchronization

/// One line on standard error about work that takes more than a second, erased when the work ends.
///
/// It writes nothing unless a person looks at a terminal that can erase a line. Time comes from the caller.
final class Progress: Sendable {
    private struct State {
        var line: ProgressLine
        var shown = ""
        var toldAt: ContinuousClock.Instant?
    }

    private let terminal: Terminal
    private let sink: Output.Sink
    private let state: Mutex<State>

    /// `verb` says what is done: `collecting`.
    init(
        _ verb: String, terminal: Terminal, startedAt: ContinuousClock.Instant = .now, sink: @escaping Output.Sink
    ) {
        self.terminal = terminal
        self.sink = sink
        state = Mutex(State(line: ProgressLine(verb: verb, startedAt: startedAt)))
    }

    /// Tells how far the work is. `waiting` names what is still under way, the longest first.
    func update(done: Int, of total: Int, waiting: [String], now: ContinuousClock.Instant = .now) {
        state.withLock { state in
            state.line.done = done
            state.line.total = total
            state.line.waiting = waiting
            redraw(&state, at: now)
        }
    }

    /// Tells how far work on many hosts is.
    func update(_ progress: FleetProgress) {
        update(done: progress.done, of: progress.total, waiting: progress.waiting)
    }

    /// Says what the work has come to, for work without an end in sight. Tells at most five times a second.
    func tell(_ words: String, now: ContinuousClock.Instant = .now) {
        state.withLock { state in
            guard now - (state.toldAt ?? .now - .seconds(1)) >= .milliseconds(200) else { return }
            state.toldAt = now
            state.line.verb = words
            redraw(&state, at: now)
        }
    }

    /// Shows the last known state when its time has come, for work from which nothing is heard.
    func tick(now: ContinuousClock.Instant = .now) {
        state.withLock { redraw(&$0, at: now) }
    }

    /// Other work begins now; nothing is said of it within its first second.
    func restart(_ verb: String, now: ContinuousClock.Instant = .now) {
        erase()
        state.withLock { $0.line = ProgressLine(verb: verb, startedAt: now) }
    }

    /// Takes the line away. A later update shows it again.
    func erase() {
        state.withLock { state in
            if !state.shown.isEmpty { put("\r\u{1b}[K") }
            state.shown = ""
        }
    }

    /// Runs `body`, keeps the line alive meanwhile, and erases it at the end, however `body` ends. `words` is asked each time
    /// what the line says; `nil` leaves it as it was last told.
    func during<T: Sendable>(
        saying words: @escaping @Sendable () -> String? = { nil },
        _ body: @escaping @Sendable (Progress) async throws -> T
    ) async throws -> T {
        defer { erase() }
        return try await withThrowingTaskGroup(of: T?.self) { group in
            group.addTask { try await body(self) }
            group.addTask {
                while !Task.isCancelled {
                    if let now = words() { self.tell(now) } else { self.tick() }
                    try? await Task.sleep(for: .milliseconds(250))
                }
                return nil
            }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw CancellationError()
        }
    }

    private func redraw(_ state: inout State, at now: ContinuousClock.Instant) {
        guard terminal.canErase, let text = state.line.text(at: now, width: (terminal.width ?? 80) - 1),
            text != state.shown
        else { return }
        state.shown = text
        put("\r\(text)\u{1b}[K")
    }

    /// A line that cannot be shown is no reason to stop the work.
    private func put(_ text: String) { try? sink(text) }
}

/// What the progress line says, as a value.
struct ProgressLine: Hashable, Sendable {
    var verb: String
    var startedAt: ContinuousClock.Instant
    var done = 0
    /// 0 while nothing is known.
    var total = 0
    var waiting: [String] = []

    /// The line in at most `width` columns, or `nil` within the first second: `collecting 37/50 · 3 waiting: nas, web1, …`.
    func text(at now: ContinuousClock.Instant, width: Int) -> String? {
        guard now - startedAt >= .seconds(1) else { return nil }
        var line = total > 0 ? "\(verb) \(done)/\(total)" : verb
        if !waiting.isEmpty { line += " · \(waiting.count) waiting" }
        guard line.displayWidth <= width else { return line.cut(to: width) }
        for (index, name) in waiting.enumerated() {
            let longer = line + (index == 0 ? ": " : ", ") + name.printable(limit: 60)
            let isLast = index == waiting.count - 1
            guard longer.displayWidth + (isLast ? 0 : 3) <= width else {
                return index == 0 ? line : line + ", …"
            }
            line = longer
        }
        return line
    }
}

extension String {
    /// The first characters that fit into `width` columns.
    fileprivate func cut(to width: Int) -> String {
        var used = 0
        return String(
            prefix { character in
                used += character.displayWidth
                return used <= width
            })
    }
}
